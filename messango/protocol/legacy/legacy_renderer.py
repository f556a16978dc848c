"""Renders frames as lines of text for the original client.

The client reads up to 256 bytes at a time, decodes each read separately, and fails if one ends within a
character. A server cannot prevent that completely, since TCP does not preserve boundaries. The renderer
therefore splits the text into blocks of whole characters, each of 256 bytes except the last, and each block
gets its own `send`. A client that has read everything before then reads block by block, even if it is late.

The client ends each read with a line break of its own, so a block has line breaks only between its lines.
What begins with `joined:` it splits at each colon, and shows the second part followed by " has joined".
So that line is a block of its own, and its end comes after a second colon; among other lines, a join is a
notice like all others. A person who uses telnet gets lines, each with its end.

No text can look like another member's line: further lines, and the continuation in the next block, are
indented, and names stand between quotation marks as in every plain text (`plain_names`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import singledispatchmethod
from typing import Final

from messango.protocol.codec import server_frame_decoder
from messango.protocol.frames import (
    Closed,
    Deleted,
    Edited,
    Joined,
    Left,
    Message,
    Problem,
    Reacted,
    Refused,
    Renamed,
    ServerFrame,
    Welcome,
)
from messango.protocol.leave_reasons import leave_text
from messango.protocol.legacy.legacy_decoder import JOIN_PREFIX
from messango.protocol.look_alike_texts import look_alike_notice, look_alike_notices
from messango.protocol.text.escaping import safe_line, safe_text
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import ellipsized, join_names

#: The original client reads this much at once.
READ_BYTES: Final = 256

_INDENT: Final = "    "

#: With less space than this in a block, a line begins in the next one, so that a name stays with its text.
_MIN_LINE_BYTES: Final = 48

_LONG_WORD_CHARACTERS: Final = 24

_PLAINTEXT_WARNING: Final = "This connection is not encrypted: others on the network can read it."

_MAX_NAMES_SHOWN: Final = 20

#: So many of the latest messages can be named when something becomes of them.
_MAX_REMEMBERED: Final = 100
_MAX_EXCERPT: Final = 40


class LegacyRenderer:
    """Renders the frames for one client; it does not receive its own messages."""

    def __init__(self) -> None:
        self._member = self._you = ""
        self._latest = 0
        #: By number: whose message it is, and how it begins.
        self._messages: OrderedDict[int, tuple[str, str]] = OrderedDict()

    def render(self, frames: bytes) -> list[bytes]:
        """Return the blocks for these frames, as encoded for other clients; each needs its own `send`."""
        lines = self._rendered(frames)
        if len(lines) == 1 and lines[0].startswith(JOIN_PREFIX):
            return [f"{lines[0]}:\n".encode()]
        return split_blocks(map(_as_notice, lines))

    def render_lines(self, frames: bytes) -> list[bytes]:
        """Return these frames as lines for a person who uses telnet."""
        lines = self._rendered(frames)
        return ["".join(f"{line}\n" for line in lines).encode()] if lines else []

    def _rendered(self, frames: bytes) -> list[str]:
        return [line for frame in server_frame_decoder().decode(frames) for line in self._lines(frame)]

    @singledispatchmethod
    def _lines(self, _frame: ServerFrame) -> Sequence[str]:
        """Render nothing: the original client shows neither typing notices nor pings."""
        return ()

    @_lines.register
    def _(self, frame: Welcome) -> Sequence[str]:
        # Without times, older messages would look new, so they are skipped.
        self._member, self._you, self._latest = frame.member, frame.you, frame.latest
        hosts = {person.name for person in frame.people if person.host}
        others = [
            _shown_name(name) + (" (host)" if name in hosts else "")
            for name in frame.members
            if name != frame.you
        ]
        company = f"with {join_names(others, _MAX_NAMES_SHOWN)}" if others else "nobody else is here yet"
        return [
            f"* You are in {quoted_name(frame.room.name)} as {_shown_name(frame.you)}, {company}.",
            f"* {_PLAINTEXT_WARNING}",
            *(f"* {warning}" for warning in look_alike_notices(frame.people, frame.you)),
        ]

    @_lines.register
    def _(self, frame: Message) -> Sequence[str]:
        if frame.seq <= self._latest or frame.deleted:
            return ()
        self._remember(frame)
        if frame.member == self._member:
            return ()
        name = _shown_name(frame.name)
        if frame.reply is not None and frame.reply.name:
            name = f"{name}, answering {_shown_name(frame.reply.name)}"
        return _said(name, frame.text)

    @_lines.register
    def _(self, frame: Edited) -> Sequence[str]:
        if not frame.text:  # It was deleted later.
            return ()
        if frame.target in self._messages:
            self._messages[frame.target] = frame.name, _beginning(frame.text)
        return _said(f"* {_shown_name(frame.name)} edited", frame.text)

    @_lines.register
    def _(self, frame: Deleted) -> Sequence[str]:
        author, _ = self._messages.pop(frame.target, (frame.name, ""))
        whose = f" by {_shown_name(author)}" if author != frame.name else ""
        return [f"* {_shown_name(frame.name)} deleted a message{whose}"]

    @_lines.register
    def _(self, frame: Reacted) -> Sequence[str]:
        if not frame.on:
            return ()
        author, text = self._messages.get(frame.target, ("", ""))
        what = f" to {_shown_name(author)}: “{safe_line(text)}”" if author else ""
        return [f"* {_shown_name(frame.name)} reacted with {safe_line(frame.emoji)}{what}"]

    @_lines.register
    def _(self, frame: Joined) -> Sequence[str]:
        name = _shown_name(frame.name)
        # The client would show only what is before a colon in the name.
        joined = _as_notice(f"{JOIN_PREFIX}{name}") if ":" in name else f"{JOIN_PREFIX}{name}"
        return [
            joined,
            *([f"* {name} is the host."] if frame.host else []),
            *self._look_alike_lines(frame),
        ]

    @_lines.register
    def _(self, frame: Left) -> Sequence[str]:
        why = safe_line(leave_text(frame.reason, frame.note)).rstrip(".")
        return [f"* {_shown_name(frame.name)} left" + (f" ({why})" if why not in ("", "left") else "")]

    @_lines.register
    def _(self, frame: Renamed) -> Sequence[str]:
        if frame.member == self._member:
            self._you = frame.name
        elif frame.name == frame.old:
            return []  # They are at another server of a linked room now.
        renamed = f"* {_shown_name(frame.old)} is now called {_shown_name(frame.name)}"
        return [renamed, *self._look_alike_lines(frame)]

    @_lines.register(Refused)
    @_lines.register(Closed)
    @_lines.register(Problem)
    def _(self, frame: Refused | Closed | Problem) -> Sequence[str]:
        return [f"* {safe_line(frame.reason)} {safe_line(frame.hint)}".rstrip()]

    def _remember(self, message: Message) -> None:
        self._messages[message.seq] = message.name, _beginning(message.text)
        if len(self._messages) > _MAX_REMEMBERED:
            self._messages.popitem(last=False)

    def _look_alike_lines(self, frame: Joined | Renamed) -> list[str]:
        if not frame.resembles:
            return []
        return [f"* {look_alike_notice(frame.name, frame.resembles, self._you)}"]


def _shown_name(name: str) -> str:
    """Return a name as in other plain texts; a member called `joined` would begin a line of a join."""
    return quoted_name(name) if f"{name}:".casefold() == JOIN_PREFIX else plain_name(name)


def _beginning(text: str) -> str:
    return ellipsized(" ".join(text[: 2 * _MAX_EXCERPT].split()), _MAX_EXCERPT)


def _said(name: str, text: str) -> list[str]:
    first, *rest = safe_text(text).rstrip().split("\n")
    return [f"{name}: {first}", *(_INDENT + line for line in rest)]


def _as_notice(line: str) -> str:
    return f"* {line.removeprefix(JOIN_PREFIX)} has joined" if line.startswith(JOIN_PREFIX) else line


def split_blocks(lines: Iterable[str]) -> list[bytes]:
    """Split lines into blocks of 256 bytes, the last one shorter; a line that goes on is indented."""
    full: list[bytes] = []
    block = b""
    line_break = ""
    for line in lines:
        rest = line_break + line
        if not _should_begin_line(rest, READ_BYTES - len(block)):
            full.append(block.ljust(READ_BYTES))
            block, rest = b"", line
        while len(rest) > len(fits := _longest_fitting(rest, READ_BYTES - len(block))):
            full.append((block + fits.encode()).ljust(READ_BYTES))
            block, rest = _INDENT.encode(), rest[len(fits) :]
        block += rest.encode()
        line_break = "\n"
    return [*full, block] if block else full


def _should_begin_line(line: str, space: int) -> bool:
    return space >= _MIN_LINE_BYTES or len(line.encode()) <= space


def _longest_fitting(text: str, available: int) -> str:
    """Return the longest beginning of `text` that fits, up to a space if there is one near the end."""
    fitting = text[:available].encode()[:available].decode(errors="ignore")
    head, space, word = fitting.rpartition(" ")
    at_space = len(fitting) < len(text) and len(word) < _LONG_WORD_CHARACTERS and head.strip()
    return head + space if at_space else fitting
