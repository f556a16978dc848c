"""Messages and changes as a client receives them."""

from __future__ import annotations

from messango.client.events import (
    EarlierReceived,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    RoomJoined,
)
from messango.protocol.frames import Quote, Reaction
from tests.support.raw_server import ROOM_INFO


def received(
    seq: int,
    text: str = "hello",
    *,
    history: bool = False,
    quoted: Quote | None = None,
    reactions: tuple[Reaction, ...] = (),
) -> MessageReceived:
    """Return a message of Ben."""
    return MessageReceived(
        seq, f"b{seq}", "b", 0.0, "Ben", text, own=False, history=history, reply=quoted, reactions=reactions
    )


def told(seq: int, text: str = "psst") -> PrivateMessageReceived:
    """Return a private message of Ben to us."""
    return PrivateMessageReceived(
        seq, f"b{seq}", "b", 0.0, "Ben", text, own=False, history=False, to="a", to_name="Ann"
    )


def reacted(
    seq: int, target: int, name: str = "Ben", *, emoji: str = "👍", on: bool = True, own: bool = False
) -> ReactionChanged:
    """Return a reaction by somebody of this name."""
    return ReactionChanged(seq, f"r{seq}", target, name, name, 0.0, emoji, on=on, own=own, history=False)


def edited(seq: int, target: int, text: str) -> MessageEdited:
    """Return an edit by Ben."""
    return MessageEdited(seq, f"e{seq}", target, "b", "Ben", 0.0, text, own=False, history=False)


def deleted(seq: int, target: int) -> MessageDeleted:
    """Return a deletion by Ben."""
    return MessageDeleted(seq, f"d{seq}", target, "b", "Ben", 0.0, own=False, history=False)


def answer(*messages: MessageReceived | PrivateMessageReceived, latest: int) -> EarlierReceived:
    """Return an answer with these messages."""
    return EarlierReceived("q", messages, more=False, latest=latest)


def joined(latest: int = 0, since: int | None = None) -> RoomJoined:
    """Return the event that we have joined."""
    return RoomJoined(
        ROOM_INFO, "Ann", "a", ("Ann", "Ben"), latest, "", "", True, False, since is not None, since=since
    )
