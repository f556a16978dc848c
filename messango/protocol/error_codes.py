"""The values of `code` in `refused`, `closed` and `problem`."""

from __future__ import annotations

from typing import Final

# refused
FULL: Final = "full"
LOCKED: Final = "locked"
PASSWORD_REQUIRED: Final = "password-required"  # noqa: S105 (a code, not a secret)
WRONG_PASSWORD: Final = "wrong-password"  # noqa: S105
BUSY: Final = "busy"
OTHER_ROOM: Final = "other-room"
#: A guest in a browser gave no key; or one that is wrong, or not valid any more.
KEY_REQUIRED: Final = "key-required"
WRONG_KEY: Final = "wrong-key"

# refused and closed
BANNED: Final = "banned"
PROTOCOL: Final = "protocol"
CLOSING: Final = "closing"
#: The room takes no guests from browsers (any more); also why such a member left.
NO_GUESTS: Final = "no-guests"

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
BAD_EMOJI: Final = "bad-emoji"
UNKNOWN_MEMBER: Final = "unknown-member"
UNKNOWN_ENTRY: Final = "unknown-entry"
NOT_YOURS: Final = "not-yours"
NOT_ENCRYPTED: Final = "not-encrypted"
FAULT: Final = "fault"
#: The file is larger than the room takes; there is no space for it; its bytes are not those of its digest;
#: the room's host takes no files.
TOO_LARGE: Final = "too-large"
STORE_FULL: Final = "store-full"
WRONG_DIGEST: Final = "wrong-digest"
NO_FILES: Final = "no-files"
#: These bytes of an upload are not the missing ones.
OTHER_OFFSET: Final = "other-offset"
NOT_KEPT: Final = "not-kept"
KEPT_AGAIN: Final = "kept-again"
#: Refused and problem: the link to the other servers is down, so nothing new is accepted; and it is up again.
LINK_DOWN: Final = "link-down"
LINK_UP: Final = "link-up"
NOT_JOINED: Final = "not-joined"
ALREADY_JOINED: Final = "already-joined"

# left, which also has KICKED, BANNED and TOO_SLOW. CONNECTION_BROKE: and they did not return in time.
LEFT: Final = "left"
CONNECTION_BROKE: Final = "connection-broke"
