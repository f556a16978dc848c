"""What the host reads about guests from the browser: how they get in, and how many are here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from messango.room.guests import GuestKey, guests_here_text
from messango.room.host.host_events import GuestLink
from messango.transport.addresses import Address


@dataclass(frozen=True, slots=True)
class GuestInvite:
    """Where the room is and how its terminal draws. The functions are called for each answer.

    `key` returns the key that guests need now, for a terminal that shows what happens in the room.
    """

    addresses: Callable[[], Sequence[Address]]
    fingerprint: str
    columns: Callable[[], int]
    draws_codes: bool
    has_password: Callable[[], bool]
    key: Callable[[], GuestKey | None] = field(default=lambda: None)

    def result_lines(self, link: GuestLink) -> list[str]:
        """Return the answer to a command about guests."""
        done = [link.message] if link.message else []
        if not link.key:
            return done or ["Guests can't join from the browser. `web on` lets them in."]
        if link.has_expired:
            way = ["The link for guests has expired. `web renew` makes a new one."]
        else:
            way = self._link_lines(link.key, link.expires_at_s)
        return [*done, *way, f"{guests_here_text(link.guests)}."]

    def present_lines(self, time_s: float) -> list[str]:
        """Return how guests get in now, `time_s` being the present; nothing if they do not."""
        key = self.key()
        if key is None or key.expires_at_s <= time_s:
            return []
        return self._link_lines(key.text, key.expires_at_s)

    def _link_lines(self, key: str, expires_at_s: float) -> list[str]:
        # Imported here because most rooms never have guests.
        from messango.terminal.host.guest_lines import guest_lines

        return guest_lines(
            self.addresses(),
            key,
            expires_at_s,
            self.fingerprint,
            columns=self.columns(),
            draws_codes=self.draws_codes,
            has_password=self.has_password(),
        )
