"""The bans of a linked room: one list for all servers, kept up by acts, also when a ban ends."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from messango.link.fold.acts import Banned, Unbanned
from messango.link.fold.restrictions import Restrictions
from messango.room.bans import Ban, Bans, target_key

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Ban)


class LinkedBans:
    """Keeps the room's `Bans` as the stream has them. For the room's thread."""

    def __init__(self, bans: Bans) -> None:
        self._bans = bans
        #: By the keys of their acts.
        self._by_key: dict[str, Ban] = {}
        #: The keys of those whose end this server has proposed.
        self._ending: set[str] = set()

    def load(self, restrictions: Restrictions) -> None:
        """Have the bans of the stream, and no others."""
        for ban in [*self._bans]:
            self._bans.discard(ban)
        self._by_key = {key: _decoder.decode(ban) for key, ban in restrictions.bans.items()}
        for ban in self._by_key.values():
            self._bans.add(ban)

    @staticmethod
    def act(ban: Ban) -> Banned:
        """Return what to propose so that all servers ban."""
        return Banned(target_key(ban), _encoder.encode(ban).decode())

    def lifting(self, bans: Iterable[Ban]) -> Unbanned:
        """Return what to propose so that these bans are lifted."""
        wanted = [*bans]
        return Unbanned([key for key, ban in self._by_key.items() if ban in wanted])

    def ended(self, time_s: float) -> Unbanned | None:
        """Return what to propose for bans whose time is over, once for each; None if there is none."""
        keys = [
            key
            for key, ban in self._by_key.items()
            if ban.until_s is not None and ban.until_s <= time_s and key not in self._ending
        ]
        self._ending.update(keys)
        return Unbanned(keys) if keys else None

    def next_end_s(self) -> float | None:
        """Return when the next ban ends, in seconds since 1970 UTC, or None."""
        ends = (ban.until_s for key, ban in self._by_key.items() if key not in self._ending)
        return min((end for end in ends if end is not None), default=None)

    def take_ban(self, act: Banned) -> Ban:
        """Have a ban that the stream has put in order, and return it."""
        ban = _decoder.decode(act.ban)
        self._forget(act.key)
        self._by_key[act.key] = ban
        self._bans.add(ban)
        return ban

    def take_lifted(self, keys: Iterable[str]) -> None:
        """These bans are lifted."""
        for key in keys:
            self._forget(key)

    def _forget(self, key: str) -> None:
        self._ending.discard(key)
        if (ban := self._by_key.pop(key, None)) is not None:
            self._bans.discard(ban)
