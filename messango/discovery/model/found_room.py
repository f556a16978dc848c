"""What a row of the table shows: a room as the browser's events have it. Pure."""

from __future__ import annotations

import dataclasses
from typing import Final

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.discovery.model.room_row import UNANSWERED, Row
from messango.discovery.model.txt_record import (
    MAX_COUNT,
    RoomRecord,
    display_name,
    strip_unsafe,
    truncate_utf8,
)
from messango.errors import BadName
from messango.protocol.features import clean_features
from messango.protocol.frames import RoomInfo, RoomInfoFrame
from messango.protocol.room_id import is_proved
from messango.protocol.text.validation import clean_name

#: Smaller changes of the round trip are noise, and would only make the list flicker.
_NOTABLE_PING_MS: Final = 20.0
_NOTABLE_PING_RATIO: Final = 2.0


def found_room(row: Row) -> FoundRoom:
    """Return the room of a row; what it said itself wins over what is announced."""
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
        row.service.announced,
        record.password,
        record.features,
        (probe_result.room.link or "") if probe_result is not None else "",
    )


def status_of_answer(room: RoomInfo) -> RoomStatus:
    """Return whether a room that answered can be joined."""
    if room.refuses_newcomers:
        return RoomStatus.LOCKED
    return RoomStatus.FULL if room.members >= room.seats else RoomStatus.OPEN


def _to_record(room: RoomInfoFrame) -> RoomRecord:
    """Return a room's answer as a record, with limited numbers and without unsafe characters."""
    return RoomRecord(
        room.protocol,
        room.id,
        min(max(room.members, 0), MAX_COUNT),
        min(max(room.seats, 0), MAX_COUNT),
        room.locked,
        version=truncate_utf8(strip_unsafe(room.version), 64),
        password=room.password,
        features=clean_features(room.features),
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
