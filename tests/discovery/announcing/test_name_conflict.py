"""Two rooms with one name, with real mDNS on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from zeroconf import DNSAddress, DNSOutgoing, DNSPointer, DNSService, Zeroconf  # type: ignore[attr-defined]  # not in __all__
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery.announcing import advertise, name_conflict
from messango.discovery.browse import Browser
from messango.discovery.model.events import BrowseEvent, FoundRoom, RoomAdded, RoomRemoved, RoomUpdated
from messango.discovery.model.txt_record import SERVICE_TYPE, service_name
from tests.discovery.factories import FakeProbe, some_room_info, unique, wait_for
from tests.discovery.hosts import PORT, AdvertisedRoom, advertised, is_listed, is_removed

A, SRV, PTR, IN = 1, 33, 12, 1
RIVAL_PORT = PORT + 100


class Attacker:
    """Sends any mDNS records, and probes nothing first."""

    def __init__(self) -> None:
        self._zeroconf = Zeroconf(["127.0.0.1"], unicast=True)
        self._ttl = 1000

    def claim(self, label: str, server: str, port: int = RIVAL_PORT) -> None:
        """Announce that the room of this name is at `server`, on this computer."""
        # zeroconf ignores a packet that equals one of the last second.
        self._ttl += 1
        self._send(
            DNSService(service_name(label), SRV, IN, self._ttl, 0, 0, port, server),
            DNSAddress(server, A, IN, self._ttl, bytes((127, 0, 0, 1))),
        )

    def send_goodbye(self, label: str) -> None:
        """Announce that the room of this name is gone."""
        self._send(DNSPointer(SERVICE_TYPE, PTR, IN, 0, service_name(label)))

    def _send(self, *records: Any) -> None:
        out = DNSOutgoing(0x8400)
        for record in records:
            out.add_answer_at_time(record, 0)
        self._zeroconf.send(out)

    def close(self) -> None:
        """Send nothing more."""
        self._zeroconf.close()


@pytest.fixture
def attacker() -> Iterator[Attacker]:
    """A stranger on the same network."""
    attacker = Attacker()
    yield attacker
    attacker.close()


def wait_for_list(browser: Browser, condition: Callable[[dict[str, str]], bool]) -> None:
    """Wait until the listed rooms, as a dict of names and ids, meet the condition."""
    rooms: dict[str, FoundRoom] = {}

    def record(event: BrowseEvent) -> bool:
        if isinstance(event, (RoomAdded, RoomUpdated)):
            rooms[event.room.key] = event.room
        elif isinstance(event, RoomRemoved):
            rooms.pop(event.room.key, None)
        return condition({room.name: room.id for room in rooms.values()})

    wait_for(browser.events, record)


class SimultaneousRegistration:
    """Lets this many rooms find a name free before the first of them announces it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, rooms: int) -> None:
        self._others = threading.Barrier(rooms)
        self._first = threading.Semaphore(rooms)
        register = AsyncZeroconf.async_register_service

        async def together(zeroconf: AsyncZeroconf, info: Any, **others: Any) -> Any:
            if self._first.acquire(blocking=False):
                await asyncio.get_running_loop().run_in_executor(None, self._others.wait, 20)
            return await register(zeroconf, info, **others)

        monkeypatch.setattr(AsyncZeroconf, "async_register_service", together)


@pytest.mark.parametrize("rooms", [2, 3])
def test_rooms_that_open_at_the_same_moment_get_numbers(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, rooms: int
) -> None:
    """Each found the name free, because none had it yet: all but one change theirs, and all are listed."""
    SimultaneousRegistration(monkeypatch, rooms)
    name = unique("Office")
    room_info = sorted((some_room_info(name) for _ in range(rooms)), key=lambda one: one.id)
    wanted = {name, *(f"{name} {number}" for number in range(2, rooms + 1))}
    answers = FakeProbe()
    with contextlib.ExitStack() as stack:
        hosts = [
            stack.enter_context(advertised(one, port=PORT + number, answers=answers))
            for number, one in enumerate(reversed(room_info))
        ]
        wait_for_list(browser, lambda found: set(found) == wanted and found[name] == room_info[0].id)
        new_names = [host.names.get(timeout=20) for host in hosts[:-1]]
        assert wanted.issuperset(new_names)
        assert hosts[-1].names.empty()


