"""The id of a room, which anybody can check against the room's certificate.

An id is 32 lower-case hexadecimal digits: a tag of eight, which tells the rooms of one certificate apart,
and the first 24 of the SHA-256 of the tag and the certificate's fingerprint (64 lower-case digits), both as
ASCII. To take the id of somebody else's room, one would have to find a certificate with the same 96 bits.

A room keeps its tag when its host gets another certificate, so the new id still says which room it was.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

TAG_DIGITS: Final = 8
_ID_DIGITS: Final = 32

#: `\Z`, because `$` would also match before a line break at the end.
ROOM_ID_PATTERN: Final = rf"^[0-9a-f]{{{_ID_DIGITS}}}\Z"
_ROOM_ID: Final = re.compile(ROOM_ID_PATTERN)

#: In files: a tag, an id, or the 16 random digits that an id used to be. Each begins with the tag.
_STORED_TAG: Final = re.compile(r"(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32})\Z")


def derive_room_id(tag: str, fingerprint: str) -> str:
    """Return the id of the room with this tag (8 hex digits) and certificate (SHA-256, 64 hex digits)."""
    return tag + hashlib.sha256(f"{tag}{fingerprint}".encode()).hexdigest()[: _ID_DIGITS - TAG_DIGITS]


def tag_of(room_id: str) -> str:
    """Return the tag in an id."""
    return room_id[:TAG_DIGITS]


def stored_tag_of(text: str) -> str | None:
    """Return the tag in a file's text, also in the form of earlier versions; None if there is none."""
    return tag_of(text) if _STORED_TAG.match(text) else None


def is_room_id(text: str) -> bool:
    """Return whether this is an id in form; `is_proved` says whether it belongs to a certificate."""
    return _ROOM_ID.match(text) is not None


def is_proved(room_id: str, fingerprint: str | None) -> bool:
    """Return whether this id belongs to the certificate that answered; without a certificate, none does."""
    return (
        fingerprint is not None
        and is_room_id(room_id)
        and room_id == derive_room_id(tag_of(room_id), fingerprint)
    )
