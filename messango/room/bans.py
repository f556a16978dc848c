"""Whom the host keeps out: by name, by address and by session, for a while or for good."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from messango.protocol.validation import name_key
from messango.room.remote_peer import holds, network_of, only_this, written

#: As many sessions as the room remembers: one that is forgotten there can't come back anyway.
MAX_KICKED: Final = 1_000

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Ban(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the host's list: whatever of it fits keeps somebody out.

    `networks` are as `written` gives them, `session` is the proof of one, `until_s` is in seconds since
    1970 UTC, None for good. What is empty fits nobody.
    """

    name: str = ""
    networks: tuple[str, ...] = ()
    session: str = ""
    until_s: float | None = None
    reason: str = ""

    def __str__(self) -> str:
        """Whom it is about, as the host can type it."""
        return self.name or ", ".join(self.networks)

    def fits(self, names: Iterable[str], host: str, session: str) -> bool:
        """Tell whether it keeps out somebody of these names, this address and this session's proof."""
        if self.session and self.session == session:
            return True
        if self.name and name_key(self.name) in map(name_key, names):
            return True
        return any(holds(network_of(network), host) for network in self.networks)

    def is_about(self, target: str) -> bool:
        """Tell whether the host means it who types this name, address or network."""
        if self.name and name_key(self.name) == name_key(target):
            return True
        try:
            meant = {network_of(target), network_of(target) if "/" in target else only_this(target)}
        except ValueError:
            return False
        return any(written(network) in self.networks for network in meant)


class Bans:
    """The host's list, and the sessions that were sent out. For the thread that owns the room."""

    def __init__(self, bans: Iterable[Ban] = (), kicked: Iterable[str] = ()) -> None:
        """Begin with what was kept of an earlier run; `kicked` are the proofs of sessions."""
        self._bans = [*bans]
        self._kicked = dict.fromkeys(kicked)

    def __iter__(self) -> Iterator[Ban]:
        return iter(self._bans)

    @property
    def kicked(self) -> list[str]:
        """The proofs of the sessions that were sent out, the oldest first."""
        return [*self._kicked]

    def add(self, ban: Ban) -> None:
        """Keep somebody out, in place of what the list says of the same name or networks."""
        self._bans = [known for known in self._bans if not _same(known, ban)]
        self._bans.append(ban)

    def lift(self, target: str) -> list[Ban]:
        """Let those in again whom the host means by a name, an address or a network; returns them."""
        lifted = [ban for ban in self._bans if ban.is_about(target)]
        self._bans = [ban for ban in self._bans if ban not in lifted]
        return lifted

    def was_kicked(self, session: str) -> bool:
        """Tell whether the session of this proof was sent out."""
        return session in self._kicked

    def kick(self, session: str) -> None:
        """Let this session, known by its proof, in no more."""
        self._kicked.pop(session, None)
        self._kicked[session] = None
        while len(self._kicked) > MAX_KICKED:
            del self._kicked[next(iter(self._kicked))]

    def find(self, names: Iterable[str], host: str, session: str, time_s: float) -> Ban | None:
        """Return what keeps out somebody of these names, this address and this session's proof."""
        names = [*names]
        self.forget_past(time_s)
        return next((ban for ban in self._bans if ban.fits(names, host, session)), None)

    def forget_past(self, time_s: float) -> None:
        """Strike out what was for a while that is over."""
        self._bans = [ban for ban in self._bans if ban.until_s is None or ban.until_s > time_s]


def _same(known: Ban, new: Ban) -> bool:
    if known.name or new.name:
        return name_key(known.name) == name_key(new.name)
    return known.networks == new.networks


def how_long(seconds: float) -> str:
    """Return a time in words, rounded up: `40 seconds`, `10 minutes`, `3 hours`, `2 days`."""
    # The difference of two times since 1970 is not exact, and must not be rounded up to another minute.
    seconds = round(seconds, 3)
    # A unit is worth its name from two on: 90 minutes say more than 2 hours.
    fitting = (unit for unit in _UNITS if seconds >= 2 * unit[1] or seconds == unit[1])
    unit, length_s = next(fitting, _UNITS[-1])
    count = max(1, math.ceil(seconds / length_s))
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
