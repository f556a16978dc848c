"""One row per room, from mDNS records and probe results. Has no network and no clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from messango.discovery.events import (
    ANSWERED,
    SLOW_PING_MS,
    BrowseEvent,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.txt_record import (
    MAX_COUNT,
    RoomRecord,
    display_name,
    instance_label,
    strip_unsafe,
    truncate_utf8,
)
from messango.errors import BadName, JoinRefused, MessangoError, RemoteProtocolError, UnprovedIdentity
from messango.protocol.error_codes import PROTOCOL
from messango.protocol.frames import RoomInfoFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.room_id import is_proved
from messango.protocol.text.validation import clean_name, normalized_name
from messango.transport.addresses import Address
from messango.transport.dial_failure import (
    DialAttempt,
    DialFailed,
    FailureKind,
    failure_kind,
    most_telling,
)
from messango.transport.probe import ProbeResult

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

#: A room that is silent this long is hidden; it is still probed now and then, and may come back.
HIDE_AFTER_S: Final = 60.0
_HIDDEN_PROBE_EVERY_S: Final = 15.0

#: Smaller changes of the round trip are noise, and would only make the list flicker.
_NOTABLE_PING_MS: Final = 20.0
_NOTABLE_PING_RATIO: Final = 2.0

#: Each status of a room that was probed in vain.
_UNANSWERED: Final = frozenset({RoomStatus.SLOW, RoomStatus.SILENT})


@dataclass(frozen=True, slots=True)
class Service:
    """A resolved mDNS service; `key` is its instance name in lower case."""

    key: str
    label: str
    addresses: tuple[Address, ...]
    record: RoomRecord
    host: str


@dataclass(slots=True)
class Row:
    """A service and the state of its probes; times are in seconds of a monotonic clock."""

    service: Service
    next_probe: float
    last_probe: float = float("-inf")
    probing: bool = False
    status: RoomStatus = RoomStatus.CHECKING
    probe_result: ProbeResult | None = None
    failures: int = 0
    failure: DialAttempt | None = None
    silent_since: float | None = None
    hidden: bool = False
    last_shown: FoundRoom | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses to probe, starting with the one that answered last."""
        known = self.service.addresses
        if self.probe_result is None or self.probe_result.address not in known:
            return known
        first = self.probe_result.address
        return first, *(address for address in known if address != first)

    @property
    def is_slow(self) -> bool:
        """Whether its last answer took long, so that one probe without an answer says little."""
        return self.probe_result is not None and self.probe_result.ping_ms >= SLOW_PING_MS

    @property
    def label_matches_name(self) -> bool:
        """Whether the room's own name is the one that its label was made from."""
        return self.probe_result is not None and normalized_name(
            instance_label(self.probe_result.room.name)
        ) == normalized_name(self.service.label)


