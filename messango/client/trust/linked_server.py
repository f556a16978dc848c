"""A server of a linked room, as a connection that we trust has named it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from messango.errors import on_one_line
from messango.protocol.frames import ServerCard
from messango.protocol.limits import MAX_SERVERS
from messango.protocol.room_id import is_proved
from messango.protocol.text.validation import clean_text
from messango.transport.addresses import Address


class LinkedServer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Its own name, the id of its room, its certificate, and where we may look for it."""

    name: str
    id: str
    fingerprint: str
    addresses: list[Address] = []

    @property
    def identity(self) -> tuple[str, str]:
        """What proves that a server is this one: the id of its room, and its certificate."""
        return self.id, self.fingerprint


def valid_cards(cards: Iterable[ServerCard]) -> list[ServerCard]:
    """Return the servers whose ids fit their certificates, each once, with names that fit on one line."""
    first: dict[tuple[str, str], ServerCard] = {}
    for card in cards:
        if is_proved(card.id, card.fingerprint) and len(first) < MAX_SERVERS:
            name = on_one_line(clean_text(card.name))
            first.setdefault((card.id, card.fingerprint), msgspec.structs.replace(card, name=name))
    return list(first.values())
