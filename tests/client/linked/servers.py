"""Servers of a linked room, made up."""

from __future__ import annotations

from typing import Final

import msgspec

from messango.client.trust.linked_server import LinkedServer
from messango.protocol.frames import RoomInfo, ServerCard, Welcome
from messango.transport.addresses import Address
from tests.support.certificates import room_id_of
from tests.support.raw_server import ROOM_INFO

LINK: Final = "5a" * 16
FINGERPRINTS: Final = ("ab" * 32, "cd" * 32, "ef" * 32)


def card(number: int, *addresses: str) -> ServerCard:
    """Return the card of the server with this number: the first one is ours."""
    fingerprint = FINGERPRINTS[number]
    texts = addresses or (f"192.0.2.{number + 1}:8000",)
    return ServerCard(f"Server {number}", room_id_of(number, fingerprint), texts, fingerprint)


def server(number: int, *addresses: Address) -> LinkedServer:
    """Return the server with this number as the client knows it."""
    one = card(number)
    where = [*addresses] or [Address(f"192.0.2.{number + 1}")]
    return LinkedServer(one.name, one.id, one.fingerprint, where)


def room(number: int, link: str | None = LINK) -> RoomInfo:
    """Return what the server with this number says about the room."""
    return msgspec.structs.replace(ROOM_INFO, id=card(number).id, link=link)


def welcome(number: int, *cards: ServerCard, latest: int = 0, link: str | None = LINK) -> Welcome:
    """Return the welcome of the server with this number, which names these servers."""
    return Welcome(
        room(number, link), "ann", "m1", "s1", ["ann"], latest, min(latest, 1), servers=tuple(cards)
    )
