"""Says what answered where a TLS connection came about, and then no room spoke."""

from __future__ import annotations

from messango.errors import Unreachable
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
from messango.transport.identity.certificate import looks_like_ours


def no_room_answered(
    connection: Connection, address: Address, kind: FailureKind, seconds: float
) -> Unreachable:
    """Return the error for a peer that ended, or said nothing or nonsense, before it said a valid word.

    `kind` is how it ended if it is a room; by its certificate it may be another program.
    """
    if not is_messango(connection):
        kind = FailureKind.OTHER_TLS
    return dial_failed([DialAttempt(address, kind, seconds)])


def is_messango(connection: Connection) -> bool:
    """Return whether a peer seems to be a Messango server, by its certificate. It proves nothing."""
    return not connection.encrypted or looks_like_ours(connection.peer_certificate())
