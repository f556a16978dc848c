"""Turns entries and answers of a server into events: cleaned and bounded, for every front end. Pure.

The texts in them come from strangers, and by way of a server that we do not trust either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    SearchResult,
)
from messango.errors import on_one_line
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.frames import (
    Change,
    Deleted,
    EarlierMessages,
    Edited,
    FileInfo,
    Found,
    Quote,
    Reaction,
    Spoken,
    Told,
)
from messango.protocol.limits import MAX_SEQ
from messango.protocol.text.emoji import clean_emoji
from messango.protocol.text.validation import clean_text

#: No room has so many members; a server may claim any number.
_MOST_REACTIONS: Final = 1_000_000


def message_event(frame: Spoken, *, own: bool, history: bool) -> MessageReceived | PrivateMessageReceived:
    """Return the event of a message."""
    is_deleted = frame.deleted
    fields = (
        frame.seq,
        frame.id,
        frame.member,
        frame.time,
        frame.name,
        "" if is_deleted else clean_text(frame.text),
        own,
        history,
        None if is_deleted or frame.reply is None else _quote(frame.reply),
        frame.edited and not is_deleted,
        is_deleted,
        () if is_deleted or not frame.reactions else _reactions(frame.reactions),
        None if is_deleted or frame.file is None else _file(frame.file),
    )
    if isinstance(frame, Told):
        to_name = _name(frame.to_name)
        return PrivateMessageReceived(*fields, to=frame.to, to_name=to_name, away=own and frame.away)
    return MessageReceived(*fields)


def change_event(frame: Change, *, own: bool, history: bool) -> MessageChange | None:
    """Return the event of a change; None for a reaction that is not an emoji."""
    fields = (frame.seq, frame.id, frame.target, frame.member, _name(frame.name), frame.time)
    if isinstance(frame, Edited):
        return MessageEdited(*fields, clean_text(frame.text), own, history)
    if isinstance(frame, Deleted):
        return MessageDeleted(*fields, own, history)
    emoji = clean_emoji(frame.emoji)
    return None if emoji is None else ReactionChanged(*fields, emoji, frame.on, own, history)


def earlier_event(frame: EarlierMessages, before: int, member: str) -> EarlierReceived:
    """Return the event of an answer to the member with this id, who asked for messages before a number."""
    messages = (*_messages(frame.messages, before, member),)
    # One without messages would be asked for again and again.
    return EarlierReceived(frame.id, messages, frame.more and bool(messages), _seq(frame.latest))


def search_event(frame: Found, before: int | None, member: str) -> SearchResult:
    """Return the event of an answer to the member with this id, who searched before a number, or in all."""
    messages = (*_messages(frame.messages, MAX_SEQ + 1 if before is None else before, member),)
    return SearchResult(frame.id, messages, frame.more and bool(messages), _seq(frame.latest))


def may_concern(frame: Spoken, member: str) -> bool:
    """Return whether a message is for the member with this id."""
    return not isinstance(frame, Told) or member in (frame.member, frame.to)


def _messages(frames: Iterable[Spoken], before: int, member: str) -> Iterator[AnyReceived]:
    """Yield those messages that can be an answer: in order, and before the number."""
    latest = 0
    for frame in frames:
        if latest < frame.seq < before and may_concern(frame, member):
            latest = frame.seq
            yield message_event(frame, own=frame.member == member, history=True)


def _seq(number: int) -> int:
    return max(0, min(number, MAX_SEQ))


def _name(name: str) -> str:
    return on_one_line(clean_text(name))


def _quote(quote: Quote) -> Quote:
    return Quote(quote.seq, _name(quote.name), on_one_line(clean_text(quote.text)))


def _file(file: FileInfo) -> FileInfo:
    return replace(file, name=safe_file_name(file.name))


def _reactions(reactions: Iterable[Reaction]) -> tuple[Reaction, ...]:
    """Return the reactions that can be shown: each emoji once, by at least one member."""
    shown: dict[str, Reaction] = {}
    for reaction in reactions:
        emoji = clean_emoji(reaction.emoji)
        if emoji is not None and emoji not in shown and reaction.count > 0:
            names = tuple(map(_name, reaction.names))
            count = max(min(reaction.count, _MOST_REACTIONS), len(names))
            shown[emoji] = Reaction(emoji, count, reaction.mine, names)
    return tuple(shown.values())