class RoomTable:
    """All rows; its methods return the visible changes as events. Only one thread uses it."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def service_resolved(self, service: Service, now: float) -> list[BrowseEvent]:
        """Add or update a room from its mDNS records."""
        row = self._rows.get(service.key)
        dropped: list[Row] = []
        if row is None:
            if not service.addresses or not self._make_space(dropped):
                return []
            row = self._rows[service.key] = Row(service, next_probe=now)
        elif row.service != service or row.hidden:
            row.service = (
                service if service.addresses else dataclasses.replace(service, addresses=row.addresses)
            )
            row.next_probe = min(row.next_probe, max(now, row.last_probe + _MIN_CHANGE_PROBE_GAP_S))
        return self._visible_changes([*dropped, row])

    def service_removed(self, key: str) -> list[BrowseEvent]:
        """Remove a room that said goodbye."""
        row = self._rows.pop(key, None)
        return self._visible_changes(self._same_room_rows(row)) if row else []

    def due_rows(self, now: float) -> list[Row]:
        """Return the rows to probe now, starting with those that were never probed."""
        waiting = [row for row in self._rows.values() if not row.probing and row.next_probe <= now]
        return sorted(waiting, key=lambda row: (row.last_probe, row.next_probe))

    def next_due(self) -> float:
        """Return the time of the next probe, or infinity."""
        return min((row.next_probe for row in self._rows.values() if not row.probing), default=float("inf"))

    def probe_started(self, row: Row, now: float) -> None:
        """Record that a probe of this row is running."""
        row.probing, row.last_probe = True, now

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

    def probe_succeeded(self, row: Row, probe_result: ProbeResult, now: float) -> list[BrowseEvent]:
        """Record a room's answer; one that is not the announced room is not listed as that room."""
        if _contradicts(probe_result, row.service.record):
            return self._mark_unproved(row, now)
        row.probe_result = probe_result
        full = probe_result.room.members >= probe_result.room.seats
        self._mark_answered(row, RoomStatus.FULL if full else RoomStatus.OPEN, now)
        return self._visible_changes(self._same_room_rows(row))

    def probe_failed(self, row: Row, error: MessangoError, took_s: float, now: float) -> list[BrowseEvent]:
        """Record a failed probe."""
        if isinstance(error, UnprovedIdentity):
            return self._mark_unproved(row, now)
        if _is_other_version(error, row.service.record):
            self._mark_answered(row, RoomStatus.OTHER_VERSION, now)
        elif isinstance(error, JoinRefused):
            # The room is busy or has banned us, but it answered.
            self._mark_answered(row, RoomStatus.CHECKING if row.status in _UNANSWERED else row.status, now)
        else:
            row.failure = _notable_failure(error)
            self._mark_unanswered(row, took_s, now)
        return self._visible_changes(self._same_room_rows(row))

    def drop_silent(self, now: float) -> list[BrowseEvent]:
        """Remove the rooms that do not answer, and make all others due for a probe."""
        silent_keys = [key for key, row in self._rows.items() if row.status is RoomStatus.SILENT]
        dropped = [self._rows.pop(key) for key in silent_keys]
        for row in self._rows.values():
            row.next_probe = now
        return self._visible_changes([*dropped, *self._rows.values()])

    def _mark_unproved(self, row: Row, now: float) -> list[BrowseEvent]:
        same_room = self._same_room_rows(row)
        row.probe_result = None
        self._mark_answered(row, RoomStatus.UNPROVED, now)
        return self._visible_changes(same_room)

    def _mark_answered(self, row: Row, status: RoomStatus, now: float) -> None:
        row.failures, row.silent_since, row.hidden = 0, None, False
        self._finish_probe(row, status, now + self._probe_every_s())

    def _mark_unanswered(self, row: Row, took_s: float, now: float) -> None:
        row.failures += 1
        if row.failures < 2 and (took_s < _QUICK_FAILURE_S or row.is_slow):
            self._finish_probe(row, row.status, now + _RETRY_PROBE_AFTER_S)
            return
        if row.silent_since is None:
            row.silent_since = now
        row.hidden = now - row.silent_since >= HIDE_AFTER_S
        every_s = _HIDDEN_PROBE_EVERY_S if row.hidden else self._probe_every_s()
        is_slow = took_s >= SLOW_PROBE_S and row.failures <= _MAX_SLOW_FAILURES
        self._finish_probe(row, RoomStatus.SLOW if is_slow else RoomStatus.SILENT, now + every_s)

    def _finish_probe(self, row: Row, status: RoomStatus, next_probe: float) -> None:
        row.status, row.probing, row.next_probe = status, False, next_probe

    def _probe_every_s(self) -> float:
        return PROBE_EVERY_S * max(1.0, len(self._rows) / _ROWS_AT_FULL_RATE)

    def _make_space(self, dropped: list[Row]) -> bool:
        """Return whether one more row fits; a silent row that was removed for it is added to `dropped`.

        So a flood of forged rooms can't keep a real room off the list.
        """
        if len(self._rows) < MAX_ROWS:
            return True
        silent = [row for row in self._rows.values() if row.status in _UNANSWERED]
        if silent:
            dropped.append(max(silent, key=lambda row: row.hidden))
            del self._rows[dropped[0].service.key]
        return bool(silent)

    def _same_room_rows(self, row: Row) -> list[Row]:
        """Return this row and the others whose rooms answered with the same id."""
        if row.probe_result is None:
            return [row]
        room_id = row.probe_result.room.id
        same = [
            other
            for other in self._rows.values()
            if other.probe_result and other.probe_result.room.id == room_id
        ]
        return [row, *(other for other in same if other is not row)]

    def _is_stale_name(self, row: Row) -> bool:
        """Return whether a row is left over from a room's old name: the room has a row under its new one."""
        if row.probe_result is None or row.label_matches_name:
            return False
        return any(
            other.label_matches_name and other.status in ANSWERED for other in self._same_room_rows(row)
        )

    def _visible_changes(self, rows: Iterable[Row]) -> list[BrowseEvent]:
        events: list[BrowseEvent] = []
        for row in rows:
            is_hidden = self._rows.get(row.service.key) is not row or row.hidden or self._is_stale_name(row)
            before, row.last_shown = row.last_shown, None if is_hidden else _found_room(row)
            if before is not None and row.last_shown is None:
                events.append(RoomRemoved(before))
            elif row.last_shown is not None and row.last_shown != before:
                events.append(RoomAdded(row.last_shown) if before is None else RoomUpdated(row.last_shown))
        return events


