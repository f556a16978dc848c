"""Addresses, as people type them and as sockets use them, and invite links."""

from __future__ import annotations

import ipaddress
import re
import urllib.parse
from dataclasses import dataclass
from typing import Final

from messango.errors import BadAddress
from messango.protocol.text.escaping import excerpt

DEFAULT_PORT: Final = 8000
INVITE_SCHEME: Final = "messango"

_HOST_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_-]{1,63})*\.?", re.I)
#: The name or number of an interface. Python accepts any text here, even terminal escape sequences.
_SCOPE: Final = re.compile(r"[\w.:~@+=-]{1,64}")
_WORD_AND_NUMBER: Final = re.compile(r"([^\s:.\[\]%/]+):\d+")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
#: Characters around a link that was copied from a sentence, and inside it where a line was broken.
_LEADING_PUNCTUATION: Final = "<([{\"'“”„‘’«»‹›`*_"
_TRAILING_PUNCTUATION: Final = ">)}\"'“”„‘’«»‹›`*_.,;:!?…"
_INVISIBLE: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_ESCAPED_BRACKET: Final = re.compile("%(5b|5d|3a)", re.I)
_FINGERPRINT_KEY: Final = "fingerprint"
_COPY_HINT: Final = "Copy the whole link again."

#: The scheme of a link is within so many characters, after what mail programs put before it.
_MAX_LINK_START: Final = 80

