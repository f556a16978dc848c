"""Watching for rooms, with real mDNS on loopback."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import msgspec
import pytest
from zeroconf import ServiceInfo, Zeroconf
from zeroconf.asyncio import AsyncZeroconf

from messango.discovery import browse, mdns
from messango.discovery.announcing.advertise import Advertiser
from messango.discovery.browse import Browser
from messango.discovery.model.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.txt_record import SERVICE_TYPE, service_name
from messango.errors import Unreachable
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult
from messango.transport.networks.interfaces import Interface, own_interfaces
from tests.discovery.factories import FakeProbe, some_room_info, unique, wait_for

EventFilter = Callable[[BrowseEvent], bool]


@contextlib.contextmanager
def browsing(probe: FakeProbe, interfaces: Sequence[str] | None = None) -> Iterator[Browser]:
    """Browse during the block."""
    browser = Browser(interfaces=interfaces, probe=probe)
    browser.start()
    try:
        yield browser
    finally:
        browser.close()
        browser.close()


@contextlib.contextmanager
def announced(label: str, port: int, *addresses: str, **txt: str) -> Iterator[Zeroconf]:
    """Announce a service with zeroconf itself, with any content."""
    zeroconf = Zeroconf(["127.0.0.1"])
    info = ServiceInfo(
        SERVICE_TYPE,
        service_name(label),
        port=port,
        properties=txt,
        server=f"host-{port}.local.",
        parsed_addresses=list(addresses),
    )
    try:
        zeroconf.register_service(info, cooperating_responders=True)
        yield zeroconf
    finally:
        zeroconf.close()


def has_status(name: str, *wanted: RoomStatus) -> EventFilter:
    """Return a filter for events that show this room with one of these statuses."""
    return lambda event: (
        isinstance(event, (RoomAdded, RoomUpdated))
        and event.room.name == name
        and (not wanted or event.room.status in wanted)
    )


def is_removed(name: str) -> EventFilter:
    """Return a filter for the event that removes this room from the list."""
    return lambda event: isinstance(event, RoomRemoved) and event.room.name == name


def test_a_room_is_found_probed_and_removed_on_its_goodbye() -> None:
    """First listed, then open once it has answered, then removed at once."""
    rooms = FakeProbe()
    room_info = some_room_info(unique("Office"), members=2)
    rooms.by_port[48_101] = room_info
    with browsing(rooms) as browser:
        with announced(room_info.name, 48_101, "127.0.0.1", v="1"):
            added = wait_for(browser.events, has_status(room_info.name))
            assert isinstance(added, RoomAdded)
            assert added.room.status is RoomStatus.CHECKING
            opened = wait_for(browser.events, has_status(room_info.name, RoomStatus.OPEN))
            assert isinstance(opened, RoomUpdated)
            assert (opened.room.id, opened.room.members) == (room_info.id, 2)
            assert opened.room.ping_ms is not None
        wait_for(browser.events, is_removed(room_info.name))


def test_a_room_that_was_open_before_is_found_at_once() -> None:
    """Repeatedly: RFC 6762 lets multicast answers wait a second; answers to our own port come at once."""
    rooms = FakeProbe()
    room_info = some_room_info(unique("Office"))
    rooms.by_port[48_102] = room_info
    took_s: list[float] = []
    with announced(room_info.name, 48_102, "127.0.0.1"):
        for _ in range(5):
            began = time.monotonic()
            with browsing(rooms) as browser:
                wait_for(browser.events, has_status(room_info.name, RoomStatus.OPEN))
            took_s.append(time.monotonic() - began)
    # By multicast each but the first would wait; on a slow machine some of ours do, too.
    assert min(took_s[1:]) < 0.8, took_s


def test_a_room_on_several_addresses_is_one_row() -> None:
    """The best address comes first, and addresses that can't be connected to are left out."""
    rooms = FakeProbe()
    name = unique("Office")
    literals = ("2001:db8::5", "127.0.0.1", "224.0.0.9", "10.9.8.7")
    with announced(name, 48_103, *literals), browsing(rooms) as browser:
        room = wait_for(browser.events, has_status(name, RoomStatus.SILENT))
        assert isinstance(room, RoomUpdated)
        assert [address.host for address in room.room.addresses] == ["10.9.8.7", "2001:db8::5"]


def test_a_killed_server_is_silent_long_before_its_record_expires() -> None:
    """A room whose socket closes without a goodbye is shown as not answering, in seconds and not minutes."""
    name = unique("Office")
    with real_browser() as browser, advertised_server(name) as (server, advertiser):
        wait_for(browser.events, has_status(name, RoomStatus.OPEN))
        server.close()
        silent = wait_for(browser.events, has_status(name, RoomStatus.SILENT))
        assert isinstance(silent, RoomUpdated)
        assert silent.room.ping_ms is None
        advertiser.close()
        wait_for(browser.events, is_removed(name))


