"""The bans and the lock of a linked room, as the stream has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from messango.link.fold.acts import Banned, Locked, Unbanned
from messango.link.fold.kept_state import KeptState
from messango.link.fold.ordered import DONE, Ruling

_BAN: Final = "ban"
_LOCKED: Final = "locked"


class Restrictions:
    """Who may not come in. The fold only keeps bans: the servers know whom they mean."""

    def __init__(self, kept: KeptState) -> None:
        self._kept = kept
        self.is_locked = kept.read(_LOCKED, bool) or False
        self._bans = dict(kept.read_all(_BAN, str))

    @property
    def bans(self) -> Mapping[str, str]:
        """The bans in force, their JSON by their key, sorted by it."""
        return dict(sorted(self._bans.items()))

    def ban(self, act: Banned) -> Ruling:
        """Keep a ban, in place of the one with the same key."""
        self._bans[act.key] = act.ban
        self._kept.put(f"{_BAN}:{act.key}", act.ban)
        return DONE

    def unban(self, act: Unbanned) -> Ruling:
        """Lift those of the bans that are in force."""
        lifted = tuple(key for key in act.keys if self._bans.pop(key, None) is not None)
        for key in lifted:
            self._kept.delete(f"{_BAN}:{key}")
        return Ruling(lifted=lifted) if lifted else Ruling("not-banned")

    def lock(self, act: Locked) -> Ruling:
        """Lock or unlock the room for newcomers."""
        if act.on == self.is_locked:
            return Ruling("unchanged")
        self.is_locked = act.on
        self._kept.put(_LOCKED, act.on)
        return DONE
