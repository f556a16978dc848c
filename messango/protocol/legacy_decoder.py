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

_JOINED: Final = "joined:"

#: Far more than a name may have, so that one that is too long is refused as such.
_NAME_CHARACTERS: Final = 256


_BLANK_LINES: Final = re.compile(r"\n(?:[^\S\n]*\n)+")


class Kind(enum.Enum):
    """What a peer without encryption speaks."""

    FRAMED = enum.auto()
    CLASSIC = enum.auto()
    OTHER = enum.auto()


def recognise(first: bytes) -> Kind | None:
    """Tell from a peer's first bytes what it speaks, or None while they may be the beginning of more."""
    if first.startswith(b"{"):
        return Kind.FRAMED
    joined = _JOINED.encode()
    if first.startswith(joined):
        return Kind.CLASSIC
    return None if joined.startswith(first) else Kind.OTHER


class ClassicReader:
    """Makes frames of what one original client says; each message gets a number as its id."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ids = itertools.count(1)
        #: `NAME: `, once the name is known.
        self._prefix = ""
        #: What has not ended yet.
        self._heard = ""

    @property
    def awaits_pause(self) -> bool:
        """Whether a pause now would end something."""
        within_character = bool(self._decoder.getstate()[0])
        return not within_character and not (self._prefix or _JOINED).startswith(self._heard)

    def receive(self, data: bytes) -> list[ClientFrame]:
        """Return what `data` ends, in order."""
        self._take_in(self._decoder.decode(data))
        return self._frames(all_ends=False)

    def pause(self) -> list[ClientFrame]:
        """Return what a pause ends."""
        return self._frames(all_ends=True) if self.awaits_pause else []

    def end(self) -> list[ClientFrame]:
        """Return what was still open when the peer ended the connection."""
        self._take_in(self._decoder.decode(b"", final=True))
        return self._frames(all_ends=True)

    def _take_in(self, text: str) -> None:
        # In one go: a flood of lines that say nothing must not be looked at line by line.
        self._heard = _BLANK_LINES.sub("\n", self._heard + clean_text(text))

    def _frames(self, *, all_ends: bool) -> list[ClientFrame]:
        frames: list[ClientFrame] = []
        if not self._prefix:
            name = self._name(all_ends=all_ends)
            if name is None:
                return []
            self._prefix = f"{name}: "
            frames.append(Join(PROTOCOL_VERSION, name))
        texts = self._texts(all_ends=all_ends)
        frames.extend(Say(str(next(self._ids)), text) for text in texts if text.strip())
        return frames

    def _name(self, *, all_ends: bool) -> str | None:
        """Take the name off the front of what was heard; None while it may go on."""
        if _JOINED.startswith(self._heard) and not all_ends:
            return None
        heard = self._heard.removeprefix(_JOINED)
        line, newline, _ = heard[:_NAME_CHARACTERS].partition("\n")
        end = _doubled(line)
        if end is None:
            if not (newline or all_ends or len(heard) >= _NAME_CHARACTERS):
                return None
            end = len(line)
        self._heard = heard[end:].removeprefix("\n")
        return line[:end]

    def _texts(self, *, all_ends: bool) -> Iterator[str]:
        """Take the texts that have ended off the front of what was heard."""
        heard, prefix, at = self._heard, self._prefix, 0
        while at < len(heard):
            if not all_ends and prefix.startswith(heard[at : at + len(prefix) + 1]):
                break  # It may be the beginning of `NAME: `, and no text at all.
            start = at + len(prefix) if heard.startswith(prefix, at) else at
            end = self._end(start, all_ends=all_ends)
            if end is None:
                break
            yield heard[start:end]
            at = end + heard.startswith("\n", end)
        self._heard = heard[at:]

    def _end(self, start: int, *, all_ends: bool) -> int | None:
        """Return where the text ends that begins at `start`, or None while it may go on."""
        heard, prefix = self._heard, self._prefix
        limit = start + MAX_TEXT_CHARACTERS
        line_end = heard.find("\n", start, limit + 1)
        # A name has no line break in it, so what follows one need not be looked at.
        next_begins = heard.find(prefix, start, limit + len(prefix) if line_end < 0 else line_end)
        if next_begins >= 0:
            return next_begins
        if line_end >= 0:
            return line_end
        if all_ends or len(heard) >= limit + len(prefix):
            return min(limit, len(heard))
        return None


def _doubled(line: str) -> int | None:
    """Return where a name ends that is followed by its own `NAME: `."""
    ends = range(1, len(line) // 2)
    return next((end for end in ends if line.startswith(f"{line[:end]}: ", end)), None)
