"""Announcing a room, with real mDNS on loopback."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Awaitable
from typing import Any

import msgspec
import pytest
from zeroconf import ServiceInfo, Zeroconf
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery import mdns
from messango.discovery.announcing import advertise
from messango.discovery.browse import Browser
from messango.discovery.mdns import MdnsNetwork, current_network
from messango.discovery.model.events import BrowseEvent, RoomAdded, RoomRemoved, RoomUpdated
from messango.transport.addresses import Address
from tests.discovery.factories import FINGERPRINT, FakeProbe, some_room_info, unique, wait_for
from tests.discovery.hosts import PORT, advertised, is_listed, is_removed


def test_others_see_a_room_with_all_its_data(browser: Browser) -> None:
    """Name, seats, fingerprint, version, machine and address."""
    room_info = some_room_info(unique("v1.2 🥭"), members=3, seats=7)
    with advertised(room_info) as host:
        event = wait_for(browser.events, is_listed(room_info.name))
        assert isinstance(event, RoomAdded)
        room = event.room
        assert (room.id, room.members, room.seats, room.version) == (room_info.id, 3, 7, "1.2.3")
        assert (room.fingerprint, room.protocol, room.locked) == (FINGERPRINT, 1, False)
        assert room.host
        assert [str(address) for address in room.addresses] == [f"127.0.0.1:{PORT}"]
        assert host.names.empty()
        assert host.failures.empty()


def test_a_name_that_is_taken_in_another_case_gets_a_number(browser: Browser) -> None:
    """zeroconf would let the second take over the first's entry; the host gets the new name."""
    name = unique("Office")
    with advertised(some_room_info(name)) as first:
        wait_for(browser.events, is_listed(name))
        with advertised(some_room_info(name.upper())) as second:
            wait_for(browser.events, is_listed(f"{name.upper()} 2"))
            assert second.names.get(timeout=20) == f"{name.upper()} 2"
            assert first.names.empty()


def test_the_same_name_gets_a_number(browser: Browser) -> None:
    """If two machines choose the same name, both rooms are listed."""
    name, answers = unique("Office"), FakeProbe()
    with (
        advertised(some_room_info(name), answers=answers),
        advertised(some_room_info(name), answers=answers, port=PORT + 1) as other,
    ):
        names: set[str] = set()

        def has_both(event: BrowseEvent) -> bool:
            if isinstance(event, RoomAdded):
                names.add(event.room.name)
            return {name, f"{name} 2"} <= names

        wait_for(browser.events, has_both)
        assert other.failures.empty()


def test_a_number_that_the_server_took_over_is_kept(browser: Browser) -> None:
    """After the conflict the server renames the room; the advertiser keeps that name."""
    name = unique("Office")
    with advertised(some_room_info(name)):
        wait_for(browser.events, is_listed(name))
        room_info = some_room_info(name)
        with advertised(room_info) as second:
            number_two = second.names.get(timeout=20)
            second.advertiser.update(msgspec.structs.replace(room_info, name=number_two, members=4))
            wait_for(browser.events, is_listed(number_two, lambda room: room.members == 4))
            assert second.names.empty()


