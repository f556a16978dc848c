"""Members who return to a server that does not know enough of them yet: they wait until it has caught up.

They were at another server, or this one reads the stream again. Let in at once, they would get what follows a
second time, or count as somebody new.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from messango.protocol.frames import Join
from messango.protocol.limits import NO_HISTORY
from messango.room.peer import Peer

#: A dead link is known and told to be down by then; so if it is up, this server has all that there is.
EARLY_S: Final = 8.0


class EarlyJoin(NamedTuple):
    """What a client has asked; as in `Room.join`."""

    connection_id: int
    join: Join
    peer: Peer
    password_generation: int

    @property
    def described(self) -> tuple[int, str, str]:
        """The connection, the name that they want, and their address, as `Presence.turn_away` takes them."""
        return self.connection_id, self.join.name, str(self.peer)


class EarlyJoins:
    """For the room's thread; times are in seconds of a monotonic clock.

    `latest` returns the number of the last entry that this server has, `is_known` whether it has their
    session, `is_linked` whether it has caught up.
    """

    def __init__(
        self, latest: Callable[[], int], is_known: Callable[[EarlyJoin], bool], is_linked: Callable[[], bool]
    ) -> None:
        self._latest, self._is_known, self._is_linked = latest, is_known, is_linked
        self._waiting: list[tuple[EarlyJoin, float]] = []

    def is_early(self, asked: EarlyJoin) -> bool:
        """Return whether they have a session, and this server has to catch up before it lets them in."""
        since = asked.join.since
        if asked.join.session is None:
            return False
        if since is not None and self._latest() < since < NO_HISTORY:
            return True
        return not self._is_linked() and not self._is_known(asked)

    def hold(self, asked: EarlyJoin, now_s: float) -> None:
        """Let somebody wait."""
        self._waiting.append((asked, now_s + EARLY_S))

    def cancel(self, connection_id: int) -> None:
        """Nobody waits at this connection any more."""
        self._waiting = [each for each in self._waiting if each[0].connection_id != connection_id]

    def take_due(self) -> list[EarlyJoin]:
        """Return who needs not wait any more."""
        due = [asked for asked, _ in self._waiting if not self.is_early(asked)]
        self._waiting = [each for each in self._waiting if self.is_early(each[0])]
        return due

    def take_expired(self, now_s: float) -> list[EarlyJoin]:
        """Return who has waited for as long as anybody does."""
        expired = [asked for asked, until_s in self._waiting if until_s <= now_s]
        self._waiting = [each for each in self._waiting if each[1] > now_s]
        return expired

    def next_deadline_s(self) -> float | None:
        """Return when somebody has waited for long enough."""
        return min((until_s for _, until_s in self._waiting), default=None)
