"""The commands for other systems; those for Linux are typed in the situations of a LAN."""

from __future__ import annotations

import pytest

from messango.doctor.recognizers.commands import (
    add_address,
    prefer_main_table,
    remove_address,
    set_route,
    turn_off,
)


@pytest.fixture(autouse=True)
def _is_user(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands with sudo."""
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)


def test_addresses() -> None:
    """Windows and macOS want the netmask written out."""
    assert add_address("linux", "eth0", "10.0.0.7", 24) == "`sudo ip addr add 10.0.0.7/24 dev eth0`"
    assert "alias 10.0.0.7 netmask 255.255.0.0" in add_address("darwin", "en0", "10.0.0.7", 16)
    assert 'add address "Wi-Fi" 10.0.0.7 255.255.255.0' in add_address("win32", "Wi-Fi", "10.0.0.7", 24)
    assert "-alias 10.0.0.7" in remove_address("darwin", "en0", "10.0.0.7", 24)
    assert 'delete address "Wi-Fi" 10.0.0.7' in remove_address("win32", "Wi-Fi", "10.0.0.7", 24)


def test_routes() -> None:
    """IPv6 has its own words, and a smaller packet size its own option."""
    assert set_route("linux", "fe80::1", "eth0", mtu=1280) == (
        "`sudo ip -6 route replace fe80::1/128 dev eth0 mtu 1280`"
    )
    assert "-host 10.0.0.1 -interface en0 -mtu 576" in set_route("darwin", "10.0.0.1", "en0", mtu=576)
    assert '10.0.0.1/32 "Wi-Fi" 10.0.0.254 store=active' in set_route(
        "win32", "10.0.0.1", "Wi-Fi", "10.0.0.254"
    )
    assert 'subinterface "Wi-Fi" mtu=576' in set_route("win32", "10.0.0.1", "Wi-Fi", mtu=576)
    assert prefer_main_table("fe80::1").startswith("`sudo ip -6 rule add to fe80::1")


def test_an_interface_is_quoted_for_the_shell() -> None:
    """Linux allows nearly every character in its name."""
    assert turn_off("linux", "a;b") == "`sudo ip link set 'a;b' down`"
    assert "disabled" in turn_off("win32", "Wi-Fi")
    assert "en0 down" in turn_off("darwin", "en0")
