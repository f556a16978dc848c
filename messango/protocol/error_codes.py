"""The values of `code` in `refused`, `closed` and `problem`."""

from __future__ import annotations

from typing import Final

# refused
FULL: Final = "full"
PASSWORD_REQUIRED: Final = "password-required"  # noqa: S105 (a code, not a secret)
WRONG_PASSWORD: Final = "wrong-password"  # noqa: S105
BANNED: Final = "banned"
BUSY: Final = "busy"

# refused and closed
PROTOCOL: Final = "protocol"
CLOSING: Final = "closing"

# closed
KICKED: Final = "kicked"
TOO_SLOW: Final = "too-slow"
REPLACED: Final = "replaced"

# refused and problem
BAD_NAME: Final = "bad-name"

# problem
UNKNOWN_TYPE: Final = "unknown-type"
BAD_FRAME: Final = "bad-frame"
BAD_TEXT: Final = "bad-text"
FAULT: Final = "fault"
NOT_KEPT: Final = "not-kept"
KEPT_AGAIN: Final = "kept-again"
NOT_JOINED: Final = "not-joined"
ALREADY_JOINED: Final = "already-joined"

# The `reason` of `left` for a member whose connection broke and who did not return in time.
CONNECTION_BROKE: Final = "the connection broke"
