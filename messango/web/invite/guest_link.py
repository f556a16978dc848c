"""The link that a guest opens in a browser."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_SCHEME: Final = "https"


def guest_link(address: str, key: str) -> str:
    """Return the link for one address, such as `192.168.1.20:8000` or `[fd00::1]:8000`.

    The key stands in the fragment, which a browser keeps to itself: it is in no request line and no log.
    An IPv6 address without a port may come without brackets.
    """
    is_bare_ipv6 = address.count(":") > 1 and not address.startswith("[")
    host = f"[{address}]" if is_bare_ipv6 else address
    return f"{_SCHEME}://{host}/#k={key}"


def can_be_opened(address: str) -> bool:
    """Return whether a browser can open this address at all: no browser takes an address with a scope.

    `fe80::1%eth0` means an interface of one computer, and a URL has no place for it (RFC 9844).
    """
    return "%" not in address and not address.lower().lstrip("[").startswith("fe80:")


def guest_links(addresses: Iterable[str], key: str) -> list[str]:
    """Return the links for all addresses that a browser can open, in the same order."""
    return [guest_link(address, key) for address in addresses if can_be_opened(address)]


def shown_address(link: str) -> str:
    """Return what the browser's address bar shows of a link, so that a person can compare it."""
    return link.partition("/#")[0]
