"""The table of clients, and which unjoined client is evicted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from messango.protocol.limits import MAX_TRANSFERS
from messango.room.peer import Peer
from messango.server.clients.client_thread import ClientThread
from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.limits import (
    MAX_SILENT,
    MAX_SILENT_PER_ADDRESS,
    MAX_UNJOINED,
    MAX_UNJOINED_PER_ADDRESS,
)
from messango.server.throttling.trust import KnownAddresses


@dataclass(eq=False)
class _StubClient:
    connection_id: int
    peer: Peer
    eviction_rank: int = 0


def unjoined(connection_id: int, host: str = "192.0.2.1", eviction_rank: int = 0) -> ClientThread:
    """Return what stands for a connection from there, which has come so far."""
    return cast("ClientThread", _StubClient(connection_id, Peer(host, connection_id), eviction_rank))


def test_get_and_remove() -> None:
    """By its id; removing it twice is harmless."""
    registry, ann = ConnectionRegistry(), unjoined(1)
    assert registry.add(ann) is None
    assert registry.get(1) is ann
    assert registry.all() == [ann]
    registry.remove(ann)
    registry.remove(ann)
    assert registry.get(1) is None
    assert registry.all() == []


def test_too_many_clients_of_one_address() -> None:
    """Its oldest unjoined client is evicted; other addresses are not affected."""
    registry, other = ConnectionRegistry(), unjoined(1_000, "192.0.2.9")
    registry.add(other)
    flood = [unjoined(connection_id) for connection_id in range(MAX_UNJOINED_PER_ADDRESS)]
    assert [registry.add(client) for client in flood] == [None] * MAX_UNJOINED_PER_ADDRESS
    assert registry.add(unjoined(500)) is flood[0]
    assert registry.add(unjoined(501)) is flood[1]


def test_silent_clients_are_evicted_first() -> None:
    """An honest client begins its handshake within a millisecond; a flood that only connects does not."""
    registry = ConnectionRegistry()
    honest = [unjoined(1, eviction_rank=1), unjoined(2, eviction_rank=2)]
    for client in honest:
        registry.add(client)
    for connection_id in range(3, MAX_UNJOINED_PER_ADDRESS + 1):
        assert registry.add(unjoined(connection_id)) is None
    evicted = [registry.add(unjoined(100 + connection_id)) for connection_id in range(200)]
    assert not set(map(id, honest)) & set(map(id, evicted))


def test_the_lowest_rank_is_evicted() -> None:
    """Never the newest client, which had no time to send anything."""
    registry = ConnectionRegistry()
    half = [
        unjoined(connection_id, eviction_rank=1 + connection_id % 2)
        for connection_id in range(MAX_UNJOINED_PER_ADDRESS)
    ]
    for client in half:
        registry.add(client)
    assert registry.add(unjoined(100)) is half[0]
    assert registry.add(unjoined(101)).connection_id == 100  # type: ignore[union-attr] # somebody has to go
    assert registry.add(unjoined(102, eviction_rank=2)).connection_id == 101  # type: ignore[union-attr]
    assert registry.add(unjoined(103)) is half[2]


def test_too_many_clients_in_all() -> None:
    """A client of the address with the most of them is evicted, so a single visitor is the last."""
    registry, lone = ConnectionRegistry(), unjoined(0, "192.0.2.200")
    registry.add(lone)
    for connection_id in range(1, MAX_UNJOINED):
        assert registry.add(unjoined(connection_id, f"192.0.2.{connection_id % 20}")) is None
    evicted = registry.add(unjoined(1_000, "192.0.2.201"))
    assert evicted is not None
    assert evicted is not lone


def test_too_many_addresses() -> None:
    """A flood with an address for each connection does not evict a client in its handshake."""
    registry, honest = (
        ConnectionRegistry(),
        [
            unjoined(connection_id, f"198.51.100.{connection_id}", eviction_rank=1)
            for connection_id in range(5)
        ],
    )
    for client in honest:
        registry.add(client)
    flood = [
        unjoined(10 + connection_id, f"fe80::{connection_id + 1:x}")
        for connection_id in range(2 * MAX_UNJOINED)
    ]
    evicted = [registry.add(client) for client in flood]
    assert not set(map(id, honest)) & set(map(id, evicted))
    assert evicted[-1] is not None


def test_members_do_not_count() -> None:
    """A client that has joined makes place for the next."""
    registry = ConnectionRegistry()
    for connection_id in range(3 * MAX_UNJOINED_PER_ADDRESS):
        client = unjoined(connection_id)
        assert registry.add(client) is None
        registry.mark_joined(client)
    assert registry.oldest_unjoined() is None
    assert len(registry.all()) == 3 * MAX_UNJOINED_PER_ADDRESS


def test_oldest_unjoined() -> None:
    """It is disconnected when the system runs out of descriptors."""
    registry, first, second = ConnectionRegistry(), unjoined(1), unjoined(2)
    registry.add(first)
    registry.add(second)
    assert registry.oldest_unjoined() is first
    registry.remove(first)
    assert registry.oldest_unjoined() is second


def test_an_evicted_client_no_longer_counts() -> None:
    """Its thread may take a moment to end."""
    registry = ConnectionRegistry()
    for connection_id in range(MAX_UNJOINED_PER_ADDRESS):
        registry.add(unjoined(connection_id))
    evicted = [registry.add(unjoined(100 + connection_id)) for connection_id in range(10)]
    assert len({client.connection_id for client in evicted if client is not None}) == 10
    for client in evicted:
        assert client is not None
        registry.remove(client)
    assert registry.add(unjoined(200)) is not None


def test_strangers_do_not_evict_known_addresses() -> None:
    """An address that has proved the password has a place, however many others connect."""
    known_addresses = KnownAddresses()
    known_addresses.add("192.0.2.7")
    registry, back = ConnectionRegistry(known_addresses), unjoined(1, "192.0.2.7", eviction_rank=-1)
    registry.add(back)
    for connection_id in range(10, 10 + 3 * MAX_UNJOINED):
        evicted = registry.add(unjoined(connection_id, f"198.51.100.{connection_id % 250}", 1))
        assert evicted is not back


def test_nobody_evicts_a_session_from_the_same_address() -> None:
    """Behind one router a member who returns has the address of the flood."""
    registry, back = ConnectionRegistry(), unjoined(1, eviction_rank=-1)
    registry.add(back)
    assert registry.mark_trusted(back) is None
    evicted = [registry.add(unjoined(10 + number, eviction_rank=1)) for number in range(200)]
    assert back not in evicted
    registry.mark_joined(back)
    assert registry.oldest_unjoined() is not back


def test_sessions_are_bounded_too() -> None:
    """Of those with a session, the address with too many loses one."""
    registry = ConnectionRegistry()
    clients = [unjoined(number) for number in range(MAX_UNJOINED_PER_ADDRESS + 1)]
    evicted = []
    for client in clients:
        registry.add(client)
        evicted.append(registry.mark_trusted(client))
    assert evicted == [None] * MAX_UNJOINED_PER_ADDRESS + [clients[0]]


def test_an_evicted_client_is_not_counted_again() -> None:
    """Its thread may still be reading when it shows a session."""
    registry, gone = ConnectionRegistry(), unjoined(1)
    registry.add(gone)
    registry.remove(gone)
    assert registry.mark_trusted(gone) is None
    assert registry.oldest_unjoined() is None


def test_the_oldest_stranger_goes_first() -> None:
    """When descriptors run out, not a member who returns."""
    registry, back, stranger = ConnectionRegistry(), unjoined(1), unjoined(2)
    registry.add(back)
    registry.mark_trusted(back)
    registry.add(stranger)
    assert registry.oldest_unjoined() is stranger


def silent(registry: ConnectionRegistry, connection_id: int, host: str) -> ClientThread | None:
    """Let a new client from there wait in silence; return which one is evicted for it."""
    client = unjoined(connection_id, host)
    registry.add(client)
    return cast("ClientThread | None", registry.keep_silent(client))


def test_silent_clients_wait_apart() -> None:
    """They take no place from clients that are joining, and come back among them when they speak."""
    registry = ConnectionRegistry()
    for connection_id in range(MAX_SILENT):
        assert silent(registry, connection_id, f"192.0.2.{connection_id}") is None
    for connection_id in range(1_000, 1_000 + MAX_UNJOINED):
        assert registry.add(unjoined(connection_id, f"198.51.100.{connection_id}")) is None
    first = registry.get(0)
    assert first is not None
    assert registry.oldest_unjoined() is first
    assert registry.end_silence(first) is not None  # The oldest of those that are joining makes place.
    assert registry.end_silence(first) is None
    assert registry.oldest_unjoined() is registry.get(1)


def test_too_many_silent_clients() -> None:
    """The oldest of the address makes place, or of the address with the most."""
    registry = ConnectionRegistry()
    for connection_id in range(MAX_SILENT_PER_ADDRESS):
        assert silent(registry, connection_id, "192.0.2.1") is None
    assert silent(registry, 100, "192.0.2.1") is registry.get(0)
    for connection_id in range(200, 200 + MAX_SILENT - MAX_SILENT_PER_ADDRESS):
        assert silent(registry, connection_id, f"198.51.100.{connection_id}") is None
    assert silent(registry, 300, "198.51.100.300") is registry.get(1)


def test_a_silent_client_that_is_gone() -> None:
    """It leaves no trace; and only an unjoined client can wait."""
    registry, client = ConnectionRegistry(), unjoined(1)
    assert registry.keep_silent(client) is None
    registry.add(client)
    registry.keep_silent(client)
    registry.remove(client)
    assert registry.oldest_unjoined() is None
    assert registry.end_silence(client) is None


def test_a_transfer_counts_for_its_member_only() -> None:
    """It takes no place of those who have not joined; a third is refused and stays among them."""
    registry, clients = ConnectionRegistry(), [unjoined(number) for number in range(MAX_TRANSFERS + 1)]
    for client in clients:
        registry.add(client)
    begun = [registry.begin_transfer(client, "ann", f"u{client.connection_id}") for client in clients]
    assert begun == [True] * MAX_TRANSFERS + [False]
    assert registry.oldest_unjoined() is clients[-1]
    assert registry.find_transfer("ann", "u0") is clients[0]
    registry.remove(clients[0])
    assert registry.find_transfer("ann", "u0") is None
    assert registry.begin_transfer(clients[-1], "ann", "u0")
    assert registry.oldest_unjoined() is None
    assert registry.all() == clients[1:]


def test_a_browser_goes_on_after_a_transfer() -> None:
    """The place is free for another file, and the connection is still its member's."""
    registry, clients = ConnectionRegistry(), [unjoined(number) for number in range(MAX_TRANSFERS)]
    for client in clients:
        registry.add(client)
        registry.mark_members(client, "ann")
        assert registry.may_transfer("ann")
        assert registry.begin_transfer(client, "ann", "f")
    assert not registry.may_transfer("ann")
    registry.end_transfer(clients[0])
    assert registry.may_transfer("ann")
    assert registry.find_transfer("ann", "f") is clients[1]
    assert registry.oldest_unjoined() is None


def test_a_members_browser_is_no_stranger() -> None:
    """Strangers from its address do not take its place, until it is a stranger's again."""
    registry, phone = ConnectionRegistry(), unjoined(1)
    registry.add(phone)
    assert registry.mark_members(phone, "ann") is None
    flood = [unjoined(connection_id) for connection_id in range(2, MAX_UNJOINED_PER_ADDRESS + 2)]
    assert [registry.add(client) for client in flood] == [None] * MAX_UNJOINED_PER_ADDRESS
    assert registry.mark_stranger(phone) is flood[0]
    assert registry.mark_stranger(phone) is None
    assert registry.add(unjoined(100)) is flood[1]


def test_a_closed_connection_is_nobodys() -> None:
    """Also if its thread learns too late whose it was."""
    registry, phone = ConnectionRegistry(), unjoined(1)
    registry.add(phone)
    registry.remove(phone)
    assert registry.mark_members(phone, "ann") is None
    assert registry.mark_stranger(phone) is None
    assert registry.oldest_unjoined() is None
