"""What the outcome of a probe says about the room that was announced. Pure."""

from __future__ import annotations

import dataclasses

from messango.discovery.model.txt_record import RoomRecord
from messango.errors import JoinRefused, MessangoError, RemoteProtocolError
from messango.protocol.error_codes import PROTOCOL
from messango.protocol.limits import PROTOCOL_VERSION
from messango.transport.dialing.dial_failure import (
    DialAttempt,
    DialFailed,
    FailureKind,
    failure_kind,
    most_telling,
)
from messango.transport.dialing.probe import ProbeResult


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
