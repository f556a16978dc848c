"""Why no room answers at an address: what each attempt to connect met, and the one that tells most.

A wrong reason sends a person to the wrong cure: "nothing is listening" means that the computer is there, "no
answer" that a firewall may be in the way. So the kinds are told apart as far as one attempt can tell.
The sentences are in `dial_failure_texts`.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from messango.errors import Unreachable
from messango.transport.addresses import Address


class FailureKind(enum.Enum):
    """What one attempt met; the value is the word in JSON."""

    REFUSED = "refused"  # the computer answers, and no program listens at this port
    REJECTED = "rejected"  # a firewall on the way, or on that computer, says no
    NO_ANSWER = "no-answer"  # nothing comes back: packets are dropped, or nobody is there
    HOST_UNREACHABLE = "host-unreachable"  # no computer has this address now: off, asleep, gone
    NO_ROUTE = "no-route"  # no network of ours leads there, or a router says so
    BLOCKED_HERE = "blocked-here"  # this computer's own firewall or sandbox refuses
    SILENT = "silent"  # TCP connects, and then nothing: the server is stopped or stuck
    STALLED = "stalled"  # TCP connects, and larger packets do not get through
    SLOW = "slow"  # it answers, but more slowly than we could wait for
    CLOSED = "closed"  # TCP connects, and the peer closes without a word
    RESET = "reset"  # the same, by a reset
    WEB_SERVER = "web-server"  # an HTTP answer: a web server, or a portal that catches connections
    OTHER_PROTOCOL = "other-protocol"  # bytes that are neither TLS nor HTTP: SSH, mail, printer
    OTHER_TLS = "other-tls"  # TLS, but not a Messango room
    WRONG_CERTIFICATE = "wrong-certificate"  # a room, but not the one with the expected fingerprint
    NAME_NOT_FOUND = "name-not-found"  # the name of the computer has no address
    FAILED = "failed"  # this computer could not even try: no descriptor is left


#: The peer accepted the connection: a peer that does tells most.
_ACCEPTED: Final = frozenset(
    {
        FailureKind.WRONG_CERTIFICATE,
        FailureKind.SILENT,
        FailureKind.STALLED,
        FailureKind.SLOW,
        FailureKind.WEB_SERVER,
        FailureKind.OTHER_TLS,
        FailureKind.OTHER_PROTOCOL,
        FailureKind.CLOSED,
        FailureKind.RESET,
    }
)
#: It may be the room itself, and not another program at its port.
_PERHAPS_THE_ROOM: Final = frozenset(
    {FailureKind.WRONG_CERTIFICATE, FailureKind.SILENT, FailureKind.STALLED, FailureKind.SLOW}
)
#: We tried, and nobody said anything about the port.
_NO_WORD: Final = frozenset(
    {
        FailureKind.NO_ANSWER,
        FailureKind.HOST_UNREACHABLE,
        FailureKind.REJECTED,
        FailureKind.BLOCKED_HERE,
    }
)


@dataclass(frozen=True, slots=True)
class DialAttempt:
    """What one attempt met after how many seconds.

    `address` is numeric, `host_name` the name that it was resolved from, or "". `peer` says in words of ours
    which program answered ("an SSH server"), `system_error` what the system says; both may be empty. `near`
    is true if the address is on a LAN of ours, as far as that was looked up.
    """

    address: Address
    kind: FailureKind
    seconds: float
    host_name: str = ""
    peer: str = ""
    system_error: str = ""
    near: bool = False


class DialFailed(Unreachable):
    """No room answers at any of the addresses; `attempts` says why, in the order in which they were made."""

    def __init__(self, message: str, hint: str, attempts: Sequence[DialAttempt]) -> None:
        super().__init__(message, hint)
        self.attempts = tuple(attempts)

    @property
    def kind(self) -> FailureKind:
        """The kind of the attempt that tells most."""
        attempt = most_telling(self.attempts)
        return attempt.kind if attempt else FailureKind.FAILED


def most_telling(attempts: Sequence[DialAttempt]) -> DialAttempt | None:
    """Return the attempt to report, the earlier of two that tell as much; None if there was none.

    An answer tells more than none, but a room also announces addresses of containers and of other networks,
    where something else may answer: silence on our own LAN tells more than a refusal somewhere else.
    """
    return min(attempts, key=_rank, default=None)


def _rank(attempt: DialAttempt) -> tuple[int, bool]:
    kind, near = attempt.kind, attempt.near
    if kind in _ACCEPTED:
        return (0 if near else 1), kind not in _PERHAPS_THE_ROOM
    if kind is FailureKind.REFUSED:
        return (0 if near else 3), True
    if kind in _NO_WORD:
        return (2 if near else 4), False
    return 5, kind is FailureKind.FAILED


def failure_kind(error: Exception | None) -> FailureKind | None:
    """Return the kind that an error of `dial` or `probe` carries, or None."""
    return error.kind if isinstance(error, DialFailed) else None
