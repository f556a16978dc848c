"""What the host does about guests from the browser: admit them, give out a new link, send them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.protocol.text.wording import counted
from messango.room.guests import GuestKey, dismissed_notice
from messango.room.host.host_events import EXTRA_MISSING, GuestLink
from messango.room.members import Member
from messango.room.moderation_error import ModerationError
from messango.room.room import Room

#: What a host has to know who wants a password and guests. It stands beside the link of such a room.
IN_BETWEEN_WARNING: Final = (
    "Guests from the browser do not need the password. Somebody on the network who gets between a phone and "
    "this computer could take the link from a guest, and read and write here without the password."
)

_ADMITTED: Final = "Guests can join from the browser now."


class GuestModeration:
    """Applies the host's commands about guests to one room; for the thread that owns the room, in a batch.

    `obstacle` returns why this server can't admit guests, or "".
    """

    def __init__(self, room: Room, obstacle: Callable[[], str]) -> None:
        self._room = room
        self._access = room.admission.guests
        self._obstacle = obstacle

    def link(self, message: str = "") -> GuestLink:
        """Return the present link, and what was done."""
        key = self._access.key
        guests = len(self._guests())
        if key is None:
            return GuestLink("", 0.0, guests, message)
        return GuestLink(key.text, key.expires_at_s, guests, message, has_expired=self._has_expired(key))

    def admit(self) -> GuestLink:
        """Admit guests. A link that is still valid stays as it is; without one, there is a new one."""
        key = self._access.key
        if key is not None and not self._has_expired(key):
            return self.link("Guests can join from the browser already.")
        self._renew()
        return self.link(_ADMITTED)

    def renew(self) -> GuestLink:
        """Make a new link; an earlier one is not valid any more. The guests who are here stay."""
        had_one = self._access.is_open
        self._renew()
        if not had_one:
            return self.link(_ADMITTED)
        return self.link(
            "There is a new link. Earlier ones are not valid any more; guests who are here stay."
        )

    def dismiss(self) -> GuestLink:
        """Admit no more guests, and remove those who are here, also those whose connection broke."""
        was_open = self._access.is_open
        self._access.close()
        guests = self._guests()
        for guest in guests:
            self._room.dismiss(guest, dismissed_notice(self._room.name))
        if not was_open:
            return self.link("Guests can't join from the browser already.")
        removed = f" {counted(len(guests), 'guest')} {'was' if len(guests) == 1 else 'were'} removed."
        return self.link(f"Guests can't join from the browser any more.{removed if guests else ''}")

    def _renew(self) -> None:
        if obstacle := self._obstacle():
            raise ModerationError(obstacle, EXTRA_MISSING)
        self._access.renew(self._room.now_s, self._room.time_s)

    def _has_expired(self, key: GuestKey) -> bool:
        return key.has_expired(self._room.now_s, self._room.time_s)

    def _guests(self) -> list[Member]:
        # Those at other servers of a linked room have come by the links of their hosts.
        return [member for member in self._room.members if member.is_guest and not member.server]
