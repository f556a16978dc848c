"""The parts of a line about a message: who to whom, what is answered, reactions. All are safe to print.

A name is a single word or stands between quotation marks (`plain_names`), so what follows it is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from messango.client.events import (
    AnyReceived,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    PrivateMessageReceived,
    ReceivedMessage,
)
from messango.client.message_text.quotes import NOT_KEPT
from messango.client.typed.commands import action_of
from messango.protocol.files.file_line import caption_of, format_size
from messango.protocol.frames import FileInfo, Quote, Reaction
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import counted, ellipsized

_MAX_EXCERPT: Final = 60
#: Of more people than this only the number is shown.
_MAX_NAMES: Final = 3


def head_text(message: ReceivedMessage, *, you: str = "you") -> str:
    """Return who wrote a message, to whom, and what became of it: `Ann → you (private, edited)`."""
    marks = [
        "private" if isinstance(message, PrivateMessageReceived) else "",
        "deleted" if message.deleted else "edited" if message.edited else "",
    ]
    shown = ", ".join(filter(None, marks))
    return _from_to(message, you) + (f" ({shown})" if shown else "")


def _from_to(message: ReceivedMessage, you: str) -> str:
    if not isinstance(message, PrivateMessageReceived):
        return plain_name(message.name)
    if message.own:
        return f"{plain_name(message.name)} → {plain_name(message.to_name)}"
    return f"{plain_name(message.name)} → {you}"


def quote_text(quote: Quote) -> str:
    """Return what a message answers: `Ben: “at noon”`."""
    if not quote.name:
        return NOT_KEPT
    if not quote.text:
        return f"{plain_name(quote.name)}: (deleted)"
    return f"{plain_name(quote.name)}: “{excerpt_of(quote.text)}”"


def message_text(message: ReceivedMessage) -> str:
    """Return whose message it is and how it begins: `Ben: “at noon”`."""
    return f"{plain_name(message.name)}: “{excerpt_of(message.text)}”"


def excerpt_of(text: str) -> str:
    """Return the beginning of a text on one line."""
    return ellipsized(safe_line(" ".join((action_of(text) or text).split())), _MAX_EXCERPT)


def reactions_text(reactions: Iterable[Reaction]) -> str:
    """Return reactions and who reacted, as far as they are few: `❤️ Ann, you  👍 5`."""
    return "  ".join(f"{safe_line(reaction.emoji)} {_who(reaction)}" for reaction in reactions)


def _who(reaction: Reaction) -> str:
    if reaction.count > _MAX_NAMES or len(reaction.names) < reaction.count:
        return f"{reaction.count:,}, with you" if reaction.mine else f"{reaction.count:,}"
    return ", ".join(map(plain_name, reaction.names))


def found_text(count: int, words: str, *, more: bool) -> str:
    """Return the title of what a search has found."""
    if not count:
        return f"No message has “{excerpt_of(words)}”"
    newest = "the newest " if more else ""
    return f"{newest}{counted(count, 'message')} with “{excerpt_of(words)}”"


def change_parts(change: MessageChange, target: AnyReceived | None) -> tuple[str, str]:
    """Return what became of a message as a sentence, and the new text behind it; both may be empty."""
    name = plain_name(change.name)
    private = " (private)" if isinstance(target, PrivateMessageReceived) else ""
    if isinstance(change, MessageEdited):
        return _edited_parts(f"{name} edited{private}", change.text, None if target is None else target.file)
    if isinstance(change, MessageDeleted):
        if target is not None and target.member != change.member:
            return f"{name} deleted a message by {plain_name(target.name)}", ""
        return f"{name} deleted a message{private}", ""
    what = f"{name} reacted with {change.emoji}" if change.on else f"{name} took back {change.emoji}"
    return (f"{what} to {message_text(target)}{private}" if target else what), ""


def _edited_parts(sentence: str, text: str, file: FileInfo | None) -> tuple[str, str]:
    """Return the parts of an edit; of a file, only the line about it can be edited."""
    if not text:
        return "", ""
    if file is None:
        return f"{sentence}:", text
    about = f"{sentence} the line about {quoted_name(file.name)}"
    caption = caption_of(text, file)
    return (f"{about}:", caption) if caption else (f"{about}: it has none now", "")


def file_text(name: str, size: int, number: int | None = None) -> str:
    """Return what stands for a file in a message: `[file 3] holiday.jpg (2.1 MB)`."""
    mark = "[file]" if number is None else f"[file {number}]"
    return f"{mark} {safe_line(name)} ({format_size(size)})"
