"""What the original Messango client says: unframed text, made frames of.

It says `joined:NAME` once, and then `NAME: text` for each line that somebody types, without anything that
tells where one ends. TCP may join two of them, and cut one anywhere. So a message ends:

- where the next `NAME: ` begins, `NAME` being the name that the client has joined with;
- at a line break, for whoever types into a bare connection and is no original client;
- after as many characters as a message may have: the rest is another one;
- at a pause, since nothing else ends the last of them. Whoever reads from the socket says when there is
  one. A pause ends nothing within a character, or within a `NAME: ` that has just begun.

Between two pauses any slicing of the same bytes gives the same frames. The name ends where its own
`NAME: ` follows, or else as a message does. All that is not `NAME: ` is text, another's name in front of
it too: `Bob: hi` from Ann is what Ann says. Bytes that are no UTF-8 become U+FFFD.

A text with the client's own `NAME: ` in it comes apart there: the original wire has no way to tell.
"""

from __future__ import annotations

import codecs
import enum
import itertools
import re
from collections.abc import Iterator
from typing import Final

from messango.protocol.frames import ClientFrame, Join, Say
from messango.protocol.limits import MAX_TEXT_CHARACTERS, PROTOCOL_VERSION
from messango.protocol.validation import clean_text

_JOIN_PREFIX: Final = "joined:"

#: Far more than a name may have, so that one that is too long is refused as such.
_MAX_NAME_CHARACTERS: Final = 256


_BLANK_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n)+")


class WireFormat(enum.Enum):
    """What a peer without encryption speaks."""

    JSON = enum.auto()
    LEGACY = enum.auto()
    UNKNOWN = enum.auto()


def detect_wire_format(first_bytes: bytes) -> WireFormat | None:
    """Tell from a peer's first bytes what it speaks, or None while they may be the beginning of more."""
    if first_bytes.startswith(b"{"):
        return WireFormat.JSON
    join_prefix = _JOIN_PREFIX.encode()
    if first_bytes.startswith(join_prefix):
        return WireFormat.LEGACY
    return None if join_prefix.startswith(first_bytes) else WireFormat.UNKNOWN


class LegacyDecoder:
    """Makes frames of what one original client says; each message gets a number as its id."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ids = itertools.count(1)
        #: `NAME: `, once the name is known.
        self._prefix = ""
        #: What has not ended yet.
        self._buffer = ""

    @property
    def has_pending_message(self) -> bool:
        """Whether a pause now would end something."""
        within_character = bool(self._decoder.getstate()[0])
        return not within_character and not (self._prefix or _JOIN_PREFIX).startswith(self._buffer)

    def decode(self, data: bytes) -> list[ClientFrame]:
        """Return what `data` ends, in order."""
        self._append(self._decoder.decode(data))
        return self._take_frames(flush=False)

    def on_pause(self) -> list[ClientFrame]:
        """Return what a pause ends."""
        return self._take_frames(flush=True) if self.has_pending_message else []

    def on_eof(self) -> list[ClientFrame]:
        """Return what was still open when the peer ended the connection."""
        self._append(self._decoder.decode(b"", final=True))
        return self._take_frames(flush=True)

    def _append(self, text: str) -> None:
        # In one go: a flood of lines that say nothing must not be looked at line by line.
        self._buffer = _BLANK_LINES.sub("\n", self._buffer + clean_text(text))

    def _take_frames(self, *, flush: bool) -> list[ClientFrame]:
        frames: list[ClientFrame] = []
        if not self._prefix:
            name = self._take_name(flush=flush)
            if name is None:
                return []
            self._prefix = f"{name}: "
            frames.append(Join(PROTOCOL_VERSION, name))
        texts = self._take_texts(flush=flush)
        frames.extend(Say(str(next(self._ids)), text) for text in texts if text.strip())
        return frames

    def _take_name(self, *, flush: bool) -> str | None:
        """Take the name off the front of what was heard; None while it may go on."""
        if _JOIN_PREFIX.startswith(self._buffer) and not flush:
            return None
        buffer = self._buffer.removeprefix(_JOIN_PREFIX)
        line, newline, _ = buffer[:_MAX_NAME_CHARACTERS].partition("\n")
        end = _name_end(line)
        if end is None:
            if not (newline or flush or len(buffer) >= _MAX_NAME_CHARACTERS):
                return None
            end = len(line)
        self._buffer = buffer[end:].removeprefix("\n")
        return line[:end]

    def _take_texts(self, *, flush: bool) -> Iterator[str]:
        """Take the texts that have ended off the front of what was heard."""
        buffer, prefix, position = self._buffer, self._prefix, 0
        while position < len(buffer):
            if not flush and prefix.startswith(buffer[position : position + len(prefix) + 1]):
                break  # It may be the beginning of `NAME: `, and no text at all.
            start = position + len(prefix) if buffer.startswith(prefix, position) else position
            end = self._text_end(start, flush=flush)
            if end is None:
                break
            yield buffer[start:end]
            position = end + buffer.startswith("\n", end)
        self._buffer = buffer[position:]

    def _text_end(self, start: int, *, flush: bool) -> int | None:
        """Return where the text ends that begins at `start`, or None while it may go on."""
        buffer, prefix = self._buffer, self._prefix
        limit = start + MAX_TEXT_CHARACTERS
        line_end = buffer.find("\n", start, limit + 1)
        # A name has no line break in it, so what follows one need not be looked at.
        next_begins = buffer.find(prefix, start, limit + len(prefix) if line_end < 0 else line_end)
        if next_begins >= 0:
            return next_begins
        if line_end >= 0:
            return line_end
        if flush or len(buffer) >= limit + len(prefix):
            return min(limit, len(buffer))
        return None


def _name_end(line: str) -> int | None:
    """Return where a name ends that is followed by its own `NAME: `."""
    ends = range(1, len(line) // 2)
    return next((end for end in ends if line.startswith(f"{line[:end]}: ", end)), None)
