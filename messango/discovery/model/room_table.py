"""One row per room, from mDNS records and probe results. Has no network and no clock."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable
from typing import Final

from messango.discovery.model import hint_rows
from messango.discovery.model.events import (
    ANSWERED,
    BrowseEvent,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.found_room import found_room, status_of_answer
from messango.discovery.model.probe_outcome import contradicts, is_other_version, notable_failure
from messango.discovery.model.room_row import UNANSWERED, Row, Service
from messango.discovery.model.same_room import (
    answered_as_same_room,
    has_same_service_name,
    is_outshone,
    is_same_place,
)
from messango.discovery.model.txt_record import (
    service_name,
)
from messango.errors import JoinRefused, MessangoError, UnprovedIdentity
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import FailureKind
from messango.transport.dialing.probe import ProbeResult
from messango.transport.identity.identity_errors import FingerprintMismatch

__all__ = ["RoomTable", "Row", "Service"]

#: Nobody reads more rows, and a machine that announces thousands of rooms must not fill our memory.
MAX_ROWS: Final = 500

#: Pause between two probes of a room. With a probe's time limit, a dead room shows as silent within 5 s.
PROBE_EVERY_S: Final = 2.5
#: Beyond this many rooms each is probed less often, so that the total rate stays the same.
_ROWS_AT_FULL_RATE: Final = 50
#: A probe that fails quickly may be a hiccup: only the second failure in a row counts.
_RETRY_PROBE_AFTER_S: Final = 0.3
_QUICK_FAILURE_S: Final = 1.0
#: A probe that takes longer has connected on a slow network, or it would have been given up.
SLOW_PROBE_S: Final = 2.3
#: After this many such probes without an answer the room counts as silent all the same.
_MAX_SLOW_FAILURES: Final = 3
#: A changed record triggers a probe, but at most this often, however often a stranger changes it.
_MIN_CHANGE_PROBE_GAP_S: Final = 0.5

#: Anybody can forge a goodbye. A room that still answers this long after its own has probably not left.
_GOODBYE_CHECK_S: Final = 1.0

#: A room that is silent this long is hidden; it is still probed now and then, and may come back.
HIDE_AFTER_S: Final = 60.0
_HIDDEN_PROBE_EVERY_S: Final = 15.0
#: It is hidden sooner if its computer refuses the connection and nobody answers this many questions for its
#: records: then it has closed, and we have missed its goodbye.
_GONE_AFTER_QUESTIONS: Final = 2

#: What a probe meets in bad air, if it loses more packets than it repeats.
_PERHAPS_LOST: Final = (FailureKind.NO_ANSWER, FailureKind.STALLED)

#: What a full table drops first.
_USELESS: Final = (RoomStatus.SILENT, RoomStatus.UNPROVED)


class RoomTable:
    """All rows; its methods return the visible changes as events. Only one thread uses it.

    Services for which `is_wanted` returns true are probed first, and always find a place.
    """

    def __init__(self, is_wanted: Callable[[Service], bool] = lambda _: False) -> None:
        self._rows: dict[str, Row] = {}
        self._is_wanted = is_wanted
        self._numbers = itertools.count()

    def service_resolved(self, service: Service, now: float) -> list[BrowseEvent]:
        """Add or update a room from its mDNS records."""
        row = self._rows.get(service.key) or self._row_before_restart(service)
        dropped: list[Row] = []
        if row is None:
            if not service.addresses or not self._make_space(service, dropped):
                return []
            row = self._rows[service.key] = Row(service, next_probe=now, number=next(self._numbers))
        elif row.service != service or row.hidden or row.goodbye_s is not None:
            row.service = dataclasses.replace(
                service, key=row.service.key, addresses=service.addresses or row.addresses
            )
            if row.is_probe_outdated:
                row.failure = None
            if row.goodbye_s is not None:
                # It is announced again, so the goodbye was forged, or the room was opened again.
                row.goodbye_s, row.goodbye_was_forged = None, True
            row.next_probe = min(row.next_probe, max(now, row.last_probe + _MIN_CHANGE_PROBE_GAP_S))
        return self._visible_changes([*dropped, *self._related_rows(row)])

    def service_removed(self, name: str, now: float, host: str = "") -> list[BrowseEvent]:
        """Hide the rooms of this service name: they said goodbye. Each comes back if it still answers.

        One `host` that withdraws only its claim leaves the name to another room, and soon has another one:
        its room stays until the next probe.
        """
        left = [row for row in self._rows.values() if row.service.name == name]
        changed: list[Row] = []
        for row in [row for row in left if host in ("", row.service.host)]:
            hint_rows.forget_answers(row, self._rows.values())
            changed += self._related_rows(row)
            if row.status in _USELESS:
                del self._rows[row.service.key]
            elif row.goodbye_was_forged:
                row.next_probe = min(row.next_probe, now)
            elif host and row.goodbye_s is None:
                row.goodbye_was_forged, row.next_probe = True, now + _GOODBYE_CHECK_S
            elif row.goodbye_s is None:
                row.goodbye_s, row.next_probe = now, now + _GOODBYE_CHECK_S
        return self._visible_changes(changed)

    def add_hints(self, services: Iterable[Service], due: float) -> None:
        """Probe known rooms at their last addresses from `due` on, unless they are announced."""
        for service in services:
            if len(self._rows) < MAX_ROWS:
                row = self._rows.setdefault(service.key, Row(service, next_probe=due))
                row.next_probe = min(row.next_probe, due)

    def due_rows(self, now: float) -> list[Row]:
        """Return the rows to probe now: the wanted ones, then those that were never probed.

        Last come those at addresses that have failed for another row, or are being probed for one, however
        many of them are announced.
        """
        hint_rows.postpone_announced(self._rows.values(), now)
        waiting = [row for row in self._rows.values() if not row.probing and row.next_probe <= now]
        bad = {
            address
            for row in self._rows.values()
            if row.status in _USELESS or (row.probing and row.status is RoomStatus.CHECKING)
            for address in row.service.addresses
        }

        def order(row: Row) -> tuple[bool, bool, float, float]:
            is_wanted = self._is_wanted(row.service)
            likely_bad = row.status is RoomStatus.CHECKING and bad.issuperset(row.service.addresses)
            return not is_wanted, likely_bad, row.last_probe, row.next_probe

        return _first_of_each_place(sorted(waiting, key=order))

    def next_due(self) -> float:
        """Return the time of the next probe, or infinity."""
        return min((row.next_probe for row in self._rows.values() if not row.probing), default=float("inf"))

    def probe_started(self, row: Row, now: float) -> None:
        """Record that a probe of this row is running."""
        row.probing, row.last_probe, row.probed = True, now, row.addresses

    def slow_probes(self, now: float) -> list[BrowseEvent]:
        """Show the rooms as slow whose probes take long and that have not answered before."""
        slow = [
            row
            for row in self._rows.values()
            if row.probing
            and now - row.last_probe >= SLOW_PROBE_S
            and row.status in {RoomStatus.CHECKING, RoomStatus.SILENT}
        ]
        for row in slow:
            row.status = RoomStatus.SLOW
        return self._visible_changes(slow)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that is announced was found yet."""
        return not any(row.service.announced for row in self._rows.values())

    def services_to_confirm(self, limit: int) -> list[str]:
        """Return the full names of services to ask for now: their rooms are silent, so they may be gone."""
        silent = [row for row in self._rows.values() if row.status in UNANSWERED and not row.hidden]
        asked = sorted(silent, key=lambda row: row.unanswered_questions)[:limit]
        for row in asked:
            row.unanswered_questions += 1
        return [service_name(row.service.label) for row in asked]

    def services_answered(self) -> list[str]:
        """Return the full names of the services whose rooms answer; another host may claim one of them."""
        answered = (row for row in self._rows.values() if row.status in ANSWERED and row.service.name)
        return list(dict.fromkeys(service_name(row.service.label) for row in answered))

    def service_heard(self, full_name: str) -> None:
        """Record that a host still announces this service."""
        for row in self._rows.values():
            if service_name(row.service.label).lower() == full_name.lower():
                row.unanswered_questions = 0

    def probe_succeeded(self, row: Row, probe_result: ProbeResult, now: float) -> list[BrowseEvent]:
        """Record a room's answer; one that is not the announced room is not listed as that room."""
        if contradicts(probe_result, row.service.record):
            return self._mark_unproved(row, now)
        row.probe_result = probe_result
        self._check_goodbye(row, now)
        self._mark_answered(row, status_of_answer(probe_result.room), now)
        return self._visible_changes(self._related_rows(row))

    def probe_failed(self, row: Row, error: MessangoError, took_s: float, now: float) -> list[BrowseEvent]:
        """Record a failed probe."""
        if row.goodbye_s is not None or row.goodbye_was_forged:
            # It was true after all.
            self._rows.pop(row.service.key, None)
        elif row.is_probe_outdated:
            # The host has got another address meanwhile: what the old one does says nothing.
            self._finish_probe(row, row.status, max(now, row.last_probe + _MIN_CHANGE_PROBE_GAP_S))
        elif isinstance(error, (UnprovedIdentity, FingerprintMismatch)):
            return self._mark_unproved(row, now)
        elif is_other_version(error, row.service.record):
            self._mark_answered(row, RoomStatus.OTHER_VERSION, now)
        elif isinstance(error, JoinRefused):
            # The room is busy or has banned us, but it answered.
            self._mark_answered(row, RoomStatus.CHECKING if row.status in UNANSWERED else row.status, now)
        else:
            row.failure = notable_failure(error)
            self._mark_unanswered(row, took_s, now)
        return self._visible_changes(self._related_rows(row))

    def drop_silent(self, now: float) -> list[BrowseEvent]:
        """Remove the rooms that do not answer, and make all others due for a probe."""
        silent_keys = [key for key, row in self._rows.items() if row.status is RoomStatus.SILENT]
        dropped = [self._rows.pop(key) for key in silent_keys]
        for row in self._rows.values():
            row.next_probe = now
        return self._visible_changes([*dropped, *self._rows.values()])

    def _mark_unproved(self, row: Row, now: float) -> list[BrowseEvent]:
        related = self._related_rows(row)
        row.probe_result, row.goodbye_was_forged = None, False
        failures = row.failures + 1
        self._mark_answered(row, RoomStatus.UNPROVED, now)
        if not row.service.announced:
            # Another room has its address now; that one need not be asked again and again.
            row.failures, row.next_probe = failures, now + hint_rows.retry_after_s(failures)
        return self._visible_changes(related)

    def _check_goodbye(self, row: Row, now: float) -> None:
        """Bring back a room that answers long after its goodbye, unless it has another name by now."""
        if row.goodbye_was_forged and not row.label_matches_name:
            self._rows.pop(row.service.key, None)
        if row.goodbye_s is None or now - row.goodbye_s < _GOODBYE_CHECK_S:
            return
        if not row.label_matches_name:
            self._rows.pop(row.service.key, None)
        row.goodbye_s, row.goodbye_was_forged = None, True

    def _mark_answered(self, row: Row, status: RoomStatus, now: float) -> None:
        row.failures, row.silent_since, row.hidden, row.unanswered_questions = 0, None, False, 0
        next_probe = now + self._probe_every_s()
        if row.goodbye_s is not None:
            next_probe = max(now, row.goodbye_s + _GOODBYE_CHECK_S)
        self._finish_probe(row, status, next_probe)

    def _mark_unanswered(self, row: Row, took_s: float, now: float) -> None:
        row.failures += 1
        if row.failures < 2 and (took_s < _QUICK_FAILURE_S or row.is_slow):
            self._finish_probe(row, row.status, now + _RETRY_PROBE_AFTER_S)
            return
        if row.silent_since is None:
            row.silent_since = now
        is_refused = row.failure is not None and row.failure.kind is FailureKind.REFUSED
        is_gone = is_refused and row.unanswered_questions > _GONE_AFTER_QUESTIONS
        row.hidden = is_gone or now - row.silent_since >= HIDE_AFTER_S
        every_s = _HIDDEN_PROBE_EVERY_S if row.hidden else self._probe_every_s()
        if row.failures == 1 and row.probe_result is None and _met(row, *_PERHAPS_LOST):
            # Its packets may have been lost, and the person may be waiting for this room.
            every_s = _RETRY_PROBE_AFTER_S
        if not row.service.announced:
            every_s = hint_rows.retry_after_s(row.failures)
        is_slow = self._may_be_slow(row, took_s)
        self._finish_probe(row, RoomStatus.SLOW if is_slow else RoomStatus.SILENT, now + every_s)

    def _may_be_slow(self, row: Row, took_s: float) -> bool:
        """Return whether a probe without an answer may be due to the network alone."""
        has_connected = took_s >= SLOW_PROBE_S and not _met(row, FailureKind.NO_ANSWER)
        return has_connected and row.probe_result is None and row.failures <= _MAX_SLOW_FAILURES

    def _finish_probe(self, row: Row, status: RoomStatus, next_probe: float) -> None:
        row.status, row.probing, row.next_probe = status, False, next_probe

    def _probe_every_s(self) -> float:
        return PROBE_EVERY_S * max(1.0, len(self._rows) / _ROWS_AT_FULL_RATE)

    def _make_space(self, service: Service, dropped: list[Row]) -> bool:
        """Return whether this service finds a place; a row that was removed for it is added to `dropped`.

        So a flood of forged rooms can't keep a real room off the list.
        """
        if len(self._rows) < MAX_ROWS:
            return True
        useless = [row for row in self._rows.values() if row.status in (*_USELESS, RoomStatus.SLOW)]
        if not useless and self._is_wanted(service):
            unwanted = (row for row in self._rows.values() if not self._is_wanted(row.service))
            useless = [row for row in unwanted if row.status is RoomStatus.CHECKING]
        if useless:
            dropped.append(max(useless, key=lambda row: row.hidden))
            del self._rows[dropped[0].service.key]
        return bool(useless)

    def _row_before_restart(self, service: Service) -> Row | None:
        """Return the row of a room that was announced at the same place by the same certificate, or None.

        A server that starts again has another host name in mDNS. A copy at another address is another row.
        """
        return next((row for row in self._rows.values() if is_same_place(row.service, service)), None)

    def _related_rows(self, row: Row) -> list[Row]:
        """Return this row and the others with its service name, or whose rooms answered with the same id."""
        same = [
            other
            for other in self._rows.values()
            if has_same_service_name(row, other) or answered_as_same_room(row, other)
        ]
        return [row, *(other for other in same if other is not row)]

    def _is_stale_name(self, row: Row) -> bool:
        """Return whether a row is left over from a room's old name: the room has a row under its new one."""
        if row.probe_result is None or row.label_matches_name:
            return False
        return any(
            other.service.announced
            and other.label_matches_name
            and other.status in ANSWERED
            and other.goodbye_s is None
            and answered_as_same_room(row, other)
            for other in self._rows.values()
        )

    def _visible_changes(self, rows: Iterable[Row]) -> list[BrowseEvent]:
        events: list[BrowseEvent] = []
        for row in rows:
            is_hidden = (
                self._rows.get(row.service.key) is not row
                or row.hidden
                or row.goodbye_s is not None
                or self._is_stale_name(row)
                or is_outshone(row, self._rows.values())
                or hint_rows.is_hidden_hint(row, self._rows.values())
            )
            before, row.last_shown = row.last_shown, None if is_hidden else found_room(row)
            if before is not None and row.last_shown is None:
                events.append(RoomRemoved(before))
            elif row.last_shown is not None and row.last_shown != before:
                events.append(RoomAdded(row.last_shown) if before is None else RoomUpdated(row.last_shown))
        return events


def _met(row: Row, *kinds: FailureKind) -> bool:
    return row.failure is not None and row.failure.kind in kinds


def _first_of_each_place(rows: Iterable[Row]) -> list[Row]:
    """Return the rows, those last that were never probed and have the same addresses as an earlier one."""
    first: list[Row] = []
    later: list[Row] = []
    places: set[tuple[Address, ...]] = set()
    for row in rows:
        is_repeated = row.status is RoomStatus.CHECKING and row.service.addresses in places
        (later if is_repeated else first).append(row)
        places.add(row.service.addresses)
    return first + later
