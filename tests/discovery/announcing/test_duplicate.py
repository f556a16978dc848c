"""A server that finds another one with its certificate tells its host."""

from __future__ import annotations

import queue
from collections.abc import Sequence

import msgspec
import pytest

from messango.discovery.announcing import advertise, duplicate
from messango.discovery.announcing.duplicate import DuplicateFinder, Ours
from messango.protocol.room_id import derive_room_id
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult
from messango.transport.identity.identity_errors import FingerprintMismatch
from tests.discovery.factories import FINGERPRINT, probe_result_of, some_room_info, unique
from tests.discovery.hosts import PORT, AdvertisedRoom, advertised

OWN, OTHER = Address("192.0.2.1", 8000), Address("192.0.2.2", 8000)
TEA, COFFEE = (derive_room_id(tag, FINGERPRINT) for tag in ("0000001f", "0000002f"))
OURS = Ours(TEA, FINGERPRINT, 8000, "messango-1f.local.")


@pytest.mark.parametrize(
    ("room_id", "address", "fingerprint", "is_duplicate"),
    [
        (TEA, OTHER, FINGERPRINT, True),
        (COFFEE, OTHER, FINGERPRINT, True),
        (TEA, OTHER, "cd" * 32, False),
        (TEA, OWN, FINGERPRINT, False),
        (TEA, Address(OWN.host, 8001), FINGERPRINT, True),
        (COFFEE, Address(OWN.host, 8001), FINGERPRINT, False),
        (TEA, Address("fe80::2%eth0", 8000), FINGERPRINT, False),
    ],
)
def test_what_is_a_duplicate(
    room_id: str,
    address: Address,
    fingerprint: str,
    is_duplicate: bool,  # noqa: FBT001
) -> None:
    """Our certificate on another machine, or our room a second time on this one; not our own other rooms."""
    result = ProbeResult(probe_result_of(some_room_info(room_id=room_id)).room, address, fingerprint, 1.0)
    assert OURS.is_duplicate(result, [OWN.host, "fe80::2"]) is is_duplicate


def test_who_passes_connections_on_to_us_is_no_duplicate() -> None:
    """We have answered ourselves: only our server knows its own token."""
    frame = msgspec.structs.replace(probe_result_of(some_room_info(room_id=TEA)).room, knows_session=True)
    assert not OURS.is_duplicate(ProbeResult(frame, OTHER, FINGERPRINT, 1.0), [OWN.host])
    stranger = ProbeResult(frame, OTHER, "cd" * 32, 1.0)
    assert not OURS.is_relayed(stranger)


class ProbedServer:
    """Answers probes with our certificate, or with another."""

    def __init__(self, room_id: str, fingerprint: str) -> None:
        self.probed: queue.SimpleQueue[Sequence[Address]] = queue.SimpleQueue()
        self._room, self._fingerprint = some_room_info(room_id=room_id), fingerprint

    def __call__(
        self,
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = 10.0,
    ) -> ProbeResult:
        assert 0 < timeout_s <= patience_s
        self.probed.put(addresses)
        if fingerprint != self._fingerprint:
            raise FingerprintMismatch(str(addresses[0]), fingerprint or "", self._fingerprint)
        room = probe_result_of(self._room).room
        return ProbeResult(room, Address(addresses[0].host, 7000), self._fingerprint, 1.0)


def watching_room(name: str, probe: ProbedServer, monkeypatch: pytest.MonkeyPatch) -> AdvertisedRoom:
    """Return a room that checks others with this probe."""

    class Finder(DuplicateFinder):
        def __init__(self, ours: Ours, on_duplicate: object, _: object) -> None:
            super().__init__(ours, on_duplicate, probe)  # type: ignore[arg-type]

    monkeypatch.setattr(advertise, "DuplicateFinder", Finder)
    return AdvertisedRoom(some_room_info(name, room_id=TEA))


def test_both_hosts_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that was there hears the other's announcement; the other hears the answer to its query."""
    monkeypatch.setattr(duplicate, "_CHECK_EVERY_S", 0.01)
    name, probe = unique("Tea"), ProbedServer(TEA, FINGERPRINT)
    hosts = [watching_room(name, probe, monkeypatch) for _ in range(2)]
    try:
        for host in hosts:
            host.advertiser.start()
        for host in hosts:
            assert host.duplicates.get(timeout=60).port == 7000
    finally:
        for host in hosts:
            host.advertiser.close()
    assert all(host.duplicates.empty() for host in hosts)


def test_a_forged_announcement_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can announce our fingerprint: what answers has to have our certificate."""
    name, probe = unique("Tea"), ProbedServer(TEA, "cd" * 32)
    host = watching_room(name, probe, monkeypatch)
    monkeypatch.undo()
    host.advertiser.start()
    try:
        with advertised(some_room_info(unique("Forged"))):
            assert probe.probed.get(timeout=60)[0].port == PORT
    finally:
        host.advertiser.close()
    assert host.duplicates.empty()
