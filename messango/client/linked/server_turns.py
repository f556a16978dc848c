"""Whose turn it is: the server that we were at, then the others of the room, one after the other. Pure."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Final

from messango.client.trust.linked_server import LinkedServer
from messango.errors import InternalError, JoinRefused, MessangoError, RoomClosed, Unreachable
from messango.protocol import error_codes
from messango.protocol.connection.rate_limit import TokenBucket
from messango.transport.dialing.dial_failure import FailureKind, failure_kind
from messango.transport.identity.identity_errors import FingerprintMismatch

#: A server that is started again is back after a few seconds, and our seat is there.
PATIENCE_S: Final = 4.0
_FIRST_FAILURES: Final = 5

#: If our own network is away, as after a sleep, no server can be reached, and ours comes first. But somebody
#: may have moved to a network from which only another one can be reached.
_NETWORK_PATIENCE_S: Final = 12.0
_NO_NETWORK: Final = frozenset({FailureKind.NO_ROUTE, FailureKind.BLOCKED_HERE, FailureKind.FAILED})

#: So many rounds of attempts at the others may follow each other, then one in this time: they may have gone
#: for good, and a hostile server that lets us in again and again must not make us connect without end.
_QUICK_ROUNDS: Final = 3
ROUND_EVERY_S: Final = 30.0

#: Refusals that are about this server alone: another one may have a seat, and its link.
_OF_ONE_SERVER: Final = frozenset(
    {error_codes.FULL, error_codes.BUSY, error_codes.CLOSING, error_codes.LINK_DOWN}
)


class ServerTurns:
    """Takes every failure and says where to go next. Not thread-safe; `clock` is in seconds.

    `server` is the other server whose turn it is, None for the one where we joined last: there we go on only
    if it fails, and there we stay until it does.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.server: LinkedServer | None = None
        self._clock = clock
        self._allowed_rounds = TokenBucket(1 / ROUND_EVERY_S, _QUICK_ROUNDS, clock())
        self._others: Sequence[LinkedServer] = ()
        self.joined(())

    @property
    def is_first_round(self) -> bool:
        """Whether each server has its first attempt: later ones may take longer."""
        return self._rounds <= 1

    @property
    def has_others(self) -> bool:
        """Whether there is another server where we could go on."""
        return bool(self._others)

    @property
    def is_last_round(self) -> bool:
        """Whether the session ends if none of the others lets us in."""
        return self._verdict is not None

    def joined(self, others: Sequence[LinkedServer]) -> None:
        """Begin again: we are in the room, which has these other servers."""
        self.server, self._others = None, [other for other in others if other.addresses]
        self._failures, self._rounds, self._next = 0, 0, 0
        self._failing_since_s: float | None = None
        self._verdict: MessangoError | None = None

    def failed(
        self, error: MessangoError, final: MessangoError | None, *, has_session: bool
    ) -> MessangoError | None:
        """Return the error that ends the session, or None to go on.

        `final` is that error if the room had only this server. Nothing that another server answers ends the
        session; but once all have been tried in vain, that of our own server does.
        """
        if isinstance(error, InternalError):
            return error
        if self.server is not None:
            self._begin_next()
            return self._verdict if self.server is None else None
        self._count_failure()
        goes_on = (
            self._is_out_of_patience(error) if final is None else _may_go_on(final, has_session=has_session)
        )
        if goes_on and self._begin_round():
            self._verdict = final
            return None
        return final

    def _count_failure(self) -> None:
        self._failures += 1
        if self._failing_since_s is None:
            self._failing_since_s = self._clock()

    def _is_out_of_patience(self, error: MessangoError) -> bool:
        now_s = self._clock()
        waited_s = now_s - (now_s if self._failing_since_s is None else self._failing_since_s)
        if failure_kind(error) in _NO_NETWORK:
            return waited_s >= _NETWORK_PATIENCE_S
        return waited_s >= PATIENCE_S or self._failures >= _FIRST_FAILURES

    def _begin_round(self) -> bool:
        """Make it the others' turn; return false if there are none, or they had theirs too often."""
        if not self._others or not self._allowed_rounds.take(1, self._clock()):
            return False
        self._next, self._rounds = 0, self._rounds + 1
        self._begin_next()
        return True

    def _begin_next(self) -> None:
        if self._next < len(self._others):
            self.server = self._others[self._next]
            self._next += 1
            return
        self.server = None


def _may_go_on(final: MessangoError, *, has_session: bool) -> bool:
    """Return whether what would end the session is about our server alone, so that others may let us in.

    A person who chose a server that has another certificate now must read that before anything else.
    """
    if isinstance(final, RoomClosed):
        return final.code == error_codes.CLOSING
    if isinstance(final, JoinRefused):
        return final.code in _OF_ONE_SERVER
    return isinstance(final, Unreachable) or (has_session and isinstance(final, FingerprintMismatch))
