"""Puts the recognized reason into the error of a room that was not found or not reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from messango.discovery.events import FoundRoom
from messango.discovery.silent_rooms import OtherRoomsFound, RoomsSilent
from messango.doctor.findings import Finding, Severity
from messango.doctor.known_places import KnownPlace, answering, unheard_rooms
from messango.doctor.recognize import look_around, recognize
from messango.errors import MessangoError, RoomNotFound
from messango.transport.dial_failure import DialFailed
from messango.transport.probe import probe

#: A known room on our own network answers within milliseconds. A person waits for this.
_KNOWN_ROOMS_TIMEOUT_S: Final = 0.4

#: An answer that says why comes within milliseconds, too.
_RETRY_S: Final = 0.8

#: A note explains nothing.
_REASONS: Final = (Severity.PROBLEM, Severity.WARNING)


def add_reason(error: MessangoError, known: Sequence[KnownPlace] = ()) -> None:
    """Put the recognized reason, if there is one, in place of the sentences of an error.

    Waits no longer than a moment. `known` are rooms of earlier visits, if none of them was found.
    """
    finding = explain(error, known)
    if finding is None or finding.severity not in _REASONS:
        return
    message = finding.message
    if isinstance(error, RoomNotFound):
        found_nothing, _, _ = str(error).partition(". ")
        message = f"{found_nothing.rstrip('.')}. {message}"
    error.args, error.hint = (message,), finding.remedy


def explain(error: MessangoError, known: Sequence[KnownPlace] = ()) -> Finding | None:
    """Return the recognized reason for an error, or None."""
    if isinstance(error, RoomsSilent):
        return silent_reason(error.rooms[0], _RETRY_S)
    if isinstance(error, DialFailed):
        return recognize(look_around(attempts=error.attempts))
    if not isinstance(error, RoomNotFound) or isinstance(error, OtherRoomsFound):
        return None
    if reason := recognize(look_around()):
        return reason
    answers = answering(known, _KNOWN_ROOMS_TIMEOUT_S)
    return next(unheard_rooms(answers, (), can_wait=False), None)


def silent_reason(room: FoundRoom, timeout_s: float) -> Finding | None:
    """Try once more to reach a room that is announced, and return why it is not reached, or None."""
    try:
        probe(room.addresses, timeout_s=timeout_s)
    except DialFailed as error:
        return recognize(look_around(room.addresses, error.attempts, heard=True))
    except MessangoError:
        pass
    return None
