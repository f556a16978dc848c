"""Guests from the browser: whether they may join, and the key that they need.

A page can't check the room's certificate for its visitor, and can't prove a password without revealing it to
somebody in between. So guests have a key, which the host hands out as a link or a QR code.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Final

from messango.protocol import error_codes
from messango.protocol.frames import Join, Refused
from messango.protocol.text.plain_names import quoted_name

#: How long a key admits guests: a day of work, but not the next one.
KEY_VALID_S: Final = 12 * 3_600.0

#: 128 random bits can't be guessed.
_KEY_BYTES: Final = 16

_NEW_LINK_HINT: Final = "Ask the host for the present link, or scan the QR code again."


class GuestAccess:
    """The guest key of one room. For the room thread; only `is_open` is for any thread.

    A guest who returns to a seat needs no key: see `AdmissionPolicy`.
    """

    def __init__(self) -> None:
        #: Whether guests are admitted at all.
        self.is_open = False
        self.key = ""
        #: Until when the key is valid, in seconds since 1970 UTC.
        self.expires_at_s = 0.0
        #: The same on the monotonic clock of the batches: a clock that is set back prolongs nothing.
        self._expires_s = 0.0

    def renew(self, now_s: float, time_s: float) -> None:
        """Admit guests who have a new key, and none with an earlier one."""
        self.is_open = True
        self.key = secrets.token_urlsafe(_KEY_BYTES)
        self._expires_s, self.expires_at_s = now_s + KEY_VALID_S, time_s + KEY_VALID_S

    def close(self) -> None:
        """Admit no guests."""
        self.is_open, self.key = False, ""

    def has_expired(self, now_s: float, time_s: float) -> bool:
        """Return whether the key is too old."""
        return now_s >= self._expires_s or time_s >= self.expires_at_s

    def refusal(self, room: str, join: Join, now_s: float, time_s: float) -> Refused | None:
        """Return why this guest can't join, or None."""
        if not self.is_open:
            reason = f"{quoted_name(room)} takes no guests from the browser."
            return Refused(
                error_codes.NO_GUESTS, reason, "Ask the host to admit them, or join with Messango."
            )
        if not join.key:
            reason = f"To join {quoted_name(room)} from a browser, you need the host's link."
            return Refused(
                error_codes.KEY_REQUIRED, reason, "Scan the QR code, or ask the host for the link."
            )
        if not hmac.compare_digest(join.key.encode(), self.key.encode()):
            reason = "This link is not valid: it is from an earlier time, or incomplete."
            return Refused(error_codes.WRONG_KEY, reason, _NEW_LINK_HINT)
        if self.has_expired(now_s, time_s):
            reason = f"This link has expired: links are valid for {KEY_VALID_S / 3_600:.0f} hours."
            return Refused(error_codes.WRONG_KEY, reason, _NEW_LINK_HINT)
        return None
