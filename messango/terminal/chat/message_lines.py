"""The rows of one message on the screen: what it answers, who wrote it, its text, its reactions. Pure."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable
from typing import Final

from wcwidth import wcswidth

from messango.client.events import MessageChange, PrivateMessageReceived, ReceivedMessage
from messango.client.files.file_list import FileStatus
from messango.client.typed.commands import action_of
from messango.protocol.text.escaping import safe_text
from messango.protocol.text.validation import HOST_MEMBER_ID
from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.layout import wrap
from messango.terminal.chat.message_text import text_rows
from messango.terminal.chat.palette import name_style
from messango.terminal.chat.terminal_abilities import TerminalAbilities
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.texts import (
    change_parts,
    file_text,
    head_text,
    quote_text,
    reactions_text,
)
from messango.terminal.local_time import date_text, local_time
from messango.terminal.short_name import short_name

#: Rows of a message are indented below its text, by a third of a narrow terminal at most.
_MAX_INDENT_FRACTION: Final = 3
#: Behind a name from right to left, where a terminal that orders text would else draw the text before it,
#: even within the quotation marks. It is not next to the text, which people copy.
_LEFT_TO_RIGHT_MARK: Final = "\u200e"
#: What stands above and below a message is indented like its time; text always has more before it.
_QUOTE_MARK: Final = "      ┌ "
_REACTIONS_MARK: Final = "      └ "
_FILE_MARK: Final = "      "
_FILE_STYLE: Final = "class:file"
#: A longer name is cut in its middle.
_MAX_NAME_COLUMNS: Final = 60


class MessageLines:
    """Renders messages in their present form. Used by one thread."""

    def __init__(
        self,
        columns: Callable[[], int],
        conversation: Conversation,
        abilities: TerminalAbilities = TerminalAbilities(),  # noqa: B008 (frozen)
    ) -> None:
        self._columns = columns
        self._conversation, self._abilities = conversation, abilities

    def lines(self, message: ReceivedMessage, *, numbered: bool = False) -> list[Line]:
        """Return the rows of a message, or none if it is hidden; `numbered` shows what commands call it."""
        if self._conversation.hides(message):
            return []
        rows = self._quote(message)
        rows += self._text(self._head(message, numbered=numbered), message)
        rows += self._file(message)
        reactions = self._conversation.ignored.shown_reactions(message.reactions)
        if reactions:
            rows += self._note("class:reactions", _REACTIONS_MARK, reactions_text(reactions))
        return rows

    def change(self, change: MessageChange) -> list[Line]:
        """Return what became of a message that has left the screen."""
        head, text = change_parts(change, self._conversation.messages.get(change.target))
        return _indented([("class:notice", f"* {head} ")], safe_text(text), self._columns()) if head else []

    def moment(self, sent_at: datetime.datetime, before: datetime.datetime | None) -> str:
        """Return the date when it changes; each message has its time."""
        return date_text(sent_at) if before is None or sent_at.date() != before.date() else ""

    def rule(self, label: str) -> Line:
        """Return a line across the screen with a label."""
        side = "─" * max(2, min(24, (self._columns() - len(label) - 3) // 2))
        return [("class:rule", f"{side} {label} {side}")]

    def _text(self, head: Line, message: ReceivedMessage) -> list[Line]:
        """Return the text behind `head`, with its markup; an action goes on in the line of the name."""
        columns = self._columns()
        depth = min(sum(wcswidth(part) for _, part in head), columns // _MAX_INDENT_FRACTION)
        has_blocks = not _is_action(message)
        text = _text_of(message)
        if message.file and not text:
            return _indented(head, self._file_text(message), columns, _FILE_STYLE)
        return text_rows(head, text, columns, depth, self._abilities, blocks=has_blocks)

    def _file(self, message: ReceivedMessage) -> list[Line]:
        """Return the file below the line about it."""
        if not message.file or message.deleted or not _text_of(message):
            return []
        return self._note(_FILE_STYLE, _FILE_MARK, self._file_text(message))

    def _file_text(self, message: ReceivedMessage) -> str:
        """Return what stands for the file, and how it is saved."""
        if message.file is None:
            return ""
        file = self._conversation.files.of_message(message.seq)
        name = short_name(message.file.name, _MAX_NAME_COLUMNS)
        if _is_from_right(name):
            name += _LEFT_TO_RIGHT_MARK
        if file is None:  # Of too many files, the first have no number any more.
            return file_text(name, message.file.size)
        text = file_text(name, message.file.size, file.number)
        hint = "saved" if file.status is FileStatus.SAVED else f"/get {file.number}"
        return text if file.own or file.is_moving else f"{text}  {hint}"

    def _quote(self, message: ReceivedMessage) -> list[Line]:
        if message.reply is None:
            return []
        is_hidden = self._conversation.ignored.hides("", message.reply.name)
        text = "a member whom you ignore" if is_hidden else quote_text(message.reply)
        return self._note("class:quote", _QUOTE_MARK, text)

    def _note(self, style: str, mark: str, text: str) -> list[Line]:
        return _indented([(style, mark)], text, self._columns(), style)

    def _head(self, message: ReceivedMessage, *, numbered: bool) -> Line:
        sent_at = local_time(message.time)
        time = f"{sent_at:%H:%M} " if sent_at else "--:-- "
        number: Line = [("class:number", f"#{message.seq} ")] if numbered else []
        name = head_text(message)
        if _is_action(message):
            name = f"* {name} "
        else:
            end = _LEFT_TO_RIGHT_MARK if _would_change_places(name, message.text) else ""
            name = f"{name}{end}  "
        return [*number, ("class:time", time), (self._style(message), self._mark(message) + name)]

    def _mark(self, message: ReceivedMessage) -> str:
        if message.own:
            return "› "
        return "@ " if self._conversation.is_mention(message) else ""

    def _style(self, message: ReceivedMessage) -> str:
        if message.deleted:
            return "class:deleted"
        if isinstance(message, PrivateMessageReceived):
            return "class:private"
        if message.own:
            return "class:own"
        # By member id: a member could choose a name that looks like the host's.
        return "class:host" if message.member == HOST_MEMBER_ID else name_style(message.name)


def _is_action(message: ReceivedMessage) -> bool:
    return action_of(message.caption) is not None


def _text_of(message: ReceivedMessage) -> str:
    """Return the text, without the line that stands for a file."""
    return safe_text(action_of(message.caption) or message.caption)


def _indented(head: Line, text: str, columns: int, style: str = "") -> list[Line]:
    """Return `text` (already safe) behind `head`; its further rows begin below its first."""
    width = sum(wcswidth(part) for _, part in head)
    depth = min(width, columns // _MAX_INDENT_FRACTION)
    first, *rest = wrap(text, columns - depth, used=width - depth)
    lines: list[Line] = [[*head, (style, first)]]
    return lines + [[(style, " " * depth + row)] for row in rest]


def _is_from_right(name: str) -> bool:
    """Return whether a name has letters that are written from right to left."""
    return not name.isascii() and any(unicodedata.bidirectional(one) in ("R", "AL") for one in name)


def _would_change_places(name: str, text: str) -> bool:
    """Return whether a terminal that orders text (UAX 9) would show this text before this name."""
    if not _is_from_right(name):
        return False
    directions = map(unicodedata.bidirectional, text)
    return next((kind for kind in directions if kind in ("L", "R", "AL", "EN", "AN")), "L") != "L"
