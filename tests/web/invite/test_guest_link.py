"""The link that a guest opens."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from messango.transport.addresses import Address
from messango.web.invite.guest_link import can_be_opened, guest_link, guest_links, shown_address

KEY = "kJ3x_9-Qh0aZbYcXdWeVfU"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.168.1.20:8000", "https://192.168.1.20:8000/"),
        ("[fd00::1]:8000", "https://[fd00::1]:8000/"),
        ("fd00::1", "https://[fd00::1]/"),
        ("ann-laptop.local:8001", "https://ann-laptop.local:8001/"),
    ],
)
def test_the_link(address: str, expected: str) -> None:
    """Always https, with the port, and the key where no request shows it."""
    link = guest_link(address, KEY)
    assert link == f"{expected}#k={KEY}"
    parts = urlsplit(link)
    assert (parts.scheme, parts.path, parts.query, parts.fragment) == ("https", "/", "", f"k={KEY}")


def test_every_address_of_a_room() -> None:
    """In the form in which addresses are shown everywhere else."""
    addresses = [Address("192.168.1.20", 8000), Address("fe80::1%eth0", 8000), Address("fd00::1", 8000)]
    assert guest_links(map(str, addresses), "K") == [
        "https://192.168.1.20:8000/#k=K",
        "https://[fd00::1]:8000/#k=K",
    ]


@pytest.mark.parametrize(
    "address", ["[fe80::1%eth0]:8000", "fe80::1", "[FE80::1]:8000", "[fe80::1%3]:1", "[fec0::1%eth0]:8000"]
)
def test_a_scope_is_for_one_computer(address: str) -> None:
    """No browser can open an IPv6 address that is link-local or has a scope."""
    assert not can_be_opened(address)


def test_what_the_address_bar_shows() -> None:
    """The part of a link that a guest compares: without the key."""
    assert shown_address(guest_link("192.168.1.20:8000", KEY)) == "https://192.168.1.20:8000"
    assert shown_address(guest_link("[fd00::1]:8000", KEY)) == "https://[fd00::1]:8000"