def _contradicts(probe_result: ProbeResult, record: RoomRecord) -> bool:
    """Return whether what answered is another room than the one that the record announces."""
    return (record.id or probe_result.room.id) != probe_result.room.id or (
        record.fingerprint or probe_result.fingerprint
    ) != probe_result.fingerprint


def _is_other_version(error: MessangoError, record: RoomRecord) -> bool:
    if isinstance(error, JoinRefused):
        return error.code == PROTOCOL
    is_foreign = isinstance(error, RemoteProtocolError) or failure_kind(error) is FailureKind.OTHER_TLS
    return is_foreign and record.protocol > PROTOCOL_VERSION


def _notable_failure(error: MessangoError) -> DialAttempt | None:
    """Return what the most telling attempt of a probe met, without the time: each probe has another."""
    attempt = most_telling(error.attempts) if isinstance(error, DialFailed) else None
    return dataclasses.replace(attempt, seconds=0.0) if attempt is not None else None


def _found_room(row: Row) -> FoundRoom:
    record, probe_result = row.service.record, row.probe_result
    if row.status is RoomStatus.UNPROVED or not is_proved(record.id, record.fingerprint):
        record = dataclasses.replace(record, id="", fingerprint="")
    if probe_result is not None:
        record = dataclasses.replace(
            _to_record(probe_result.room), fingerprint=probe_result.fingerprint or "", host=record.host
        )
    return FoundRoom(
        row.service.key,
        record.id,
        _display_name(row),
        record.host or row.service.host,
        row.addresses,
        record.members,
        record.seats,
        record.locked,
        record.fingerprint,
        record.version,
        record.protocol,
        row.status,
        _stable_ping(row),
        row.failure if row.status is RoomStatus.SILENT else None,
    )


def _to_record(room: RoomInfoFrame) -> RoomRecord:
    """Return a room's answer as a record, with limited numbers and without unsafe characters."""
    return RoomRecord(
        room.protocol,
        room.id,
        min(max(room.members, 0), MAX_COUNT),
        min(max(room.seats, 0), MAX_COUNT),
        room.locked,
        version=truncate_utf8(strip_unsafe(room.version), 64),
    )


def _display_name(row: Row) -> str:
    """Return the room's full name if its label was made from it, otherwise the label; cleaned if valid."""
    label = display_name(row.service.label)
    has_full_name = row.probe_result is not None and row.label_matches_name
    for name in (row.probe_result.room.name if row.probe_result and has_full_name else label, label):
        try:
            return clean_name(name)
        except BadName:
            continue
    return label


def _stable_ping(row: Row) -> float | None:
    if row.status in _UNANSWERED or row.probe_result is None:
        return None
    new, old = row.probe_result.ping_ms, row.last_shown.ping_ms if row.last_shown else None
    if old is None:
        return new
    notable = abs(new - old) >= _NOTABLE_PING_MS and max(new, old) >= _NOTABLE_PING_RATIO * min(new, old)
    return new if notable else old