def test_the_last_of_many_updates_wins(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """After many quick changes the last one is announced, in few updates."""
    updates_s: list[float] = []
    update = AsyncZeroconf.async_update_service

    async def recording(zeroconf: AsyncZeroconf, info: ServiceInfo) -> Awaitable[None]:
        updates_s.append(time.monotonic())
        return await update(zeroconf, info)

    monkeypatch.setattr(AsyncZeroconf, "async_update_service", recording)
    room_info = some_room_info(unique("Office"), members=0)
    with advertised(room_info) as host:
        wait_for(browser.events, is_listed(room_info.name))
        for members in range(1, 6):
            host.advertiser.update(msgspec.structs.replace(room_info, members=members))
        wait_for(browser.events, is_listed(room_info.name, lambda room: room.members == 5))
        # Not back to 0: zeroconf ignores a record that it had within the last second.
        host.advertiser.update(msgspec.structs.replace(room_info, members=6))
        wait_for(browser.events, is_listed(room_info.name, lambda room: room.members == 6))
    pauses_s = [later - earlier for earlier, later in itertools.pairwise(updates_s)]
    assert pauses_s
    assert min(pauses_s) > 0.5 * advertise.UPDATE_EVERY_S


def test_an_update_before_the_announcement_is_not_lost(browser: Browser) -> None:
    """A person who has the address may join within the first second."""
    room_info = some_room_info(unique("Office"), members=0)
    with advertised(room_info) as host:
        host.advertiser.update(msgspec.structs.replace(room_info, members=2))
        wait_for(browser.events, is_listed(room_info.name, lambda room: room.members == 2))


def test_a_renamed_room_changes_its_entry(browser: Browser) -> None:
    """The old name says goodbye, the new one is announced."""
    room_info = some_room_info(unique("Office"))
    new = unique("Kitchen")
    with advertised(room_info) as host:
        wait_for(browser.events, is_listed(room_info.name))
        host.advertiser.update(msgspec.structs.replace(room_info, name=new))
        wait_for(browser.events, is_removed(room_info.name))
        wait_for(browser.events, is_listed(new))


def test_closing_says_goodbye(browser: Browser) -> None:
    """The room leaves every list at once; closing twice is harmless."""
    room_info = some_room_info(unique("Office"))
    with advertised(room_info) as host:
        wait_for(browser.events, is_listed(room_info.name))
        host.advertiser.close()
        wait_for(browser.events, is_removed(room_info.name))
        host.advertiser.close()


def test_nothing_is_announced_after_the_goodbye(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second and third announcement are still pending when the room closes; they would list it again."""
    lifetimes: list[float] = []
    send = Zeroconf.async_send

    def record(zeroconf: Zeroconf, out: Any, *more: Any, **others: Any) -> None:
        lifetimes.extend(record.ttl for record, _ in out.answers if room_info.name in record.name)
        send(zeroconf, out, *more, **others)

    monkeypatch.setattr(Zeroconf, "async_send", record)
    room_info = some_room_info(unique("Office"))
    with advertised(room_info) as host:
        wait_for(browser.events, is_listed(room_info.name))
        host.advertiser.close()
    first_goodbye = lifetimes.index(0)
    assert first_goodbye > 0
    assert not any(lifetimes[first_goodbye:])


def test_closing_during_the_announcement_leaves_no_stale_room(browser: Browser) -> None:
    """At any moment, the thread ends and announced records are withdrawn."""
    for pause_s in (0.0, 0.01, 0.1, 0.5, 1.0, 1.45):
        with advertised(some_room_info(unique("Brief"))) as host:
            threading.Event().wait(pause_s)
            host.advertiser.close()
            assert not [thread for thread in threading.enumerate() if thread.name == "messango-advertise"]
    after = some_room_info(unique("After"))
    listed: set[str] = set()

    def record(event: BrowseEvent) -> bool:
        if isinstance(event, RoomAdded):
            listed.add(event.room.name)
        elif isinstance(event, RoomRemoved):
            listed.discard(event.room.name)
        return after.name in listed

    with advertised(after):
        # Once a later room is listed, the goodbyes of the earlier ones have been received.
        wait_for(browser.events, record)
        assert not any(name.startswith("Brief") for name in listed)


def test_a_failure_is_reported_and_recovers_in_the_background(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One warning in plain words; when the network is back, the room is advertised."""
    monkeypatch.setattr(advertise, "_RETRY_S", (0.05,))
    monkeypatch.setenv("MESSANGO_INTERFACES", "192.0.2.77")
    room_info = some_room_info(unique("Office"))
    with advertised(room_info) as host:
        failure = host.failures.get(timeout=20)
        assert "192.0.2.77" in failure
        assert "messango doctor" in failure
        with pytest.raises(queue.Empty):
            host.failures.get(timeout=0.5)
        monkeypatch.setenv("MESSANGO_INTERFACES", "127.0.0.1")
        wait_for(browser.events, is_listed(room_info.name))
        assert host.failures.empty()


def test_an_invalid_environment_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names the variable."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    with advertised(some_room_info()) as host:
        assert "MESSANGO_INTERFACES" in host.failures.get(timeout=20)


def test_only_addresses_that_the_room_listens_on_are_announced(browser: Browser) -> None:
    """`--host` keeps the machine's other networks out; a scope has a meaning on this computer only."""
    room_info = some_room_info(unique("Office"))
    with advertised(room_info, addresses=["ann-laptop.local", "2001:db8::7%eth0"]):
        event = wait_for(browser.events, is_listed(room_info.name))
        assert isinstance(event, RoomAdded)
        assert [address.host for address in event.room.addresses] == ["2001:db8::7"]


def test_a_new_address_is_announced(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cable is plugged in while the room is open; nobody has to restart anything."""
    addresses = ["127.0.0.1"]
    plugged_in = threading.Event()
    real = current_network()

    def network(interfaces: list[str] | None = None) -> MdnsNetwork:
        assert interfaces is None or interfaces
        if not plugged_in.is_set():
            return real
        more = (*real.addresses, ("eth9", "10.1.2.3"))
        return MdnsNetwork(more, real.chosen, real.ip_version, only_loopback=False)

    for module in (advertise, mdns):
        monkeypatch.setattr(module, "current_network", network)
    monkeypatch.setattr(advertise, "advertised_addresses", lambda _host: list(addresses))
    monkeypatch.setattr(advertise, "CHECK_NETWORK_EVERY_S", 0.1)
    monkeypatch.setattr(mdns, "_NETWORK_SETTLES_S", 0.1)
    room_info = some_room_info(unique("Office"))
    home = (Address("127.0.0.1", PORT),)
    with advertised(room_info):
        wait_for(browser.events, is_listed(room_info.name, lambda room: room.addresses == home))
        addresses.append("10.1.2.3")
        plugged_in.set()
        event = wait_for(browser.events, is_listed(room_info.name, lambda room: room.addresses != home))
        assert isinstance(event, RoomUpdated)
        assert [address.host for address in event.room.addresses] == ["10.1.2.3"]
