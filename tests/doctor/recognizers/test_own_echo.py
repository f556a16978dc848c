"""What this computer says to the mDNS group, heard by itself on the real loopback."""

from __future__ import annotations

import socket

import pytest

from messango.doctor.recognizers import own_echo
from messango.doctor.recognizers.own_echo import hears_itself


def test_the_loopback_is_heard() -> None:
    """The question comes back at once."""
    assert hears_itself("127.0.0.1", timeout_s=5.0) is True


def test_an_address_of_another_computer_can_not_be_tried() -> None:
    """Nothing is concluded from that."""
    assert hears_itself("203.0.113.9") is None


def test_silence_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As behind a firewall: others' packets do not count."""

    class Deaf(socket.socket):
        def recv(self, *_: object) -> bytes:
            return b"of another computer"

    def open_port() -> socket.socket:
        return Deaf(socket.AF_INET, socket.SOCK_DGRAM)

    monkeypatch.setattr(own_echo, "open_mdns_socket", open_port)
    assert hears_itself("127.0.0.1", timeout_s=0.05) is False
