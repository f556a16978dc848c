"""The note about an address that leads to this computer itself."""

from __future__ import annotations

import pytest

from messango.app.own_address import own_address_note
from tests.transport.networks.factories import interface, networks

OWN = networks(interface("tun0", "10.8.0.2", 24, "vpn"))


@pytest.mark.parametrize("typed", ["10.8.0.2", "10.8.0.2:8001", "messango://10.8.0.2:8000/"])
def test_an_own_address_is_noted(typed: str) -> None:
    """The same VPN address on both machines: the host printed it, and here it leads to ourselves."""
    assert "10.8.0.2 is an address of this computer" in own_address_note(typed, OWN)


@pytest.mark.parametrize(
    "typed",
    [
        "10.8.0.3",
        "127.0.0.1:8000",
        "[::1]:8000",
        "Table 4",
        "ann-laptop:8000",
        f"messango://10.8.0.2:8000/?fingerprint={'ab' * 32}",  # only the room of the link is joined
        "messango:what",
    ],
)
def test_everything_else_is_not(typed: str) -> None:
    """Another machine's address, the loopback, names, and links that name the room."""
    assert own_address_note(typed, OWN) == ""
