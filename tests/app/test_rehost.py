"""A room goes on when its host has left."""

from __future__ import annotations

from messango.app.hosted_room import HostedRoom
from messango.app.rehost import rehost
from messango.client.events import MessageReceived, RoomJoined
from messango.client.known_rooms import KnownRooms
from messango.client.room_client import RoomClient
from messango.protocol.frames import RoomInfo
from messango.protocol.password import Password

ROOM = RoomInfo(1, "the old id", "Table 4", "1.0.0", 2, 7, locked=False, history=True)


def received_message(seq: int, text: str, member: str = "ann") -> MessageReceived:
    """Return a message that a client has heard."""
    return MessageReceived(
        seq, f"{seq}", member, 1000.0 + seq, member.title(), text, own=False, history=False
    )


def join_and_read(
    hosted_room: HostedRoom, password: Password | None = None
) -> tuple[RoomInfo, list[tuple[int, str]]]:
    """Join; return the room and what was said in it before."""
    client = RoomClient(hosted_room.addresses, "Zoe", known_rooms=KnownRooms.load(), password=password)
    client.start()
    entered: RoomJoined | None = None
    said: list[tuple[int, str]] = []
    while entered is None or len(said) < 2:
        event = client.events.get(timeout=20)
        if isinstance(event, RoomJoined):
            entered = event
        elif isinstance(event, MessageReceived):
            said.append((event.seq, event.text))
    client.leave()
    assert client.join_thread(20)
    return entered.room, said


def test_a_room_is_hosted_on() -> None:
    """Name, seats and what was said are the old room's; the id is this machine's own."""
    with rehost(ROOM, [received_message(58, "two", "ben"), received_message(57, "one")]) as hosted_room:
        room, said = join_and_read(hosted_room)
    assert (room.name, room.seats, said) == ("Table 4", 7, [(57, "one"), (58, "two")])
    assert room.id != ROOM.id


def test_a_room_that_had_a_password_keeps_it() -> None:
    """What was said behind a lock must not be read by whoever comes first to the open room."""
    password = Password("sesame")
    with rehost(ROOM, [received_message(57, "one"), received_message(58, "two")], password) as hosted_room:
        room, said = join_and_read(hosted_room, password)
    assert (room.locked, len(said)) == (True, 2)


def test_hosting_on_again_repeats_nothing() -> None:
    """What the history of this machine has already is not said twice, and numbers never fall."""
    with rehost(ROOM, [received_message(57, "one")]):
        pass
    with rehost(ROOM, [received_message(57, "one"), received_message(3, "three", "ben")]) as hosted_room:
        _, said = join_and_read(hosted_room)
    assert said == [(57, "one"), (58, "three")]
