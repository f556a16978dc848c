"""The details of a room, without a display."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from messango.errors import BadAddress
from messango.transport.addresses import Invite, parse_address


@dataclass(frozen=True, slots=True)
class RoomDetails:
    """What the details page shows; `fingerprint_words` are the security words of `fingerprint`.

    The invite link has the first of `addresses`.
    """

    name: str
    addresses: tuple[str, ...]
    fingerprint_words: str
    fingerprint: str
    invite: str


def build_room_details(
    name: str, addresses: Sequence[str], fingerprint: str, *, encrypted: bool
) -> RoomDetails:
    """Return the details of a room at `addresses`. Slow: call it in a thread."""
    from messango.transport.identity.fingerprint_words import group_digits, words_of

    try:
        invite = str(Invite(parse_address(addresses[0]), fingerprint if encrypted else None))
    except BadAddress:
        invite = ""
    if not encrypted:
        return RoomDetails(name, tuple(addresses), "", "", invite)
    return RoomDetails(name, tuple(addresses), words_of(fingerprint), group_digits(fingerprint), invite)
