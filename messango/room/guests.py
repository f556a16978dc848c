"""Guests from the browser: whether they may join, and the key that they need.

A page can't check the room's certificate for its visitor, and can't prove a password without revealing it to
somebody in between. So guests have a key, which the host hands out as a link or a QR code.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from typing import Final

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Refused
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.wording import counted

#: How long a key admits guests: a day of work, but not the next one.
KEY_VALID_S: Final = 12 * 3_600.0

#: 128 random bits can't be guessed.
_KEY_BYTES: Final = 16

_NEW_LINK_HINT: Final = "Ask the host for the present link, or scan the QR code again."


@dataclass(frozen=True, slots=True)
class GuestKey:
    """A key, and until when it admits guests: in seconds since 1970 UTC, and on the monotonic clock.

    With two clocks, one that is set back prolongs nothing, and neither does a computer that sleeps.
    """

    text: str
    expires_at_s: float
    expires_s: float

    def has_expired(self, now_s: float, time_s: float) -> bool:
        """Return whether the key is too old."""
        return now_s >= self.expires_s or time_s >= self.expires_at_s


class GuestAccess:
    """The guest key of one room. For the room thread; only `key` and `is_open` are for any thread.

    A guest who returns to a seat needs no key: see `AdmissionPolicy`.
    """

    def __init__(self) -> None:
        #: The present key, also if it has expired; None while no guests are admitted at all. Each change
        #: makes a new one.
        self.key: GuestKey | None = None
        self._reported: GuestKey | None = None

    @property
    def is_open(self) -> bool:
        """Whether guests are admitted at all."""
        return self.key is not None

    def renew(self, now_s: float, time_s: float) -> None:
        """Admit guests who have a new key, and none with an earlier one."""
        self.key = GuestKey(secrets.token_urlsafe(_KEY_BYTES), time_s + KEY_VALID_S, now_s + KEY_VALID_S)

    def close(self) -> None:
        """Admit no guests."""
        self.key = None

    def next_report_s(self) -> float | None:
        """Return when the host has to be told that the key has expired, on the monotonic clock, or None."""
        key = self.key
        return None if key is None or key is self._reported else key.expires_s

    def take_expiry(self, now_s: float, time_s: float) -> bool:
        """Return whether the key has expired, once for each key."""
        key = self.key
        if key is None or key is self._reported or not key.has_expired(now_s, time_s):
            return False
        self._reported = key
        return True

    def refusal(self, room: str, join: Join, now_s: float, time_s: float) -> Refused | None:
        """Return why this guest can't join, or None."""
        if self.key is None:
            reason = f"{quoted_name(room)} takes no guests from the browser."
            return Refused(
                error_codes.NO_GUESTS, reason, "Ask the host to admit them, or join with Messango."
            )
        if not join.key:
            reason = f"To join {quoted_name(room)} from a browser, you need the host's link."
            return Refused(
                error_codes.KEY_REQUIRED, reason, "Scan the QR code, or ask the host for the link."
            )
        if not hmac.compare_digest(join.key.encode(), self.key.text.encode()):
            reason = "This link is not valid: it is from an earlier time, or incomplete."
            return Refused(error_codes.WRONG_KEY, reason, _NEW_LINK_HINT)
        if self.key.has_expired(now_s, time_s):
            reason = f"This link has expired: links are valid for {KEY_VALID_S / 3_600:.0f} hours."
            return Refused(error_codes.WRONG_KEY, reason, _NEW_LINK_HINT)
        return None


def guests_here_text(guests: int) -> str:
    """Return how many guests are in the room, as the host reads it, without a full stop."""
    return f"{counted(guests, 'guest') if guests else 'No guests'} {'is' if guests == 1 else 'are'} here"


def dismissed_notice(room: str) -> Closed:
    """Return the last frame for a guest when the host admits no more of them."""
    reason = f"The host of {quoted_name(room)} takes no guests from the browser any more."
    return Closed(error_codes.NO_GUESTS, reason, "Ask the host to admit them again, or join with Messango.")
