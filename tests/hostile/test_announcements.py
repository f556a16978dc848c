"""Forged announcements of rooms, with real mDNS on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest
from zeroconf import DNSAddress, DNSOutgoing, DNSPointer, DNSService, DNSText, Zeroconf  # type: ignore[attr-defined]  # not in its __all__

from messango.cli import room_lines
from messango.discovery.browse import Browser
from messango.discovery.model.events import FoundRoom, RoomAdded, RoomUpdated
from messango.discovery.model.room_table import MAX_ROWS
from messango.discovery.model.txt_record import SERVICE_TYPE, service_name, truncate_utf8
from messango.protocol.text.escaping import UNSAFE
from tests.discovery.factories import FakeProbe, some_room_info, unique, wait_for
from tests.discovery.hosts import advertised, is_listed

PTR, TXT, SRV, A, IN = 12, 16, 33, 1, 1

ROOMS: Final = 10_000

#: Labels have at most 63 bytes, and 63 emoji have more; the other hostile texts fit.
LABELS: Final = ("😀" * 15, "a\nb\x1b[2J", "\u202eevil", "x" * 63, "Office\x00")
TEXTS: Final = (
    b"\x04v=99\x0en=999999999999\x06max=-1",
    b"\x0ahost=\x1b[2J\x0bid=\xff\xfe\xed\xa0\x80aa\n",
    b"\xff" + b"x" * 255,
    b"\x00" * 200,
    b"",
)
#: Not on this network, nobody's, and everybody's.
ADDRESSES: Final = ("8.8.8.8", "0.0.0.0", "224.0.0.251", "255.255.255.255", "127.0.0.1")  # noqa: S104


class Forger:
    """Announces rooms that do not exist."""

    def __init__(self) -> None:
        self._zeroconf = Zeroconf(["127.0.0.1"], unicast=True)

    def announce(self, label: str, number: int) -> None:
        """Announce one room, with the next server name, text and address in turn."""
        out, name, server = DNSOutgoing(0x8400), service_name(label), f"forged-{number}.local."
        port = (0, 1, 8_000, 65_535)[number % 4]
        self._add(out, DNSPointer(SERVICE_TYPE, PTR, IN, 4_500, name))
        self._add(out, DNSService(name, SRV, IN, 120, 0, 0, port, server))
        self._add(out, DNSText(name, TXT, IN, 4_500, TEXTS[number % len(TEXTS)]))
        self._add(out, DNSAddress(server, A, IN, 120, socket.inet_aton(ADDRESSES[number % len(ADDRESSES)])))
        self._zeroconf.send(out)

    def _add(self, out: Any, record: Any) -> None:
        out.add_answer_at_time(record, 0)

    def close(self) -> None:
        """Send nothing more."""
        self._zeroconf.close()


@pytest.fixture
def forger() -> Iterator[Forger]:
    """A forger on the same network."""
    forger = Forger()
    yield forger
    forger.close()


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser; no forged room answers its probes."""
    browser = Browser(probe=FakeProbe())
    browser.start()
    yield browser
    browser.close()


def listed(browser: Browser) -> dict[str, FoundRoom]:
    """Return all rooms so far, by their keys."""
    events = [browser.events.get_nowait() for _ in range(browser.events.qsize())]
    return {event.room.key: event.room for event in events if isinstance(event, (RoomAdded, RoomUpdated))}


def test_hostile_announcements_are_lines_of_a_list(browser: Browser, forger: Forger) -> None:
    """No line does harm, no address is useless, and the real room is found."""
    number = 0
    for label in LABELS:
        for _ in range(len(TEXTS) * len(ADDRESSES)):
            number += 1
            forger.announce(truncate_utf8(f"{number} {label}", 63), number)
    facts = some_room_info(unique("Real"))
    with advertised(facts):
        wait_for(browser.events, is_listed(facts.name), 60)
    for room in listed(browser).values():
        for line in (room_lines.format_room(room), room_lines.json_line(RoomAdded(room))):
            assert not UNSAFE.search(line)
        assert all(0 < address.port < 65_536 for address in room.addresses)
        assert not {address.host for address in room.addresses} & {"0.0.0.0", "224.0.0.251"}  # noqa: S104


@pytest.mark.program
@pytest.mark.timeout(300)
def test_ten_thousand_rooms_do_not_exceed_the_table(browser: Browser, forger: Forger) -> None:
    """Only a limited number is kept, and a real room is found once the forged ones did not answer."""
    pace = threading.Event()
    for number in range(ROOMS):
        forger.announce(f"Forged {number}", number)
        if number % 25 == 0:
            # If it were faster, the system would drop most packets.
            pace.wait(0.01)
    assert len(listed(browser)) > 100
    facts = some_room_info(unique("Real"))
    with advertised(facts):
        wait_for(browser.events, is_listed(facts.name), 120)
    assert len(browser._table._rows) <= MAX_ROWS
