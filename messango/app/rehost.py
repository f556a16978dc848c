"""Opens a room again on this computer after its host has closed it."""

from __future__ import annotations

from collections.abc import Iterable

from messango.app.export import to_messages
from messango.app.hosted_room import HostedRoom
from messango.client.events import AnyReceived, MessageReceived
from messango.protocol.frames import Message, RoomInfo
from messango.protocol.password import Password
from messango.server.server_options import ServerOptions


def rehost(room: RoomInfo, received: Iterable[AnyReceived], password: Password | None = None) -> HostedRoom:
    """Return a room, not yet open, with the name and seats of `room` and its messages as history.

    The room has a new id and this computer's certificate, so members of the old room meet it as a new
    room of the same name. Opening it raises `RoomInUse` if this person has a room of that name open.
    `password` is the one that the client joined with: the new room requires it too.
    """
    public = [
        message
        for message in to_messages(each for each in received if isinstance(each, MessageReceived))
        if isinstance(message, Message)
    ]
    return HostedRoom(
        ServerOptions(name=room.name, seats=room.seats, initial_messages=public, password=password)
    )
