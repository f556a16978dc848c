"""Resolving services, with made-up answers instead of a network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import pytest
from zeroconf import DNSQuestionType, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceInfo

from messango.discovery import resolve
from messango.discovery.model.events import BrowseEvent, RoomAdded, RoomRemoved
from messango.discovery.model.room_table import MAX_ROWS, RoomTable
from messango.discovery.model.txt_record import SERVICE_TYPE, service_name
from messango.discovery.resolve import ServiceResolver
from tests.transport.networks.factories import networks

OFFICE = service_name("Office")
ADDED, REMOVED, UPDATED = ServiceStateChange.Added, ServiceStateChange.Removed, ServiceStateChange.Updated


class FakeNetwork:
    """Answers requests as the test says: with an address, late, or not at all."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requested: list[str] = []
        self.respond: Callable[[str], Awaitable[bool]] = self.at_once
        network = self

        class Info(AsyncServiceInfo):
            async def async_request(
                self,
                zc: Zeroconf,
                timeout: float,
                question_type: DNSQuestionType | None = None,
                addr: str | None = None,
                port: int = 5353,
            ) -> bool:
                assert (zc, timeout, addr, port) is not None
                assert question_type is DNSQuestionType.QM
                network.requested.append(self.name)
                self.addresses = [b"\x0a\x00\x00\x01"]
                self.port, self.server = 8000, "ann.local."
                return await network.respond(self.name)

        monkeypatch.setattr(resolve, "AsyncServiceInfo", Info)

    async def at_once(self, name: str) -> bool:
        assert name
        return True


def run(
    scene: Callable[[ServiceResolver, list[BrowseEvent]], Awaitable[None]], table: RoomTable | None = None
) -> list[BrowseEvent]:
    """Run a scene beside a running resolver; returns the emitted events."""
    emitted: list[BrowseEvent] = []

    def emit(events: Iterable[BrowseEvent]) -> None:
        emitted.extend(events)

    async def stage() -> None:
        zeroconf = Zeroconf.__new__(Zeroconf)  # The test never uses it.
        resolver = ServiceResolver(zeroconf, DNSQuestionType.QM, table or RoomTable(), emit, networks())
        work = asyncio.ensure_future(resolver.run())
        await scene(resolver, emitted)
        work.cancel()
        await asyncio.wait([work])

    asyncio.run(stage())
    return emitted


async def run_loop_turns(count: int = 10) -> None:
    """Let every waiting task continue."""
    for _ in range(count):
        await asyncio.sleep(0)


def test_a_service_becomes_a_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its address and its machine."""
    network = FakeNetwork(monkeypatch)

    async def scene(resolver: ServiceResolver, _emitted: list[BrowseEvent]) -> None:
        resolver.service_changed(OFFICE, ADDED)
        await run_loop_turns()

    (event,) = run(scene)
    assert isinstance(event, RoomAdded)
    assert (event.room.name, event.room.host, str(event.room.addresses[0])) == (
        "Office",
        "ann",
        "10.0.0.1:8000",
    )
    assert network.requested == [OFFICE]


def test_changes_during_a_request_cause_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more, however many changes there were: only the last state counts."""
    network = FakeNetwork(monkeypatch)

    async def scene(resolver: ServiceResolver, _emitted: list[BrowseEvent]) -> None:
        go = asyncio.Event()

        async def slow(_name: str) -> bool:
            return await go.wait()

        network.respond = slow
        resolver.service_changed(OFFICE, ADDED)
        await run_loop_turns()
        for _ in range(5):
            resolver.service_changed(OFFICE, UPDATED)
        await run_loop_turns()
        go.set()
        await run_loop_turns()

    run(scene)
    assert network.requested == [OFFICE, OFFICE]


def test_a_goodbye_stops_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that said goodbye meanwhile never appears."""
    network = FakeNetwork(monkeypatch)
    go: list[asyncio.Event] = []

    async def scene(resolver: ServiceResolver, _emitted: list[BrowseEvent]) -> None:
        go.append(asyncio.Event())

        async def slow(_name: str) -> bool:
            return await go[0].wait()

        network.respond = slow
        resolver.service_changed(OFFICE, ADDED)
        await run_loop_turns()
        resolver.service_changed(OFFICE, REMOVED)
        await run_loop_turns()
        go[0].set()
        await run_loop_turns()

    assert run(scene) == []


def test_a_goodbye_ignores_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS names are the same in any case."""
    FakeNetwork(monkeypatch)

    async def scene(resolver: ServiceResolver, _emitted: list[BrowseEvent]) -> None:
        resolver.service_changed(OFFICE, ADDED)
        await run_loop_turns()
        resolver.service_changed(OFFICE.upper(), REMOVED)
        await run_loop_turns()

    assert [type(event) for event in run(scene)] == [RoomAdded, RoomRemoved]


def test_an_invalid_name_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names come from strangers; the next one is still resolved."""
    FakeNetwork(monkeypatch)

    async def scene(resolver: ServiceResolver, _emitted: list[BrowseEvent]) -> None:
        for name in ("", ".", SERVICE_TYPE, "x._http._tcp.local.", f"\x00\x1f.{SERVICE_TYPE}"):
            resolver.service_changed(name, ADDED)
        resolver.service_changed(OFFICE, ADDED)
        await run_loop_turns(30)

    assert "Office" in [event.room.name for event in run(scene) if isinstance(event, RoomAdded)]


def test_a_flood_of_names_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most as many requests at once as the table has rows."""
    network = FakeNetwork(monkeypatch)

    async def scene(resolver: ServiceResolver, _emitted: list[BrowseEvent]) -> None:
        async def never(_name: str) -> bool:
            return bool(await asyncio.get_running_loop().create_future())

        network.respond = never
        for number in range(MAX_ROWS * 3):
            resolver.service_changed(service_name(f"Fake {number}"), ADDED)
        await run_loop_turns(MAX_ROWS * 4)

    run(scene)
    assert len(network.requested) == MAX_ROWS
