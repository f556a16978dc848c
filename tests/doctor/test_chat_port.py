"""What the doctor says of the port that a room would take."""

from __future__ import annotations

import errno
import os
import re
import socket

import pytest

from messango.doctor.chat_port import examine_chat_port
from messango.doctor.findings import Level
from messango.transport.addresses import Address
from tests.doctor.factories import interfaces

LOOPBACK = interfaces(lo="127.0.0.1")


def free_port() -> int:
    """Return a port that is free at every address; the system does not give it to the next who asks for any.

    At one address alone it might be left over from a connection of another, where nobody may listen for a
    minute: a flood of connections leaves thousands.
    """
    with socket.create_server(("", 0)) as listener:
        return int(listener.getsockname()[1])


def test_a_free_port_is_reached_for_real() -> None:
    """It listens there and connects to itself."""
    port = free_port()
    (finding,) = examine_chat_port(LOOPBACK, [port])
    assert (finding.check, finding.level) == ("chat-port", Level.OK)
    assert f"127.0.0.1:{port}" in finding.what


def test_a_port_in_use_is_noted_with_the_next_one() -> None:
    """A room on this machine already has the first; the second is tried and reached."""
    following = free_port()
    with socket.create_server(("", 0)) as other:
        taken = int(other.getsockname()[1])
        note, reached = examine_chat_port(LOOPBACK, [taken, following])
    assert note.level is Level.NOTE
    assert str(taken) in note.what
    assert str(following) in note.what
    assert reached.level is Level.OK


def test_an_address_that_is_not_reached_is_a_problem() -> None:
    """It is told for that address alone, with how to open the firewall for that very port."""

    def reach(address: Address) -> str:
        return "no answer" if address.host == "192.168.1.20" else ""

    port = free_port()
    own = interfaces(lo="127.0.0.1", eth0="192.168.1.20")
    reached, dropped = examine_chat_port(own, [port], reach)
    assert reached.level is Level.OK
    assert dropped.level is Level.PROBLEM
    assert f"192.168.1.20:{port}" in dropped.what
    assert "no answer" in dropped.what
    assert str(port) in dropped.cure


def test_why_a_connection_fails_is_told() -> None:
    """A real connection is tried; nobody can connect to the broadcast address, and nothing is sent."""
    (finding,) = examine_chat_port(interfaces(eth9="255.255.255.255"), [free_port()])
    assert finding.level is Level.PROBLEM
    assert re.search(r"not even from this machine \(\w.*\)", finding.what)


def test_a_system_that_lets_nobody_listen_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox without network is told as such."""

    def refuse(*_: object, **__: object) -> socket.socket:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(socket, "create_server", refuse)
    (finding,) = examine_chat_port(LOOPBACK, [8000])
    assert finding.level is Level.PROBLEM
    assert os.strerror(errno.EPERM) in finding.what
    assert "sandbox" in finding.cure


def test_a_wrong_environment_is_left_to_the_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried where nobody knows which addresses are meant, and nothing fails."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    assert list(examine_chat_port(LOOPBACK, [free_port()])) == []
