"""The rows of known rooms at their last addresses, beside those of announced rooms. See `hints`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from messango.discovery.model.events import ANSWERED, RoomStatus
from messango.discovery.model.txt_record import RoomRecord
from messango.transport.dialing.probe import ProbeResult

#: A known room that does not answer at its last address is tried less and less often.
_RETRY_AFTER_S: Final = 15.0
_MAX_RETRY_AFTER_S: Final = 240.0


class ListedService(Protocol):
    """What is needed here of the service of a row."""

    @property
    def record(self) -> RoomRecord: ...

    @property
    def announced(self) -> bool: ...


class ListedRow(Protocol):
    """What is needed here of a row of `RoomTable`."""

    status: RoomStatus
    next_probe: float
    goodbye_s: float | None

    @property
    def service(self) -> ListedService: ...

    @property
    def probe_result(self) -> ProbeResult | None: ...


def retry_after_s(failures: int) -> float:
    """Return the seconds until the next probe after this many failed ones in a row."""
    return min(_RETRY_AFTER_S * failures, _MAX_RETRY_AFTER_S)


def is_hidden_hint(row: ListedRow, rows: Iterable[ListedRow]) -> bool:
    """Return whether a row is not worth showing because it is a hint: without an answer, or announced too."""
    if row.service.announced:
        return False
    return row.status not in ANSWERED or _is_announced(row, rows)


def postpone_announced(rows: Iterable[ListedRow], now: float) -> None:
    """Leave out due probes of hints whose rooms are announced and answer there."""
    rows = list(rows)
    for row in rows:
        if not row.service.announced and row.next_probe <= now and _is_announced(row, rows):
            row.next_probe = now + _RETRY_AFTER_S


def forget_answers(left: ListedRow, rows: Iterable[ListedRow]) -> None:
    """Probe the hints of a room that said goodbye again: what they answered before is no longer true."""
    room_id = left.probe_result.room.id if left.probe_result else left.service.record.id
    for row in rows:
        if not row.service.announced and row.service.record.id == room_id:
            row.status, row.next_probe = RoomStatus.CHECKING, 0.0


def _is_announced(hint: ListedRow, rows: Iterable[ListedRow]) -> bool:
    return any(
        row.service.announced
        and row.status in ANSWERED
        and row.goodbye_s is None
        and row.probe_result is not None
        and row.probe_result.room.id == hint.service.record.id
        for row in rows
    )
