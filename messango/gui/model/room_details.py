"""What is told of a room that one is in, without a display."""

from __future__ import annotations

from dataclasses import dataclass

from messango.errors import BadAddress
from messango.transport.addresses import Invite, parse_address


@dataclass(frozen=True, slots=True)
class Details:
    """What stands on the page; `words` stand for the fingerprint, `groups` is all of it."""

    name: str
    address: str
    words: str
    groups: str
    invite: str


def details_of(name: str, address: str, fingerprint: str, *, encrypted: bool) -> Details:
    """Return the details of a room at `address`; takes a moment, so it is for a thread."""
    from messango.transport.fingerprint_words import group_digits, words_of

    try:
        invite = str(Invite(parse_address(address), fingerprint if encrypted else None))
    except BadAddress:
        invite = ""
    if not encrypted:
        return Details(name, address, "", "", invite)
    return Details(name, address, words_of(fingerprint), group_digits(fingerprint), invite)
