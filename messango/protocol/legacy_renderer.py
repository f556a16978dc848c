"""What the original Messango client is shown: lines of text, laid out for the way it reads.

It shows whatever one read of up to 256 bytes gives, decodes each by itself, and fails where one ends within a
character. No sender can rule that out, since TCP keeps no pieces apart. What can be done: all that is sent
together is cut into blocks of whole characters, 256 bytes each but the last, and each gets a `send` of its
own. A client that had read all that came before reads block by block then, however late it comes. Each
message ends with a line break, since two may come in one read.

Nothing in a text looks like another's line: its further lines, and what goes on in the next block, are set
in; and a colon in a name, or a name that looks like our own words, is shown as an escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import singledispatchmethod
from typing import Final

from messango.protocol.codec import server_frame_decoder
from messango.protocol.escaping import safe_line, safe_name, safe_text
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Problem,
    Refused,
    Renamed,
    ServerFrame,
    Welcome,
)

#: What the original client reads at once.
READ_BYTES: Final = 256

_INDENT: Final = "    "

#: A line is not begun where there is less room, so that a name stays with what it says.
_MIN_LINE_BYTES: Final = 48

_LONG_WORD_CHARACTERS: Final = 24

#: Our own words begin with a star, and `NAME: ` and `joined:` with what they say.
_SPOOFING: Final = re.compile(r":|^\*|^j(?=oined$)", re.IGNORECASE)

_PLAINTEXT_WARNING: Final = "This connection is not encrypted: others on the network can read along."

_MAX_NAMES_SHOWN: Final = 20


class LegacyRenderer:
    """Makes one client's blocks of the frames that its room has for it; of its own messages it gets none."""

    def __init__(self) -> None:
        self._member = ""
        self._latest = 0

    def render(self, frames: bytes) -> list[bytes]:
        """Return what to send for these frames, as they are encoded for everybody else: a `send` each."""
        return split_blocks(
            line for frame in server_frame_decoder().decode(frames) for line in self._lines(frame)
        )

    @singledispatchmethod
    def _lines(self, _frame: ServerFrame) -> Sequence[str]:
        """Who types, and whether somebody is there, is nothing that the original shows."""
        return ()

    @_lines.register
    def _(self, frame: Welcome) -> Sequence[str]:
        # What was said before it came, it would take for said now: the original tells no times.
        self._member, self._latest = frame.member, frame.latest
        others = [_escaped_name(name) for name in frame.members if name != frame.you]
        company = f"with {_join_names(others)}" if others else "nobody else is here yet"
        return [
            f"* You are in “{safe_name(frame.room.name)}” as {_escaped_name(frame.you)}, {company}.",
            f"* {_PLAINTEXT_WARNING}",
        ]

    @_lines.register
    def _(self, frame: Message) -> Sequence[str]:
        if frame.member == self._member or frame.seq <= self._latest:
            return ()
        first, *rest = safe_text(frame.text).split("\n")
        return [f"{_escaped_name(frame.name)}: {first}", *(_INDENT + line for line in rest)]

    @_lines.register
    def _(self, frame: Joined) -> Sequence[str]:
        return [f"joined:{_escaped_name(frame.name)}"]

    @_lines.register
    def _(self, frame: Left) -> Sequence[str]:
        why = safe_line(frame.reason).rstrip(".")
        return [f"* {_escaped_name(frame.name)} left" + (f" ({why})" if why not in ("", "left") else "")]

    @_lines.register
    def _(self, frame: Renamed) -> Sequence[str]:
        return [f"* {_escaped_name(frame.old)} is {_escaped_name(frame.name)} now"]

    @_lines.register(Refused)
    @_lines.register(Closed)
    @_lines.register(Problem)
    def _(self, frame: Refused | Closed | Problem) -> Sequence[str]:
        return [f"* {safe_line(frame.reason)} {safe_line(frame.hint)}".rstrip()]


def _escaped_name(name: str) -> str:
    return _SPOOFING.sub(lambda match: f"\\x{ord(match[0]):02x}", safe_name(name))


def _join_names(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMES_SHOWN
    return ", ".join(names[:_MAX_NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def split_blocks(lines: Iterable[str]) -> list[bytes]:
    """Lay lines out in blocks of 256 bytes, the last one shorter; what a block can't take goes on set in."""
    full: list[bytes] = []
    block = b""
    for line in lines:
        rest = f"{line}\n"
        if not _should_begin_line(rest, READ_BYTES - len(block)):
            full.append(block.ljust(READ_BYTES))
            block = b""
        while len(rest) > len(fits := _longest_fitting(rest, READ_BYTES - len(block))):
            full.append((block + fits.encode()).ljust(READ_BYTES))
            block, rest = _INDENT.encode(), rest[len(fits) :]
        block += rest.encode()
    return [*full, block] if block else full


def _should_begin_line(line: str, space: int) -> bool:
    return space >= _MIN_LINE_BYTES or len(line.encode()) <= space


def _longest_fitting(text: str, available: int) -> str:
    """Return the beginning of `text` that has room, up to a space where there is one near the end."""
    fitting = text[:available].encode()[:available].decode(errors="ignore")
    head, space, word = fitting.rpartition(" ")
    at_space = len(fitting) < len(text) and len(word) < _LONG_WORD_CHARACTERS and head.strip()
    return head + space if at_space else fitting
