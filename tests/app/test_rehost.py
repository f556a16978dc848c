"""A room that is opened again on another computer after its host has closed it."""

from __future__ import annotations

from dataclasses import replace

from messango.app.hosted_room import HostedRoom
from messango.app.rehost import rehost
from messango.client.events import (
    AnyReceived,
    HistoryEnded,
    MessageReceived,
    PrivateMessageReceived,
    RoomJoined,
)
from messango.client.message_log import MessageLog
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.protocol.frames import Quote, Reaction, RoomInfo
from messango.protocol.password import Password

ROOM = RoomInfo(1, "the old id", "Table 4", "1.0.0", 2, 7, locked=False, history=True)


def received_message(seq: int, text: str, member: str = "ann") -> MessageReceived:
    """Return a message as a client received it."""
    return MessageReceived(
        seq, f"{seq}", member, 1000.0 + seq, member.title(), text, own=False, history=False
    )


def join_and_read(
    hosted_room: HostedRoom, password: Password | None = None
) -> tuple[RoomInfo, list[tuple[int, str]]]:
    """Join; return the room's information and its first two messages as (seq, text)."""
    client = RoomClient(hosted_room.addresses, "Zoe", known_rooms=KnownRooms.load(), password=password)
    client.start()
    joined: RoomJoined | None = None
    messages: list[tuple[int, str]] = []
    while joined is None or len(messages) < 2:
        event = client.events.get(timeout=20)
        if isinstance(event, RoomJoined):
            joined = event
        elif isinstance(event, MessageReceived):
            messages.append((event.seq, event.text))
    client.leave()
    assert client.join_thread(20)
    return joined.room, messages


def test_a_room_is_rehosted() -> None:
    """Name, seats and messages are the old room's; the id is new."""
    with rehost(ROOM, [received_message(58, "two", "ben"), received_message(57, "one")]) as hosted_room:
        room, messages = join_and_read(hosted_room)
    assert (room.name, room.seats, messages) == ("Table 4", 7, [(57, "one"), (58, "two")])
    assert room.id != ROOM.id


def test_the_password_is_kept() -> None:
    """Messages from a room with a password must not become readable for everybody."""
    password = Password("sesame")
    with rehost(ROOM, [received_message(57, "one"), received_message(58, "two")], password) as hosted_room:
        room, messages = join_and_read(hosted_room, password)
    assert (room.password, len(messages)) == (True, 2)


def test_rehosting_twice_repeats_nothing() -> None:
    """Messages that this computer's history already has are not repeated, and numbers never fall."""
    with rehost(ROOM, [received_message(57, "one")]):
        pass
    with rehost(ROOM, [received_message(57, "one"), received_message(3, "three", "ben")]) as hosted_room:
        _, messages = join_and_read(hosted_room)
    assert messages == [(57, "one"), (58, "three")]


def test_what_the_messages_have_become_is_kept() -> None:
    """Edited, deleted, answered and reacted to; private messages are nobody else's, so they are left out."""
    told = PrivateMessageReceived(
        59, "59", "ben", 1059.0, "Ben", "psst", own=True, history=False, to="ann", to_name="Ann"
    )
    messages: list[AnyReceived] = [
        replace(
            received_message(57, "better"),
            edited=True,
            reactions=(Reaction("👍", 1, mine=True, names=("Ben",)),),
        ),
        replace(received_message(58, "yes", "ben"), reply=Quote(57, "Ann", "better")),
        told,
        replace(received_message(60, ""), deleted=True),
    ]
    log = MessageLog()
    with rehost(ROOM, messages) as hosted_room:
        client = RoomClient(hosted_room.addresses, "Zoe", known_rooms=KnownRooms.load())
        client.start()
        while not isinstance(event := client.events.get(timeout=20), HistoryEnded):
            log.handle(event)
        client.leave()
        assert client.join_thread(20)
    first, second, third = log.messages
    assert (first.text, first.edited, first.reactions) == (
        "better",
        True,
        (Reaction("👍", 1, False, ("Ben",)),),
    )
    assert second.reply == Quote(57, "Ann", "better")
    assert (third.text, third.deleted) == ("", True)
    assert "psst" not in repr(log.messages)
