"""Goes on with a room whose host has left: same name, same seats, what was said, on this machine."""

from __future__ import annotations

from collections.abc import Iterable

from messango.app.hosted_room import Hosting
from messango.client.events import MessageHeard
from messango.protocol.frames import Message, RoomInfo
from messango.protocol.password import Password
from messango.server.server import ServerOptions


def host_on(room: RoomInfo, heard: Iterable[MessageHeard], password: Password | None = None) -> Hosting:
    """Return a room to be opened, with what this client has heard as its history.

    It has an id and a certificate of its own, for it is another machine's: who was in the room before
    meets it as a new one of the same name. `password` is that of the stay, so that it remains locked.
    """
    return Hosting(
        ServerOptions(name=room.name, seats=room.seats, said_before=messages(heard), password=password)
    )


def messages(heard: Iterable[MessageHeard]) -> list[Message]:
    """Return what was heard as a history keeps it."""
    return [
        Message(said.seq, said.id, said.member, said.time, said.name, said.text)
        for said in sorted(heard, key=lambda said: said.seq)
    ]
