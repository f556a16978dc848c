"""What the host does about guests from the browser, as data. Each command's result is the present link."""

from __future__ import annotations

from dataclasses import dataclass

from messango.room.host.host_events import GuestLink
from messango.room.moderation import Moderation


@dataclass(frozen=True, slots=True)
class ShowGuestLink:
    """Show the link, until when it is valid, and how many guests are here."""

    def apply(self, moderation: Moderation) -> GuestLink:
        return moderation.guests.link()


@dataclass(frozen=True, slots=True)
class AdmitGuests:
    """Let guests join from the browser with a link."""

    def apply(self, moderation: Moderation) -> GuestLink:
        return moderation.guests.admit()


@dataclass(frozen=True, slots=True)
class RenewGuestLink:
    """Make a new link: an earlier one lets nobody in any more; the guests who are here stay."""

    def apply(self, moderation: Moderation) -> GuestLink:
        return moderation.guests.renew()


@dataclass(frozen=True, slots=True)
class DismissGuests:
    """Let no more guests in, and remove those who are here."""

    def apply(self, moderation: Moderation) -> GuestLink:
        return moderation.guests.dismiss()
