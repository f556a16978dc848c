"""Which servers a client takes from a room's list."""

from __future__ import annotations

from msgspec.structs import replace

from messango.client.linked.room_servers import RoomServers
from messango.client.trust.known_rooms import KnownRooms
from messango.transport.addresses import Address
from tests.client.linked.servers import FINGERPRINTS, LINK, card, room, server, welcome
from tests.support.networks import NETWORKS

HERE = Address("192.0.2.1")


def learned(*cards: object, link: str | None = LINK, fingerprint: str = FINGERPRINTS[0]) -> RoomServers:
    """Return what a client knows after a welcome of the first server with these cards."""
    servers = RoomServers(lambda: NETWORKS)
    servers.learn(welcome(0, *cards, link=link), fingerprint, HERE)  # type: ignore[arg-type] # for brevity
    return servers


def test_the_list_names_our_server_and_the_others() -> None:
    """The others with addresses that may be tried."""
    servers = learned(card(0), card(1), card(2, "192.0.2.9:8001", "127.0.0.1:8000"))
    assert (servers.link, servers.name) == (LINK, "Server 0")
    assert servers.names == ("Server 0", "Server 1", "Server 2")
    assert servers.others == [server(1), server(2, Address("192.0.2.9", 8001))]


def test_a_room_of_one_server_has_no_others() -> None:
    """Neither without a link nor over a connection that is not encrypted."""
    for servers in (learned(card(0), card(1), link=None), learned(card(0), card(1), fingerprint="")):
        assert (servers.link, servers.name, servers.names, servers.others) == ("", "", (), [])


def test_ids_that_do_not_fit_their_certificates_are_left_out() -> None:
    """And a server that is listed twice."""
    servers = learned(card(0), replace(card(1), fingerprint=FINGERPRINTS[2]), card(2), card(2))
    assert servers.names == ("Server 0", "Server 2")


def test_names_fit_on_one_line() -> None:
    """They come from a stranger's configuration."""
    assert learned(replace(card(0), name="A\x1b[31m\nB")).name == "A B"


def test_another_server_has_the_id_the_certificate_and_the_link() -> None:
    """All three, or it is a stranger."""
    servers = learned(card(0), card(1))
    assert servers.is_other(room(1), FINGERPRINTS[1])
    assert not servers.is_other(room(1), FINGERPRINTS[2])
    assert not servers.is_other(room(1), None)
    assert not servers.is_other(room(2), FINGERPRINTS[2])
    assert not servers.is_other(room(1, link="6b" * 16), FINGERPRINTS[1])
    assert not servers.is_other(room(1, link=None), FINGERPRINTS[1])
    assert not servers.is_other(room(0), FINGERPRINTS[0])


def test_without_a_link_nobody_is_another_server() -> None:
    """A stranger that claims no link is none of ours."""
    assert not RoomServers().is_other(room(1, link=None), FINGERPRINTS[1])
    assert not RoomServers().is_other(room(1, link=""), FINGERPRINTS[1])


def test_an_earlier_visit_is_recalled() -> None:
    """By the id of the room, or by the certificate of an invite link; a stranger's says nothing."""
    rooms = KnownRooms.load()
    rooms.remember(room(0), FINGERPRINTS[0], HERE, "Server 0", [server(1)])
    for room_id, fingerprint in ((room(0).id, ""), ("", FINGERPRINTS[0])):
        servers = RoomServers()
        servers.recall(rooms, room_id, fingerprint)
        assert (servers.link, servers.others) == (LINK, [server(1)])
    servers = RoomServers()
    for room_id, fingerprint in (("", ""), (room(2).id, FINGERPRINTS[2])):
        servers.recall(rooms, room_id, fingerprint)
        assert (servers.link, servers.others) == ("", [])
