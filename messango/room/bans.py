"""The host's bans: by name, address and session, for a time or for good."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from messango.protocol.text.confusables import looks_like
from messango.protocol.text.validation import normalized_name
from messango.room.peer import contains, format_network, parse_network, single_address

#: As many as the sessions that the room remembers: a forgotten session can't return anyway.
MAX_KICKED_SESSIONS: Final = 1_000

_UNITS: Final = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


class Ban(msgspec.Struct, frozen=True, omit_defaults=True):
    """One ban. It applies to a client if any one of its parts matches; an empty part matches nobody.

    A name matches all names that look like it, also in other letters.

    `networks` are in the form of `format_network`, `session` is a session's hash, `until_s` is in seconds
    since 1970 UTC, or None for good. With `newcomers_only` the networks apply to those who have never been in
    the room, and `address` (one address, as a network) to everybody: a /64 that is also the host's own.
    """

    name: str = ""
    networks: tuple[str, ...] = ()
    session: str = ""
    until_s: float | None = None
    reason: str = ""
    address: str = ""
    newcomers_only: bool = False

    def __str__(self) -> str:
        """The name or the networks, as the host can type them."""
        return self.name or ", ".join(self.networks)

    def matches(
        self, names: Iterable[str], host: str, session_hash: str, *, is_newcomer: bool = True
    ) -> bool:
        """Return whether the ban applies to a client with these names, this address and this session."""
        if self.session and self.session == session_hash:
            return True
        if self.name and any(looks_like(self.name, name) for name in names):
            return True
        networks = (self.address,) if self.newcomers_only and not is_newcomer else self.networks
        return any(contains(parse_network(network), host) for network in networks if network)

    def matches_target(self, target: str) -> bool:
        """Return whether this name, address or network, as the host typed it, means this ban."""
        if self.name and normalized_name(self.name) == normalized_name(target):
            return True
        try:
            networks = {
                parse_network(target),
                parse_network(target) if "/" in target else single_address(target),
            }
        except ValueError:
            return False
        return any(format_network(network) in self.networks for network in networks)


class Bans:
    """The list of bans, and the kicked sessions. For the thread that owns the room."""

    def __init__(self, bans: Iterable[Ban] = (), kicked_sessions: Iterable[str] = ()) -> None:
        """Start with the stored bans; `kicked_sessions` are hashes of sessions."""
        self._bans = [*bans]
        self._kicked_sessions = dict.fromkeys(kicked_sessions)

    def __iter__(self) -> Iterator[Ban]:
        return iter(self._bans)

    @property
    def kicked_sessions(self) -> list[str]:
        """The hashes of the kicked sessions, the oldest first."""
        return [*self._kicked_sessions]

    def add(self, ban: Ban) -> None:
        """Add a ban; it replaces one of the same name or networks."""
        self._bans = [old for old in self._bans if target_key(old) != target_key(ban)]
        self._bans.append(ban)

    def remove(self, target: str) -> list[Ban]:
        """Remove and return the bans that a name, an address or a network means."""
        removed = self.matching(target)
        self._bans = [ban for ban in self._bans if ban not in removed]
        return removed

    def discard(self, ban: Ban) -> None:
        """Remove one ban, if it is there."""
        self._bans = [each for each in self._bans if each != ban]

    def matching(self, target: str) -> list[Ban]:
        """Return the bans that a name, an address or a network means."""
        return [ban for ban in self._bans if ban.matches_target(target)]

    def was_kicked(self, session_hash: str) -> bool:
        """Return whether this session was kicked."""
        return session_hash in self._kicked_sessions

    def add_kicked(self, session_hash: str) -> None:
        """Add a kicked session; beyond `MAX_KICKED_SESSIONS` the oldest is dropped."""
        self._kicked_sessions.pop(session_hash, None)
        self._kicked_sessions[session_hash] = None
        while len(self._kicked_sessions) > MAX_KICKED_SESSIONS:
            del self._kicked_sessions[next(iter(self._kicked_sessions))]

    def find(
        self,
        names: Iterable[str],
        host: str,
        session_hash: str,
        time_s: float,
        *,
        is_newcomer: bool = True,
    ) -> Ban | None:
        """Return the ban that applies to these names, this address or this session, or None.

        A client is no newcomer if they have a session of the room, or are on the host's own computer.
        """
        names = [*names]
        self.remove_expired(time_s)
        return next(
            (ban for ban in self._bans if ban.matches(names, host, session_hash, is_newcomer=is_newcomer)),
            None,
        )

    def remove_expired(self, time_s: float) -> None:
        """Remove the bans that have ended."""
        self._bans = [ban for ban in self._bans if ban.until_s is None or ban.until_s > time_s]


def target_key(ban: Ban) -> str:
    """Return what two bans of the same name or networks have in common."""
    return f"name {normalized_name(ban.name)}" if ban.name else " ".join((*ban.networks, ban.address))


def widened(ban: Ban) -> Ban:
    """Return a ban of an IPv6 address as one of its /64, in which a computer can change its address."""
    networks = [parse_network(network) for network in ban.networks]
    single = [network for network in networks if network.version == 6 and network.prefixlen == 128]
    if not single or any(network.is_loopback for network in networks):
        return ban
    return msgspec.structs.replace(
        ban,
        networks=tuple(format_network(parse_network(str(network.network_address))) for network in networks),
        address=format_network(single[0]),
        newcomers_only=True,
    )


def format_duration(seconds: float) -> str:
    """Return a duration in words, rounded up: `40 seconds`, `10 minutes`, `3 hours`, `2 days`."""
    # The difference of two floats is not exact; the error must not round up to another minute.
    seconds = round(seconds, 3)
    # A unit is used from two on: "90 minutes" says more than "2 hours".
    fitting_units = (unit for unit in _UNITS if seconds >= 2 * unit[1] or seconds == unit[1])
    unit, length_s = next(fitting_units, _UNITS[-1])
    count = max(1, math.ceil(seconds / length_s))
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