def test_a_real_room_is_shown_with_all_its_data() -> None:
    """Its data, the fingerprint of its certificate, and a round trip, over TLS."""
    name = unique("Office")
    with real_browser() as browser, advertised_server(name) as (server, _):
        opened = wait_for(browser.events, has_status(name, RoomStatus.OPEN))
        assert isinstance(opened, RoomUpdated)
        assert opened.room.fingerprint == server.fingerprint
        assert opened.room.id == server.room_info().id
        assert opened.room.addresses == (Address("127.0.0.1", server.port),)


def test_a_new_member_is_seen_at_once() -> None:
    """A changed record triggers a probe, long before the next one is due."""
    rooms = FakeProbe()
    room_info = some_room_info(unique("Office"), members=1)
    rooms.by_port[48_104] = room_info
    advertiser = Advertiser(
        room_info,
        port=48_104,
        fingerprint="",
        addresses=None,
        on_renamed=print,
        on_failure=print,
        on_duplicate=print,
    )
    with browsing(rooms) as browser:
        advertiser.start()
        try:
            wait_for(browser.events, has_status(room_info.name, RoomStatus.OPEN))
            fuller = msgspec.structs.replace(room_info, members=5)
            rooms.by_port[48_104] = fuller
            advertiser.update(fuller)
            wait_for(browser.events, has_status(room_info.name, RoomStatus.FULL))
        finally:
            advertiser.close()


def test_a_refresh_drops_silent_rooms_and_finds_the_others_again() -> None:
    """The old record of a dead room is not used again; living rooms stay."""
    rooms = FakeProbe()
    room_info = some_room_info(unique("Alive"))
    rooms.by_port[48_105] = room_info
    dead = unique("Dead")
    with (
        browsing(rooms) as browser,
        announced(room_info.name, 48_105, "127.0.0.1"),
        announced(dead, 48_106, "127.0.0.1") as zeroconf,
    ):
        wait_for(browser.events, has_status(room_info.name, RoomStatus.OPEN))
        wait_for(browser.events, has_status(dead, RoomStatus.SILENT))
        # Offline without a goodbye, like a killed server.
        zeroconf.registry.async_remove(zeroconf.registry.async_get_service_infos())
        browser.refresh()
        wait_for(browser.events, is_removed(dead))
        late = unique("Late")
        with announced(late, 48_107, "127.0.0.1"):
            unwanted: list[BrowseEvent] = []

            def record(event: BrowseEvent) -> bool:
                if has_status(dead)(event) or is_removed(room_info.name)(event):
                    unwanted.append(event)
                return has_status(late)(event)

            wait_for(browser.events, record)
            assert unwanted == []


def test_invalid_records_do_no_harm() -> None:
    """No port, no address, a label full of control characters: the next room is still found."""
    rooms = FakeProbe()
    room_info = some_room_info(unique("Good"))
    rooms.by_port[48_108] = room_info
    evil = unique("Evil\u202e")
    with (
        browsing(rooms) as browser,
        announced(unique("No port"), 0, "127.0.0.1"),
        announced(unique("Nowhere"), 48_109, "0.0.0.0"),  # noqa: S104 (nobody binds to it)
        announced(evil, 48_110, "127.0.0.1", v="x" * 200, n="-1", max="", id="\x1b[2J"),
        announced(room_info.name, 48_108, "127.0.0.1"),
    ):
        listed: list[str] = []

        def record(event: BrowseEvent) -> bool:
            if isinstance(event, RoomAdded):
                listed.append(event.room.name)
            return has_status(room_info.name, RoomStatus.OPEN)(event)

        wait_for(browser.events, record)
        assert not any("No port" in name or "Nowhere" in name or "\u202e" in name for name in listed)


