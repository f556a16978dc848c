"""Examines the way to one room, step by step, up to the first that is broken: `messango doctor ROOM`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from messango.discovery.model.events import FoundRoom
from messango.doctor.checks.known_places import is_echo_heard
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.host_state import large_packets_finding
from messango.doctor.recognizers.multicast import unheard
from messango.doctor.recognizers.recognize import look_around, recognize
from messango.doctor.way.packet_size import large_packets_pass
from messango.doctor.way.room_search import RoomSearch, RoomTarget
from messango.doctor.way.room_steps import (
    connect_step,
    network_step,
    own_room,
    room_step,
    step_of,
    unsteady,
    with_reason,
)
from messango.errors import MessangoError, UnprovedIdentity
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.transport.addresses import Address, is_ip
from messango.transport.dialing.dial_failure import DialFailed, most_telling
from messango.transport.dialing.dial_failure_texts import place
from messango.transport.dialing.probe import ProbeResult, probe
from messango.transport.identity.identity_errors import FingerprintMismatch
from messango.transport.networks.own_networks import OwnNetworks, own_networks

#: Linux reports a neighbor that does not answer after three seconds. With the search and a moment for the
#: reason, the whole run ends within eight.
_PROBE_TIMEOUT_S: Final = 4.0

#: A room announces all its addresses; the first ones are the ones that are tried first.
_MAX_SHOWN: Final = 4


class Probe(Protocol):
    """The signature of `messango.transport.dialing.probe.probe`, as far as it is used here."""

    def __call__(
        self, addresses: Sequence[Address], *, fingerprint: str | None, timeout_s: float
    ) -> ProbeResult: ...


def check_way(
    target: RoomTarget,
    *,
    start_search: Callable[[RoomTarget], RoomSearch] = RoomSearch,
    probe: Probe = probe,
    own: OwnNetworks | None = None,
) -> Iterator[Finding]:
    """Yield a finding for each step of the way to a room; the first problem is the last finding."""
    with contextlib.closing(start_search(target)) as search:
        yield from _RoomWay(target, search, probe, own or own_networks()).steps()


class _RoomWay:
    """One examination: what was found so far, and the steps that follow from it."""

    def __init__(self, target: RoomTarget, search: RoomSearch, probe: Probe, own: OwnNetworks) -> None:
        self._target, self._search, self._probe, self._own = target, search, probe, own

    def steps(self) -> Iterator[Finding]:
        found = self._search.wait() if self._target.is_name else None
        addresses = self._own.without_own(found.addresses) if found else self._target.addresses
        yield self._name_step(found)
        if not addresses:
            return
        addresses = self._own.rank(addresses)
        yield from self._network_steps(addresses)
        try:
            result = self._probe(addresses, fingerprint=self._fingerprint(found), timeout_s=_PROBE_TIMEOUT_S)
        except MessangoError as error:
            yield from self._broken(error, addresses)
            return
        yield from self._answered(result)

    def _fingerprint(self, found: FoundRoom | None) -> str | None:
        return self._target.fingerprint or (found.fingerprint if found else "") or None

    def _name_step(self, found: FoundRoom | None) -> Finding:
        target, label = self._target, quoted_name(self._target.label)
        if found:
            host = f" of {plain_name(found.host)}" if found.host else ""
            where = ", ".join(map(str, found.addresses)) or "no address"
            return Finding("name", Severity.OK, f"The room {label} is announced by mDNS{host}: {where}.")
        where = ", ".join(map(str, target.addresses))
        if not target.is_name:
            return Finding("name", Severity.OK, f"The room's address is {where}.")
        if where:
            return Finding(
                "name",
                Severity.NOTE,
                f"No announcement of the room {label} is heard. It was at {where} last.",
                "The next steps examine the way there.",
            )
        return self._not_found(label)

    def _not_found(self, label: str) -> Finding:
        search = self._search
        message = f"No announcement of a room {label} is heard, and no address of it is known."
        reason = None if search.others else recognize(look_around(own=self._own, listen=True))
        if reason is not None:
            return Finding("name", Severity.PROBLEM, f"{message} {reason.message}", reason.remedy)
        if search.failure is not None:
            return Finding(
                "name", Severity.PROBLEM, f"{message} {search.failure.reason}", search.failure.hint
            )
        others = f" Other rooms are: {', '.join(map(quoted_name, sorted(search.others)[:10]))}." * bool(
            search.others
        )
        return Finding(
            "name",
            Severity.PROBLEM,
            message + others,
            "Check the name. If the room is open, ask its host for the address that the server shows, and "
            "run `messango doctor HOST:PORT` with it.",
        )

    def _network_steps(self, addresses: Sequence[Address]) -> Iterator[Finding]:
        for address in addresses[:_MAX_SHOWN]:
            if is_ip(address.host):
                yield network_step(self._own, address)

    def _broken(self, error: MessangoError, addresses: Sequence[Address]) -> Iterator[Finding]:
        if isinstance(error, (FingerprintMismatch, UnprovedIdentity)):
            yield Finding("certificate", Severity.PROBLEM, str(error), error.hint)
            return
        attempt = most_telling(error.attempts) if isinstance(error, DialFailed) else None
        if attempt is None or not isinstance(error, DialFailed):
            yield Finding("room", Severity.PROBLEM, str(error), error.hint)
            return
        step = step_of(attempt.kind)
        if step != "connect" and step != "name":
            yield Finding("connect", Severity.OK, f"{place(attempt)} accepts connections.")
        heard = self._search.wait() is not None
        scene = look_around(
            [*addresses, *(tried.address for tried in error.attempts)],
            error.attempts,
            heard=heard,
            own=self._own,
        )
        yield with_reason(step, attempt, recognize(scene))

    def _answered(self, result: ProbeResult) -> Iterator[Finding]:
        address = result.address
        yield connect_step(address, result.ping_ms)
        yield Finding("encryption", Severity.OK, "The encrypted connection (TLS 1.3) is set up.")
        yield self._certificate_step()
        yield room_step(result.room)
        if self._own.is_own(address.host) or address.is_loopback:
            yield own_room(address)
            return
        yield self._packets_step(address, result)
        if self._search.wait() is None and self._own.network_of(address.host) is not None:
            yield self._unheard_step(address, result.room.name)

    def _unheard_step(self, address: Address, name: str) -> Finding:
        scene = look_around([address], heard=False, own=self._own)
        return unheard(scene, address, name, hears_itself=is_echo_heard(self._own, address))

    def _certificate_step(self) -> Finding:
        if self._target.fingerprint:
            return Finding("certificate", Severity.OK, "The certificate is the expected one.")
        return Finding(
            "certificate",
            Severity.OK,
            "The room proves its id by its certificate. "
            + (
                "Nothing else is known of it before the first visit."
                if self._target.is_name
                else "An address says nothing of which room is expected: its name or invite link does."
            ),
        )

    def _packets_step(self, address: Address, result: ProbeResult) -> Finding:
        passing = large_packets_pass(address, result.fingerprint)
        if passing:
            return Finding("packets", Severity.OK, "Packets as large as Messango sends get through.")
        if passing is None:
            return unsteady(address)
        return large_packets_finding(look_around([address], own=self._own), address)
