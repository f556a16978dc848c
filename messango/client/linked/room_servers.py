"""The servers of the linked room that we are in. A trusted connection is the only source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from messango.client.linked.listed_addresses import allowed_addresses
from messango.client.trust.known_rooms import KnownRooms
from messango.client.trust.linked_server import LinkedServer, valid_cards
from messango.protocol.frames import RoomInfo, ServerCard, Welcome
from messango.transport.addresses import Address
from messango.transport.networks.own_networks import OwnNetworks, own_networks


class RoomServers:
    """Knows where a room goes on if our server is away. For the client's thread; pure but for `networks`.

    `link` is the linked room's id, empty if the room has one server only; `name` is that of our server.
    """

    def __init__(self, networks: Callable[[], OwnNetworks] = own_networks) -> None:
        self.link = self.name = ""
        self.names: tuple[str, ...] = ()
        #: All servers but ours.
        self.others: list[LinkedServer] = []
        self._networks = networks

    def recall(self, known_rooms: KnownRooms, room_id: str, fingerprint: str) -> None:
        """Before the first join: take the servers that an earlier visit to this room has named."""
        linked = known_rooms.linked_room(room_id, fingerprint) if room_id or fingerprint else None
        if linked is not None:
            self.link, self.others = linked

    def learn(self, welcome: Welcome, fingerprint: str, here: Address) -> None:
        """Replace the list by that of the room which has let us in at `here`, with this certificate.

        Without encryption nothing is trusted, so the room has no other servers then.
        """
        self.link = (welcome.room.link or "") if fingerprint else ""
        cards = valid_cards(welcome.servers) if self.link else []
        ours = (welcome.room.id, fingerprint)
        self.name = next((card.name for card in cards if (card.id, card.fingerprint) == ours), "")
        self.names = tuple(card.name for card in cards)
        others = [card for card in cards if (card.id, card.fingerprint) != ours]
        self.others = [*self._usable(others, here)] if others else []

    def _usable(self, cards: Iterable[ServerCard], here: Address) -> Iterator[LinkedServer]:
        networks = self._networks()
        for card in cards:
            addresses = allowed_addresses(card.addresses, here, networks)
            yield LinkedServer(card.name, card.id, card.fingerprint, addresses)

    def is_other(self, room: RoomInfo, fingerprint: str | None) -> bool:
        """Return whether this room, with the certificate that answered, is ours at one of the others."""
        identities = {other.identity for other in self.others}
        return bool(self.link) and room.link == self.link and (room.id, fingerprint or "") in identities
