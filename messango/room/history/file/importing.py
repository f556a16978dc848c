"""Takes over the messages of a closed room that this one continues, in their present form."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from messango.protocol.frames import AnyMessage, Change, Deleted, Edited, Message, Reacted
from messango.room.history.history import History, new_entries


def import_messages(history: History, messages: Sequence[Message]) -> None:
    """Add messages, except those already in the history: these get what has changed since.

    Who reacted is known by name only, so each name counts as one member, who is nobody in the new room.
    """
    numbers = {message.seq for message in messages}
    if new := new_entries(history, (_without_strangers(message, numbers) for message in messages)):
        history.append(new)
    changed = [each for each in messages if each.edited or each.deleted or each.reactions]
    changes = [change for message in changed for change in _changes(history, message)]
    if changes:
        history.append([replace(each, seq=seq) for seq, each in enumerate(changes, history.latest + 1)])


def _without_strangers(message: Message, numbers: set[int]) -> Message:
    """Return a message without reactions, without a file, and without a quote of what is not taken over.

    The bytes of its file are not here; its text keeps the line about it. In the history, the number that it
    answers may be another message's, even a private one's.
    """
    reply = message.reply if message.reply is not None and message.reply.seq in numbers else None
    return replace(message, reply=reply, reactions=(), file=None)


def _changes(history: History, message: Message) -> Iterator[Change]:
    """Yield the changes after which the stored message is like this one; their numbers are not set."""
    stored = history.find(message.member, [message.id]).get(message.id)
    if not isinstance(stored, AnyMessage) or stored.deleted:
        return
    fields = (0, secrets.token_hex(8), stored.seq, message.member, message.name, message.time)
    if message.deleted:
        yield Deleted(*fields)
        return
    if message.text != stored.text:
        yield Edited(*fields, message.text)
    present = history.reactions([stored.seq]).get(stored.seq, {})
    for reaction in message.reactions:
        known = {name for _seq, name in present.get(reaction.emoji, {}).values()}
        for name in reaction.names:
            if name not in known:
                by = _member_named(name)
                yield Reacted(
                    0, secrets.token_hex(8), stored.seq, by, name, message.time, reaction.emoji, True
                )


def _member_named(name: str) -> str:
    """Return a member's id that nobody has: reactions of the same name are of one member."""
    return hashlib.sha256(f"messango reaction {name}".encode()).hexdigest()[:16]
