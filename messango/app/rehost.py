"""Goes on with a room whose host has left: same name, same seats, what was said, on this machine."""

from __future__ import annotations

from collections.abc import Iterable

from messango.app.hosted_room import HostedRoom
from messango.client.events import MessageReceived
from messango.protocol.frames import Message, RoomInfo
from messango.protocol.password import Password
from messango.server.server import ServerOptions


def rehost(
    room: RoomInfo, received: Iterable[MessageReceived], password: Password | None = None
) -> HostedRoom:
    """Return a room to be opened, with what this client has heard as its history.

    It has an id and a certificate of its own, for it is another machine's: who was in the room before
    meets it as a new one of the same name. `password` is that of the stay, so that it remains locked.
    """
    return HostedRoom(
        ServerOptions(
            name=room.name, seats=room.seats, initial_messages=to_messages(received), password=password
        )
    )


def to_messages(received: Iterable[MessageReceived]) -> list[Message]:
    """Return what was heard as a history keeps it."""
    return [
        Message(said.seq, said.id, said.member, said.time, said.name, said.text)
        for said in sorted(received, key=lambda said: said.seq)
    ]
