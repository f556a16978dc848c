"""How guests get from their browsers into a room that this window hosts, without a display."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from messango.app.export import suggested_file_name
from messango.gui.model.rooms.room_details import RoomDetails
from messango.room.guest_moderation import IN_BETWEEN_WARNING
from messango.room.guests import GuestKey, guests_here_text
from messango.web.invite.guest_link import guest_links
from messango.web.invite.phone_warning import phone_warning

_EXPIRED: Final = "This link has expired, so nobody can join with it. Guests who are here stay."
_NO_ADDRESS: Final = "No browser can open an address of this computer. Connect it to a Wi-Fi or a cable."


@dataclass(frozen=True, slots=True)
class GuestInvite:
    """What the host passes on: a link for each address, the best first, and none while nobody can join.

    `problem` says why nobody can, although guests are admitted; `password_warning` is for rooms with one.
    """

    is_on: bool = False
    links: tuple[str, ...] = ()
    problem: str = ""
    status: str = ""
    fingerprint: str = ""
    password_warning: str = ""

    def phone_warning(self, link: str) -> str:
        """Return what the phone will warn of, and what to compare."""
        return phone_warning(link, self.fingerprint)


def build_guest_invite(
    key: GuestKey | None, details: RoomDetails, *, has_password: bool, guests: int, now_s: float
) -> GuestInvite:
    """Return how guests get into the room with these details; `key` is None if they do not.

    `now_s` is in seconds since 1970 UTC, `guests` the number of those who are here.
    """
    warning = IN_BETWEEN_WARNING if has_password else ""
    here = guests_here_text(guests)
    if key is None:
        return GuestInvite(password_warning=warning)
    if key.expires_at_s <= now_s:
        return GuestInvite(is_on=True, problem=_EXPIRED, status=f"{here}.", password_warning=warning)
    links = tuple(guest_links(details.addresses, key.text))
    until = time.strftime("%H:%M", time.localtime(key.expires_at_s))
    return GuestInvite(
        is_on=True,
        links=links,
        problem="" if links else _NO_ADDRESS,
        status=f"{here}. The link is valid until {until}, as long as the room is open.",
        fingerprint=details.fingerprint,
        password_warning=warning,
    )


def next_link(links: Sequence[str], shown: str) -> str:
    """Return the link for the address after the one that is shown, the first after the last."""
    return links[(links.index(shown) + 1) % len(links)] if shown in links else links[0]


def suggested_picture_name(room: str, suffix: str) -> str:
    """Return a name for the file with the room's QR code; `suffix` is `.png` or `.svg`."""
    return f"{suggested_file_name(room)} QR code{suffix}"
