"""Known rooms that answer although nobody hears them."""

from __future__ import annotations

import dataclasses

import pytest

from messango.doctor.checks import known_places
from messango.doctor.checks.known_places import answering, unheard_rooms
from messango.protocol.frames import RoomInfoFrame
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult
from tests.doctor.factories import own

ROOM_ID = "5f" * 16
ANSWER = ProbeResult(
    RoomInfoFrame(1, ROOM_ID, "Office", "1.0", 2, 5, locked=False, history=False),
    Address("192.168.1.20"),
    "ab" * 32,
    0.4,
)


@dataclasses.dataclass(frozen=True)
class Place:
    """A known room."""

    id: str
    fingerprint: str
    addresses: tuple[Address, ...]


@pytest.fixture(autouse=True)
def _made_up_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_places, "own_networks", lambda: own("eth0 192.168.1.7/24"))
    monkeypatch.setattr(known_places, "hears_itself", lambda _: True)


def test_a_room_that_answers_unheard() -> None:
    """Its announcement does not arrive; one that is heard is fine."""
    (finding,) = unheard_rooms([ANSWER], [])
    assert finding.check == "multicast"
    assert list(unheard_rooms([ANSWER], [ROOM_ID])) == []


def test_a_room_elsewhere_is_never_heard() -> None:
    """Routers do not pass on announcements; and our own room proves nothing."""
    for host in ("10.0.0.1", "192.168.1.7"):
        assert list(unheard_rooms([dataclasses.replace(ANSWER, address=Address(host))], [])) == []


def test_a_computer_that_blocks_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A firewall of ours is more certain than one of the switch."""
    monkeypatch.setattr(known_places, "hears_itself", lambda _: False)
    (finding,) = unheard_rooms([ANSWER], [])
    assert "this computer blocks mDNS" in finding.message


def test_rooms_that_do_not_answer() -> None:
    """Nobody listens there; no room is known."""
    assert answering([], 0.1) == []
    assert answering([Place(ROOM_ID, "ab" * 32, (Address("127.0.0.1", 9),))], 0.5) == []
