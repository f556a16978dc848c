"""Which message an answer, a reaction, an edit or a deletion means, and what Tab makes of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.client.typed.addressing import Target, typed_name
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import normalized_name


def find_message(target: Target, newest_first: Iterable[AnyReceived], *, change: bool) -> AnyReceived | None:
    """Return the message that is meant, or None.

    Without a number or a name it is the last one of the others, or to `change` it, our own last one. Deleted
    ones are left out.
    """
    wanted = normalized_name(target.name)
    for message in newest_first:
        if message.deleted:
            continue
        if target.seq is not None:
            is_meant = message.seq == target.seq
        elif target.name:
            is_meant = normalized_name(message.name) == wanted
        else:
            is_meant = message.own == change
        if is_meant:
            return message
    return None


def no_message(target: Target, *, change: bool) -> str:
    """Return the sentence for a target that `find_message` does not find."""
    if target.seq is not None:
        return f"Message #{target.seq} is not shown here. Show it by /earlier #{target.seq} first."
    if target.name:
        return f"There is no message by {quoted_name(target.name)} here. /earlier shows older ones."
    return "You have not written anything here." if change else "There is no message to answer here."


def other_of(message: PrivateMessageReceived) -> str:
    """Return the name of the other of the two."""
    return message.to_name if message.own else message.name


def other_id(message: PrivateMessageReceived) -> str:
    """Return the public id of the other of the two."""
    return message.to if message.own else message.member


def expand_reply(message: AnyReceived, text: str, names: Sequence[str], *, is_last_of_author: bool) -> str:
    """Return what to type to answer a message with `text`, so that one sees whom one answers.

    A private message is answered privately.
    """
    if isinstance(message, PrivateMessageReceived):
        return f"/msg {typed_name(other_of(message), names)} {text}"
    if is_last_of_author and message.name in names:
        return f"/reply {typed_name(message.name, names)} {text}"
    return f"/reply #{message.seq} {text}"


def expand_edit(message: AnyReceived, *, is_last: bool) -> str:
    """Return what to type to edit a message: its text, behind its number unless it is our last one."""
    text = message.caption
    is_clear = is_last and not text.startswith("#")
    return f"/edit {text}" if is_clear else f"/edit #{message.seq} {text}"