def test_no_network_is_an_event_and_recovers_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence and a hint; later, rooms are found as usual."""
    monkeypatch.setattr(browse, "_RETRY_S", 0.1)
    own = own_interfaces()
    monkeypatch.setattr(mdns, "own_interfaces", list)
    rooms = FakeProbe()
    room_info = some_room_info(unique("Office"))
    rooms.by_port[48_111] = room_info
    with browsing(rooms) as browser:
        failed = browser.events.get(timeout=20)
        assert isinstance(failed, BrowseFailed)
        assert "not connected to a network" in failed.reason
        assert failed.hint
        with pytest.raises(queue.Empty):
            browser.events.get(timeout=0.3)
        monkeypatch.setattr(mdns, "own_interfaces", lambda: own)
        with announced(room_info.name, 48_111, "127.0.0.1"):
            assert isinstance(browser.events.get(timeout=20), BrowseResumed)
            wait_for(browser.events, has_status(room_info.name, RoomStatus.OPEN))


def test_a_new_interface_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """zeroconf receives nothing on an interface that appeared later, so the browser sets it up again."""
    monkeypatch.setattr(browse, "CHECK_NETWORK_EVERY_S", 0.05)
    monkeypatch.setattr(mdns, "_NETWORK_SETTLES_S", 0.05)
    own = own_interfaces()
    loopback = [interface for interface in own if interface.is_loopback]
    chosen = ["127.0.0.1", "192.0.2.77"]
    opened: queue.SimpleQueue[tuple[str, ...]] = queue.SimpleQueue()
    real_opened = mdns.MdnsNetwork.zeroconf_session

    def record(
        network: mdns.MdnsNetwork, *, unicast: bool = False
    ) -> contextlib.AbstractAsyncContextManager[AsyncZeroconf]:
        opened.put(network.available)
        return real_opened(
            network if "192.0.2.77" not in network.available else only_loopback, unicast=unicast
        )

    only_loopback = mdns.current_network(["127.0.0.1"])
    monkeypatch.setattr(mdns.MdnsNetwork, "zeroconf_session", record)
    monkeypatch.setattr(mdns, "own_interfaces", lambda: loopback)
    with browsing(FakeProbe(), chosen):
        assert opened.get(timeout=20) == ("127.0.0.1",)
        later = Interface("eth9", 9, "192.0.2.77", False, False, False, "lan")
        monkeypatch.setattr(mdns, "own_interfaces", lambda: [*loopback, later])
        while "192.0.2.77" not in opened.get(timeout=20):
            pass


def test_closing_before_the_start_is_harmless() -> None:
    """A window may close as soon as it opens."""
    browser = Browser(probe=FakeProbe())
    browser.refresh()
    browser.close()
    with browsing(FakeProbe()):
        pass


def test_a_room_that_hangs_does_not_delay_others() -> None:
    """Its probe occupies one thread, and another thread probes the next room."""
    room_info = some_room_info(unique("Quick"))
    hanging = unique("Hanging")

    class Hanging(FakeProbe):
        def __call__(
            self,
            addresses: Sequence[Address],
            *,
            fingerprint: str | None = None,
            timeout_s: float = 3.0,
            patience_s: float = 10.0,
        ) -> ProbeResult:
            if addresses[0].port == 48_112:
                let_go.wait(30)
                raise Unreachable("No answer in time.")
            return super().__call__(
                addresses, fingerprint=fingerprint, timeout_s=timeout_s, patience_s=patience_s
            )

    let_go = threading.Event()
    rooms = Hanging()
    rooms.by_port[48_113] = room_info
    with browsing(rooms) as browser, announced(hanging, 48_112, "127.0.0.1"):
        wait_for(browser.events, has_status(hanging))
        with announced(room_info.name, 48_113, "127.0.0.1"):
            wait_for(browser.events, has_status(room_info.name, RoomStatus.OPEN))
        let_go.set()


@contextlib.contextmanager
def real_browser() -> Iterator[Browser]:
    """Browse as the program does, with real probes."""
    browser = Browser()
    browser.start()
    try:
        yield browser
    finally:
        browser.close()


@contextlib.contextmanager
def advertised_server(name: str) -> Iterator[tuple[Server, Advertiser]]:
    """Open and advertise a real room on loopback during the block."""
    server = Server(ServerOptions(name=name, host="127.0.0.1", port=0))
    server.open()
    advertiser = Advertiser(
        server.room_info(),
        port=server.port,
        fingerprint=server.fingerprint,
        addresses=["127.0.0.1"],
        on_renamed=print,
        on_failure=print,
        on_duplicate=print,
    )
    advertiser.start()
    try:
        yield server, advertiser
    finally:
        advertiser.close()
        server.close()


def test_a_probe_asks_for_the_announced_certificate() -> None:
    """Another room at the announced address is neither listed as the announced one nor joined."""
    rooms, label = FakeProbe(), unique("Forged")
    rooms.by_port[48_114] = some_room_info(unique("Ours"))
    with browsing(rooms) as browser, announced(label, 48_114, "127.0.0.1", fp="cd" * 32):
        wait_for(browser.events, has_status(label, RoomStatus.UNPROVED))
