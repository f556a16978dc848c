"""Messages as plain lines that read well one after the other, also aloud. Pure.

Every line of ours begins with `*` or `--`, and every name is a single word or stands between quotation marks,
so no text looks like a line of ours or of somebody else: its further lines are indented.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Final

from messango.client.events import MessageChange, ReceivedMessage
from messango.client.files.file_list import FileStatus
from messango.client.message_text.quotes import NOT_KEPT
from messango.client.typed.commands import action_of
from messango.protocol.text.escaping import safe_text
from messango.protocol.text.plain_names import plain_name
from messango.terminal.chat.chat_state import Line
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.texts import change_parts, file_text, head_text, reactions_text
from messango.terminal.local_time import date_text, local_time

_INDENT: Final = "    "

#: After this long without a message the next one has its time.
_PAUSE: Final = datetime.timedelta(minutes=10)


class PlainMessages:
    """Renders messages for `Transcript`. Used by one thread."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    def lines(self, message: ReceivedMessage, *, numbered: bool = False) -> list[Line]:
        """Return the lines of a message, or none if it is hidden."""
        if self._conversation.hides(message):
            return []
        sent_at = local_time(message.time)
        number = f"#{message.seq} {sent_at:%H:%M} " if numbered and sent_at else ""
        rows = self._rows(message)
        reactions = self._conversation.ignored.shown_reactions(message.reactions)
        if reactions:
            rows.append(f"* Reactions to this: {reactions_text(reactions)}")
        return [[("", f"{number if row is rows[0] else ''}{row}")] for row in rows]

    def _rows(self, message: ReceivedMessage) -> list[str]:
        if message.deleted:
            return [f"* A message by {head_text(replace(message, deleted=False))} was deleted"]
        action = action_of(message.caption)
        head = f"{head_text(message)}{self._answering(message)}"
        text = "\n".join(filter(None, (action or message.caption, self._file_text(message))))
        return _rows(f"* {head}" if action else f"{head}:", text)

    def _file_text(self, message: ReceivedMessage) -> str:
        """Return what stands for the file, and how it is saved; empty without one."""
        if message.file is None:
            return ""
        file = self._conversation.files.of_message(message.seq)
        text = file_text(message.file.name, message.file.size, file.number if file else None)
        if file is None or file.own or file.is_moving or file.status is FileStatus.SAVED:
            return text
        return f"{text} /get {file.number}"

    def _answering(self, message: ReceivedMessage) -> str:
        if message.reply is None:
            return ""
        if not message.reply.name:
            return f", answering {NOT_KEPT}"
        is_you = message.reply.name == self._conversation.you
        return f", answering {'you' if is_you and not message.own else plain_name(message.reply.name)}"

    def change(self, change: MessageChange) -> list[Line]:
        """Return what became of a message."""
        head, text = change_parts(change, self._conversation.messages.get(change.target))
        return [[("", row)] for row in _rows(f"* {head}", text)] if head else []

    def moment(self, sent_at: datetime.datetime, before: datetime.datetime | None) -> str:
        """Return the date and the time when the date changes, and the time after a pause.

        Not in each line: a screen reader reads all of it.
        """
        if before is None or sent_at.date() != before.date():
            return f"{date_text(sent_at)}, {sent_at:%H:%M}"
        return f"{sent_at:%H:%M}" if abs(sent_at - before) >= _PAUSE else ""

    def rule(self, label: str) -> Line:
        """Return a line that separates what is above from what is below."""
        return [("", f"-- {label} --")]


def _rows(head: str, text: str) -> list[str]:
    first, *rest = safe_text(text).split("\n")
    return [f"{head} {first}".rstrip(), *(_INDENT + line for line in rest)]
