"""The present form of messages: with what they answer, and with the reactions to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

from msgspec.structs import replace

from messango.protocol.frames import AnyMessage, Entry, Quote, Reaction, Spoken, Told
from messango.protocol.limits import MAX_QUOTE_CHARACTERS, MAX_REACTION_NAMES
from messango.room.history.entry_log import EntrySource, Reactions

E = TypeVar("E", bound=Entry)


def quote_of(message: AnyMessage) -> Quote:
    """Return how an answer shows this message."""
    return Quote(message.seq, message.name, message.text[:MAX_QUOTE_CHARACTERS])


def with_quotes(source: EntrySource, entries: Sequence[E]) -> list[E]:
    """Return entries whose messages quote what they answer in its present form."""
    wanted = {entry.reply.seq for entry in entries if isinstance(entry, AnyMessage) and entry.reply}
    if not wanted:
        return [*entries]
    quoted = source.messages(wanted)
    return [_with_quote(entry, quoted) for entry in entries]


def _with_quote(entry: E, quoted: dict[int, Spoken]) -> E:
    if not isinstance(entry, AnyMessage) or entry.reply is None:
        return entry
    seq = entry.reply.seq
    message = quoted.get(seq)
    reply = Quote(seq) if message is None or not _may_quote(entry, message) else quote_of(message)
    return cast("E", replace(entry, reply=reply))


def _may_quote(entry: AnyMessage, message: AnyMessage) -> bool:
    """Return whether all who see an entry may see what it quotes; the rules see to it, a file may differ."""
    if not isinstance(message, Told):
        return True
    return isinstance(entry, Told) and {entry.member, entry.to} == {message.member, message.to}


def with_details(source: EntrySource, messages: Sequence[Spoken], viewer: str) -> list[Spoken]:
    """Return messages with quotes and reactions as this member sees them."""
    reactions = source.reactions([message.seq for message in messages])
    return [
        replace(message, reactions=listed(reactions[message.seq], viewer))
        if message.seq in reactions
        else message
        for message in with_quotes(source, messages)
    ]


def listed(reactions: Reactions, viewer: str) -> tuple[Reaction, ...]:
    """Return reactions as the frame has them, for this member; what began first comes first."""
    in_order = sorted((sorted(members.values()), emoji) for emoji, members in reactions.items())
    return tuple(
        Reaction(
            emoji,
            len(added),
            viewer in reactions[emoji],
            tuple(name for _seq, name in added[:MAX_REACTION_NAMES]),
        )
        for added, emoji in in_order
    )
