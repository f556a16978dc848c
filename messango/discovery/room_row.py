"""One row of the list of rooms: what was announced, the state of its probes, and the room that it shows."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from messango.discovery.events import SLOW_PING_MS, FoundRoom, RoomStatus
from messango.discovery.txt_record import (
    MAX_COUNT,
    RoomRecord,
    display_name,
    instance_label,
    strip_unsafe,
    truncate_utf8,
)
from messango.errors import BadName, JoinRefused, MessangoError, RemoteProtocolError
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

#: Each status of a room that was probed in vain.
UNANSWERED: Final = frozenset({RoomStatus.SLOW, RoomStatus.SILENT})
#: Smaller changes of the round trip are noise, and would only make the list flicker.
_NOTABLE_PING_MS: Final = 20.0
_NOTABLE_PING_RATIO: Final = 2.0


@dataclass(frozen=True, slots=True)
class Service:
    """A resolved mDNS service; `name` is its instance name in lower case, which others may claim as well.

    `key` is all that was announced together, so that a forged record adds a service and changes none. One
    that is not `announced` is a known room at its last addresses, without a `name`: see `hints`.
    """

    key: str
    label: str
    addresses: tuple[Address, ...]
    record: RoomRecord
    host: str
    announced: bool = True
    name: str = ""


@dataclass(slots=True)
class Row:
    """A service and the state of its probes; times are in seconds of a monotonic clock."""

    service: Service
    next_probe: float
    number: int = 0  # in the order of their announcements
    last_probe: float = float("-inf")
    probing: bool = False
    status: RoomStatus = RoomStatus.CHECKING
    probe_result: ProbeResult | None = None
    failures: int = 0
    failure: DialAttempt | None = None  # what the last probe met, if it failed
    silent_since: float | None = None
    hidden: bool = False
    goodbye_s: float | None = None  # when the room said goodbye, until it is clear whether that was true
    goodbye_was_forged: bool = False
    unanswered_questions: int = 0
    last_shown: FoundRoom | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses to probe, starting with the one that answered last.

        That one stays also when it is no longer announced: anybody can forge address records.
        """
        known = self.service.addresses
        if self.probe_result is None:
            return known
        first = self.probe_result.address
        return first, *(address for address in known if address != first)

    @property
    def announced_fingerprint(self) -> str | None:
        """The fingerprint that the room must show, because its record says so; None if it says nothing."""
        return self.service.record.fingerprint or None

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


def contradicts(probe_result: ProbeResult, record: RoomRecord) -> bool:
    """Return whether what answered is another room than the one that the record announces."""
    return (record.id or probe_result.room.id) != probe_result.room.id or (
        record.fingerprint or probe_result.fingerprint
    ) != probe_result.fingerprint


def is_other_version(error: MessangoError, record: RoomRecord) -> bool:
    """Return whether a failed probe means that the room speaks another version of the protocol."""
    if isinstance(error, JoinRefused):
        return error.code == PROTOCOL
    is_foreign = isinstance(error, RemoteProtocolError) or failure_kind(error) is FailureKind.OTHER_TLS
    return is_foreign and record.protocol > PROTOCOL_VERSION


def notable_failure(error: MessangoError) -> DialAttempt | None:
    """Return what the most telling attempt of a probe met, without the time: each probe has another."""
    attempt = most_telling(error.attempts) if isinstance(error, DialFailed) else None
    return dataclasses.replace(attempt, seconds=0.0) if attempt is not None else None


def found_room(row: Row) -> FoundRoom:
    """Return what the list shows of a row."""
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
        row.service.announced,
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
    # The label of a room that was not announced is only what it was called before.
    has_full_name = row.probe_result is not None and (row.label_matches_name or not row.service.announced)
    for name in (row.probe_result.room.name if row.probe_result and has_full_name else label, label):
        try:
            return clean_name(name)
        except BadName:
            continue
    return label


def _stable_ping(row: Row) -> float | None:
    if row.status in UNANSWERED or row.probe_result is None:
        return None
    new, old = row.probe_result.ping_ms, row.last_shown.ping_ms if row.last_shown else None
    if old is None:
        return new
    notable = abs(new - old) >= _NOTABLE_PING_MS and max(new, old) >= _NOTABLE_PING_RATIO * min(new, old)
    return new if notable else old