_ADDRESS_HINT: Final = (
    "An address looks like 192.168.1.20, 192.168.1.20:8000, [fe80::1%eth0]:8000 or ann-laptop.local."
)


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a room listens; `host` is a name or an IP address: IPv6 without brackets, scope after `%`."""

    host: str
    port: int = DEFAULT_PORT

    @property
    def is_loopback(self) -> bool:
        """Whether it reaches only the machine on which it is used."""
        if is_ip(self.host):
            return ipaddress.ip_address(without_scope(self.host)).is_loopback
        return self.host.rstrip(".").lower().rpartition(".")[2] == "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Invite:
    """An address and the fingerprint (SHA-256 of the certificate, 64 hex digits) expected there."""

    address: Address
    fingerprint: str | None = None

    def __str__(self) -> str:
        # The `%` before a scope is `%25` in a link (RFC 6874).
        link = f"{INVITE_SCHEME}://{str(self.address).replace('%', '%25')}/"
        return f"{link}?fingerprint={self.fingerprint}" if self.fingerprint else link


def without_scope(host: str) -> str:
    """Return an address without the `%` and the scope, which have a meaning on one machine only."""
    return host.partition("%")[0]


def is_ip(host: str) -> bool:
    """Return whether `host` is a literal IPv4 or IPv6 address, with or without a scope."""
    _, percent, scope = host.partition("%")
    if percent and not _SCOPE.fullmatch(scope):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def parse_address(text: str) -> Address:
    """Parse `HOST`, `HOST:PORT`, `IPV6` or `[IPV6]:PORT`; raises `BadAddress`."""
    text = text.strip()
    if is_ip(text):
        return Address(text)
    if text.startswith("["):
        host, bracket, port = text[1:].partition("]")
        if not bracket or not is_ip(host) or ":" not in host or (port and not port.startswith(":")):
            raise BadAddress(f"“{excerpt(text)}” is not a valid IPv6 address in brackets.", _ADDRESS_HINT)
        return Address(host, _port(port[1:]) if port else DEFAULT_PORT)
    host, colon, port = text.partition(":")
    if not _HOST_NAME.fullmatch(host):
        raise BadAddress(f"“{excerpt(text)}” is not a valid address.", _ADDRESS_HINT)
    return Address(host, _port(port) if colon else DEFAULT_PORT)


def require_scope(host: str) -> None:
    """Raise `BadAddress` for an own link-local IPv6 address without its interface.

    Such an address exists once on each network, so the system needs to know which one (RFC 4007, section 6).
    """
    if is_ip(host) and "%" not in host and ":" in host and ipaddress.ip_address(host).is_link_local:
        raise BadAddress(
            f"The address {host} needs the network interface that leads to it, such as {host}%eth0.",
            "`messango doctor` lists your interfaces.",
        )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise BadAddress(f"“{excerpt(text)}” is not a valid port.", "Use a number from 1 to 65535.")
    return int(text)


def is_fingerprint(text: str) -> bool:
    """Return whether this is a fingerprint: SHA-256 in 64 lower-case hexadecimal digits."""
    return _FINGERPRINT.fullmatch(text) is not None


def parse_fingerprint(text: str) -> str:
    """Parse a fingerprint, with or without colons, spaces and capitals; raises `BadAddress`."""
    digits = re.sub(r"[\s:]", "", text).lower()
    if not is_fingerprint(digits):
        raise BadAddress(
            "The fingerprint is not valid: it must have 64 hexadecimal digits.",
            "Copy the whole invite link again.",
        )
    return digits


def parse_invite(text: str) -> Invite:
    """Parse a pasted invite link, `messango://HOST:PORT/?fingerprint=...`; raises `BadAddress`.

    A link that was cut off, or has two fingerprints, is an error: it must not pass as a link without one.
    """
    link_text = _strip_wrapping(text)
    try:
        link = urllib.parse.urlsplit(link_text)
    except ValueError as error:
        raise BadAddress(f"“{excerpt(text)}” is not a valid invite link.", _COPY_HINT) from error
    if link.scheme != INVITE_SCHEME or not link.netloc:
        raise BadAddress(
            f"“{excerpt(text)}” is not a valid invite link.",
            "An invite link starts with messango:// and an address.",
        )
    query = urllib.parse.parse_qsl(link.query, keep_blank_values=True)
    fingerprints = {value for key, value in query if key.lower() == _FINGERPRINT_KEY}
    if len(fingerprints) > 1 or (not fingerprints and (link.query or _FINGERPRINT_KEY in link_text.lower())):
        raise BadAddress("The invite link is incomplete: its fingerprint can't be read.", _COPY_HINT)
    return Invite(
        parse_address(_unescape_netloc(link.netloc)),
        parse_fingerprint(fingerprints.pop()) if fingerprints else None,
    )


def _strip_wrapping(text: str) -> str:
    """Return a link without the brackets, quotes and line breaks that mail and chat programs add."""
    link = _INVISIBLE.sub("", text)
    if link.lower().startswith(f"{INVITE_SCHEME}%3a"):
        link = urllib.parse.unquote(link)  # It was a parameter of another link.
    if link.startswith("["):
        link = link[1:].removesuffix("]")
    return link.lstrip(_LEADING_PUNCTUATION).rstrip(_TRAILING_PUNCTUATION)


def _unescape_netloc(netloc: str) -> str:
    """Return the address in a link, in which brackets, colons and the `%` before a scope may be escaped."""
    address = _ESCAPED_BRACKET.sub(lambda escape: urllib.parse.unquote(escape[0]), netloc)
    # People also write a scope after a bare `%`, as they do everywhere else.
    return address.replace("%25", "%", 1)


def may_be_room_name(text: str) -> bool:
    """Return whether an address such as `Room:5` may be the name of a room: a word and a number."""
    word_and_number = _WORD_AND_NUMBER.fullmatch(text.strip())
    return word_and_number is not None and word_and_number[1].lower() != "localhost"


def may_be_hostname(text: str) -> bool:
    """Return whether the name of a room may as well be that of a computer: one with a dot, or `localhost`.

    What ends in a number, like `v2.0`, is not one, though the system takes `2.0` for an IP address.
    """
    text = text.strip().lower()
    is_name = _HOST_NAME.fullmatch(text) is not None and ("." in text or text == "localhost")
    return is_name and not text.rpartition(".")[2].isdigit()


def parse_address_or_invite(text: str) -> Invite | None:
    """Parse what a person typed to name a room, if it can only be an address or a link; otherwise None.

    A single word may be the name of a room or of a host: the caller searches for the room first.
    Raises `BadAddress` for an invalid address or link.
    """
    text = text.strip()
    if (
        _strip_wrapping(text[:_MAX_LINK_START])
        .lower()
        .startswith((f"{INVITE_SCHEME}:", f"{INVITE_SCHEME}%3a"))
    ):
        return parse_invite(text)
    if text.startswith("[") or is_ip(text) or re.fullmatch(r"[^\s:]+:\d+", text):
        return Invite(parse_address(text))
    return None
