"""Puts the recognized reason into the error of a room that was not found or not reached."""

from __future__ import annotations

import logging
from typing import Final

from messango.discovery.model.events import FoundRoom
from messango.discovery.searching.silent_rooms import NoRoomAnswers, NothingHeard, RoomSilent
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.addressing import own_address
from messango.doctor.recognizers.recognize import look_around, recognize
from messango.errors import MessangoError, RoomNotFound
from messango.transport.addresses import parse_address
from messango.transport.dialing.dial_failure import DialFailed
from messango.transport.identity.identity_errors import WrongInvite

logger = logging.getLogger(__name__)

#: A note explains nothing.
_REASONS: Final = (Severity.PROBLEM, Severity.WARNING)


def add_reason(error: MessangoError) -> None:
    """Put the recognized reason, if there is one, in place of the sentences of an error.

    Waits no longer than a moment.
    """
    try:
        finding = explain(error)
    except OSError as failure:  # No descriptor or no process is left to look with.
        logger.info("the network could not be examined: %s", failure)
        return
    if finding is None or finding.severity not in _REASONS:
        return
    message = finding.message
    if isinstance(error, RoomNotFound):
        found_nothing, _, _ = str(error).partition(". ")
        message = f"{found_nothing.rstrip('.')}. {message}"
    error.args, error.hint = (message,), finding.remedy


def explain(error: MessangoError) -> Finding | None:
    """Return the recognized reason for an error, or None."""
    if isinstance(error, (RoomSilent, NoRoomAnswers)):
        return silent_reason(error.rooms[0])
    if isinstance(error, DialFailed):
        return recognize(look_around(attempts=error.attempts))
    if isinstance(error, WrongInvite):
        return own_address(look_around([parse_address(error.room)]))
    if isinstance(error, NothingHeard):
        return recognize(look_around(listen=True))
    return None


def silent_reason(room: FoundRoom) -> Finding | None:
    """Return why a room that is announced does not answer, from what the last attempt met, or None."""
    attempts = () if room.failure is None else (room.failure,)
    return recognize(look_around(room.addresses, attempts, heard=True))
