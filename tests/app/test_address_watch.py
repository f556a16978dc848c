"""Which changes of this computer's addresses its host reads."""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Sequence
from typing import Final

import pytest

from messango.app import address_watch
from messango.app.address_watch import LOST_AFTER_S, AddressChanges, AddressWatch
from messango.transport.addresses import Address
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.link_facts import InterfaceKind

LOOPBACK: Final = Interface("lo", 1, "127.0.0.1", False, True, False, "loopback", 8)


def own(address: str, name: str = "eth0", kind: InterfaceKind = "lan") -> Interface:
    """Return an address of this computer."""
    is_ipv6 = ":" in address
    link_local = address.startswith("fe80")
    text = f"{address}%{name}" if link_local else address
    return Interface(name, 2, text, is_ipv6, False, link_local, kind, 64 if is_ipv6 else 24)


HOME: Final = own("192.168.1.20")
HOME6: Final = own("fe80::20")
OTHER: Final = own("10.7.0.4", "wlan0")


@pytest.fixture(autouse=True)
def _all_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MESSANGO_INTERFACES", raising=False)


def changes(*before: Interface) -> AddressChanges:
    """Return what decides, for a room at port 8000 of every network."""
    return AddressChanges(None, 8000, [LOOPBACK, *before])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([HOME], [own("192.168.1.77")], ["192.168.1.77"]),
        ([HOME], [HOME, OTHER], ["192.168.1.20", "10.7.0.4"]),
        ([HOME, OTHER], [OTHER], ["10.7.0.4"]),
        ([HOME6], [HOME, HOME6], ["192.168.1.20", "fe80::20%eth0"]),
        ([HOME, HOME6], [HOME6], ["fe80::20%eth0"]),
        ([], [HOME], ["192.168.1.20"]),
        ([HOME, OTHER], [HOME, dataclasses.replace(OTHER, has_carrier=False)], ["192.168.1.20", "10.7.0.4"]),
    ],
)
def test_another_place_on_the_network(
    before: list[Interface], after: list[Interface], expected: list[str]
) -> None:
    """DHCP, a second network, a cable that was unplugged: the host reads the addresses to join by, once."""
    decides = changes(*before)
    addresses = decides.check([LOOPBACK, *after], 0.0)
    assert addresses == [Address(host, 8000) for host in expected]
    assert decides.check([LOOPBACK, *after], 1.0) is None


@pytest.mark.parametrize(
    "noise",
    [
        own("172.17.0.1", "docker0", "container"),
        own("10.8.0.2", "wg0", "vpn"),
        own("2001:db8::77"),
        own("fe80::1", "docker0", "container"),
    ],
    ids=["container", "vpn", "temporary IPv6", "IPv6 of a container"],
)
def test_noise(noise: Interface) -> None:
    """Nothing changes for the others on the LAN."""
    decides = changes(HOME)
    assert not decides.differs([LOOPBACK, HOME, noise])
    assert decides.check([LOOPBACK, HOME, noise], 0.0) is None
    assert decides.check([LOOPBACK, HOME], 1.0) is None


def test_a_network_that_is_away_for_a_moment() -> None:
    """Only a longer absence is told, once, and so is the return after it."""
    decides = changes(HOME)
    assert decides.check([LOOPBACK], 0.0) is None
    assert decides.check([LOOPBACK, HOME], 5.0) is None
    assert decides.check([LOOPBACK], 100.0) is None
    assert decides.check([LOOPBACK], 100.0 + LOST_AFTER_S) == []
    assert decides.check([LOOPBACK], 200.0) is None
    assert decides.check([LOOPBACK, HOME], 300.0) == [Address("192.168.1.20", 8000)]


def test_the_watch_reports_a_change_that_has_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses come one after another; the last list counts."""
    lists: list[Sequence[Interface]] = [[HOME], [HOME], [own("10.0.0.9")], [OTHER], [OTHER]]

    def own_interfaces() -> Sequence[Interface]:
        return lists.pop(0) if len(lists) > 1 else lists[0]

    monkeypatch.setattr(address_watch, "CHECK_EVERY_S", 0.001)
    monkeypatch.setattr(address_watch, "_SETTLES_S", 0.001)
    monkeypatch.setattr(address_watch, "own_interfaces", own_interfaces)
    reported: queue.SimpleQueue[Sequence[Address]] = queue.SimpleQueue()
    noticed = threading.Event()
    watch = AddressWatch(None, 8000, reported.put, noticed.set)
    watch.start()
    assert reported.get(timeout=20) == [Address("10.7.0.4", 8000)]
    assert noticed.is_set()
    watch.close()
    watch.close()
    assert reported.empty()


def test_other_changes_are_for_those_who_announce_the_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's network changes nothing for the host, but it is one more to announce the room on."""
    container = own("172.17.0.1", "docker0", "container")
    lists: queue.SimpleQueue[Sequence[Interface]] = queue.SimpleQueue()
    asked = threading.Semaphore(0)

    def own_interfaces() -> Sequence[Interface]:
        asked.release()
        return lists.get()

    monkeypatch.setattr(address_watch, "CHECK_EVERY_S", 0.001)
    monkeypatch.setattr(address_watch, "own_interfaces", own_interfaces)
    noticed: queue.SimpleQueue[str] = queue.SimpleQueue()
    watch = AddressWatch(None, 8000, lambda _: noticed.put("place"), lambda: noticed.put("network"))
    watch.start()
    for interfaces in ([HOME], [HOME], [HOME], [HOME, container], [HOME, container]):
        lists.put(interfaces)
    for _ in range(6):
        assert asked.acquire(timeout=20)
    lists.put([HOME, container])
    watch.close()
    assert [noticed.get_nowait(), noticed.get_nowait()] == ["network", "network"]
    assert noticed.empty()
