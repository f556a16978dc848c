"""Short functions for entries of a conversation with ann (us), bob and cy."""

from __future__ import annotations

from dataclasses import replace

from messango.client.events import (
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    RoomJoined,
)
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import FileInfo, Person, Quote
from tests.terminal.fake_client import NOON, room_joined

IDS = {"ann": "m1", "bob": "m2", "cy": "m3"}


def joined(**fields: object) -> RoomJoined:
    """Return the event that ann has joined bob and cy."""
    people = tuple(Person(member, name) for name, member in IDS.items())
    return room_joined("bob", "cy", people=people, **fields)  # type: ignore[arg-type] # fields of room_joined


def said(
    seq: int, name: str, text: str, reply: Quote | None = None, *, history: bool = False
) -> MessageReceived:
    """Return a message to all."""
    own = name == "ann"
    return MessageReceived(seq, f"i{seq}", IDS[name], NOON, name, text, own, history, reply)


def shared(seq: int, name: str, file_name: str, size: int = 5, caption: str = "") -> MessageReceived:
    """Return a message with a file."""
    file = FileInfo(f"f{seq}", file_name, size, "0" * 64)
    return replace(said(seq, name, text_with_file(caption, file)), file=file)


def told(seq: int, name: str, to: str, text: str, *, away: bool = False) -> PrivateMessageReceived:
    """Return a private message."""
    fields = (seq, f"i{seq}", IDS[name], NOON, name, text, name == "ann", False)
    return PrivateMessageReceived(*fields, to=IDS[to], to_name=to, away=away)


def reacted(seq: int, target: int, name: str, emoji: str = "👍", *, on: bool = True) -> ReactionChanged:
    """Return a reaction."""
    own = name == "ann"
    return ReactionChanged(seq, f"i{seq}", target, IDS[name], name, NOON, emoji, on, own, history=False)


def edited(seq: int, target: int, name: str, text: str) -> MessageEdited:
    """Return an edit."""
    return MessageEdited(seq, f"i{seq}", target, IDS[name], name, NOON, text, name == "ann", history=False)


def deleted(seq: int, target: int, name: str) -> MessageDeleted:
    """Return a deletion."""
    return MessageDeleted(seq, f"i{seq}", target, IDS[name], name, NOON, name == "ann", history=False)
