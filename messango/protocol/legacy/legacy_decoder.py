"""Decodes the original client's unframed text into frames.

The client sends `joined:NAME` once, then `NAME: text` for each message, without terminators. TCP may join
messages and split them anywhere. A message ends:

- before the next `NAME: `, where `NAME` is the client's own name;
- at a line break, for people who use telnet;
- at the length limit: the rest is another message;
- after a pause, which the caller reports, except within a character or within the beginning of a `NAME: `.

The name ends before its first `NAME: `, or else like a message. Between two pauses, how the bytes are split
between calls does not change the frames. Another name is part of the text: `Bob: hi` from Ann is a message of
Ann's. Bytes that are not UTF-8 become U+FFFD.

A text that begins like a private message (`/msg Ann hello`) is not said to all: nothing private is sent over
a connection that others can read.

A text that contains the client's own `NAME: ` is split there, because the original format is ambiguous.
"""

from __future__ import annotations

import codecs
import itertools
import re
from collections.abc import Iterator
from typing import Final

from messango.protocol import error_codes
from messango.protocol.frames import ClientFrame, Join, Problem, Say
from messango.protocol.limits import MAX_TEXT_CHARACTERS, PROTOCOL_VERSION
from messango.protocol.text.control_sequences import normalize_line_ends
from messango.protocol.text.validation import clean_text

JOIN_PREFIX: Final = "joined:"

#: More than a valid name has, so that a name that is too long is refused for its length.
_MAX_NAME_CHARACTERS: Final = 256

#: Lines of spaces and controls only.
_BLANK_LINES: Final = re.compile(r"\n(?:(?:[^\S\n]|[\x00-\x08\x0e-\x1f\x7f-\x9f])*\n)+")


#: How people begin a private message, in our terminal or in other chat programs.
_PRIVATE: Final = re.compile(r"\s*/(?:msg|tell|whisper|w|pm|dm|query)\s", re.IGNORECASE)
_NOT_SENT: Final = Problem(
    error_codes.NOT_ENCRYPTED,
    "This was not sent: private messages need an encrypted connection.",
    "Join with the new Messango to send them.",
)


class LegacyDecoder:
    """Decodes the text of one client; the ids of its messages are `1`, `2`, ..."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._ids = itertools.count(1)
        #: `NAME: ` when the name is known, else empty.
        self._prefix = ""
        #: The text that has not ended yet, with newlines as line ends. Each text is cleaned only when it has
        #: ended, because a terminal sequence may arrive in pieces.
        self._buffer = ""
        #: Whether the name ended at a line break: then a person uses telnet and reads line by line. Also true
        #: until the name is known.
        self.uses_lines = True

    @property
    def has_incomplete_message(self) -> bool:
        """Whether a pause would end a message or the name now."""
        within_character = bool(self._decoder.getstate()[0])
        return not within_character and not (self._prefix or JOIN_PREFIX).startswith(self._buffer)

    def decode(self, data: bytes) -> list[ClientFrame | Problem]:
        """Return the frames that `data` completes, in order."""
        self._append(self._decoder.decode(data))
        return self._take_frames(flush=False)

    def on_pause(self) -> list[ClientFrame | Problem]:
        """Return the frames that a pause completes."""
        return self._take_frames(flush=True) if self.has_incomplete_message else []

    def on_eof(self) -> list[ClientFrame | Problem]:
        """Return the frames that the end of the stream completes."""
        self._append(self._decoder.decode(b"", final=True))
        return self._take_frames(flush=True)

    def _append(self, text: str) -> None:
        # Remove blank lines with one search: a flood of them must not cost time for each line.
        self._buffer = _BLANK_LINES.sub("\n", self._buffer + normalize_line_ends(text))

    def _take_frames(self, *, flush: bool) -> list[ClientFrame | Problem]:
        frames: list[ClientFrame | Problem] = []
        if not self._prefix:
            name = self._take_name(flush=flush)
            if name is None:
                return []
            self._prefix = f"{name}: "
            frames.append(Join(PROTOCOL_VERSION, clean_text(name)))
        texts = map(clean_text, self._take_texts(flush=flush))
        frames.extend(self._frame(text) for text in texts if text.strip())
        return frames

    def _frame(self, text: str) -> Say | Problem:
        return _NOT_SENT if _PRIVATE.match(text) else Say(str(next(self._ids)), text)

    def _take_name(self, *, flush: bool) -> str | None:
        """Remove the name from the front of the buffer and return it; None if it has not ended."""
        if JOIN_PREFIX.startswith(self._buffer) and not flush:
            return None
        buffer = self._buffer.removeprefix(JOIN_PREFIX)
        line, newline, _ = buffer[:_MAX_NAME_CHARACTERS].partition("\n")
        end = _name_end(line)
        if end is None:
            if not (newline or flush or len(buffer) >= _MAX_NAME_CHARACTERS):
                return None
            end = len(line)
        self.uses_lines = buffer.startswith("\n", end)
        self._buffer = buffer[end:].removeprefix("\n")
        return line[:end]

    def _take_texts(self, *, flush: bool) -> Iterator[str]:
        """Remove the texts that have ended from the front of the buffer, and yield them."""
        buffer, prefix, position = self._buffer, self._prefix, 0
        while position < len(buffer):
            if not flush and prefix.startswith(buffer[position : position + len(prefix) + 1]):
                break  # It may be the beginning of `NAME: ` instead of a text.
            start = position + len(prefix) if buffer.startswith(prefix, position) else position
            end = self._text_end(start, flush=flush)
            if end is None:
                break
            yield buffer[start:end]
            position = end + buffer.startswith("\n", end)
        self._buffer = buffer[position:]

    def _text_end(self, start: int, *, flush: bool) -> int | None:
        """Return the end of the text that begins at `start`; None if it has not ended."""
        buffer, prefix = self._buffer, self._prefix
        limit = start + MAX_TEXT_CHARACTERS
        line_end = buffer.find("\n", start, limit + 1)
        # A name contains no line break, so the search can stop at one.
        next_begins = buffer.find(prefix, start, limit + len(prefix) if line_end < 0 else line_end)
        if next_begins >= 0:
            return next_begins
        if line_end >= 0:
            return line_end
        if flush or len(buffer) >= limit + len(prefix):
            return min(limit, len(buffer))
        return None


def _name_end(line: str) -> int | None:
    """Return the end of a name that is followed by its own `NAME: `; None without one."""
    ends = range(1, len(line) // 2)
    return next((end for end in ends if line.startswith(f"{line[:end]}: ", end)), None)