def test_a_room_whose_host_name_sorts_first_keeps_its_name(browser: Browser, attacker: Attacker) -> None:
    """It announces itself again, and browsers come back to it."""
    room_info = some_room_info(unique("Office"), room_id="0" * 32)
    with advertised(room_info) as host:
        wait_for(browser.events, is_listed(room_info.name))
        attacker.claim(room_info.name, "messango-9.local.")
        host.advertiser.update(msgspec.structs.replace(room_info, members=4))
        wait_for(browser.events, is_listed(room_info.name, lambda room: room.members == 4))
        assert host.names.empty()


def provoke_conflict(host: AdvertisedRoom, attacker: Attacker, name: str) -> str:
    """Return the name that the room takes while a stranger keeps claiming its own."""
    for _ in range(1_000):
        attacker.claim(name, "messango-9.local.")
        with contextlib.suppress(queue.Empty):
            return host.names.get(timeout=0.02)
    raise AssertionError("the room keeps its name")


def test_a_rival_that_never_yields_gets_the_name(
    browser: Browser, attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program may ignore the rules: then a room with a number is better than two of one name."""
    monkeypatch.setattr(name_conflict, "_CACHE_FLUSH_S", 0.02)
    room_info, answers = some_room_info(unique("Office"), room_id="0" * 32), FakeProbe()
    answers.by_port[RIVAL_PORT] = some_room_info(room_info.name)
    with advertised(room_info, answers=answers) as host:
        wait_for(browser.events, is_listed(room_info.name))
        assert provoke_conflict(host, attacker, room_info.name) == f"{room_info.name} 2"
        wait_for(browser.events, is_listed(f"{room_info.name} 2"))


@pytest.mark.parametrize("there", ["nobody", "ourselves", "another name"])
def test_a_forged_claim_never_gets_the_name(
    browser: Browser, attacker: Attacker, monkeypatch: pytest.MonkeyPatch, there: str
) -> None:
    """Nor does a claim that leads back to us, or to a room of another name."""
    monkeypatch.setattr(name_conflict, "_CACHE_FLUSH_S", 0.02)
    monkeypatch.setattr(name_conflict, "_CALM_S", 0.02)
    room_info, answers = some_room_info(unique("Office"), room_id="9" * 32), FakeProbe()
    if there == "another name":
        answers.by_port[RIVAL_PORT] = some_room_info("Kitchen")
    with advertised(room_info, answers=answers) as host:
        wait_for(browser.events, is_listed(room_info.name))
        checked = len(answers.probed_ports)
        for number in range(200):
            attacker.claim(
                room_info.name, f"messango-{number % 3}.local.", PORT if there == "ourselves" else RIVAL_PORT
            )
            if len(answers.probed_ports) > checked:
                break
            with contextlib.suppress(queue.Empty):
                pytest.fail(host.names.get(timeout=0.02))
        else:
            pytest.fail("the claim was not checked")
        host.advertiser.update(msgspec.structs.replace(room_info, members=4))
        wait_for(browser.events, is_listed(room_info.name, lambda room: room.members == 4))
        assert host.names.empty()


def test_a_room_does_not_change_its_name_forever(
    browser: Browser, attacker: Attacker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a real room may play tricks; after a few changes the room keeps its name."""
    monkeypatch.setattr(advertise, "_MAX_NAME_CHANGES", 1)
    room_info, answers = some_room_info(unique("Office"), room_id="9" * 32), FakeProbe()
    answers.by_port[RIVAL_PORT] = some_room_info(room_info.name)
    with advertised(room_info, answers=answers) as host:
        wait_for(browser.events, is_listed(room_info.name))
        attacker.claim(room_info.name, "messango-0.local.")
        second = host.names.get(timeout=20)
        wait_for(browser.events, is_listed(second))
        answers.by_port[RIVAL_PORT] = some_room_info(second)
        attacker.claim(second, "messango-0.local.")
        host.advertiser.update(msgspec.structs.replace(room_info, name=second, members=4))
        wait_for(browser.events, is_listed(second, lambda room: room.members == 4))
        assert host.names.empty()


def test_a_forged_goodbye_is_answered(browser: Browser, attacker: Attacker) -> None:
    """The room is back in every list at once."""
    room_info = some_room_info(unique("Office"))
    with advertised(room_info):
        wait_for(browser.events, is_listed(room_info.name))
        attacker.send_goodbye(room_info.name)
        wait_for(browser.events, is_removed(room_info.name))
        wait_for(browser.events, is_listed(room_info.name))
