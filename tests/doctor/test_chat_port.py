"""What the doctor says of the port that a room would take."""

from __future__ import annotations

import errno
import os
import re
import socket

import pytest

from messango.doctor.chat_port import check_chat_port
from messango.doctor.findings import Severity
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
    (finding,) = check_chat_port(LOOPBACK, [port])
    assert (finding.check, finding.severity) == ("chat-port", Severity.OK)
    assert f"127.0.0.1:{port}" in finding.message


def test_a_port_in_use_is_noted_with_the_next_one() -> None:
    """A room on this machine already has the first; the second is tried and reached."""
    following = free_port()
    with socket.create_server(("", 0)) as other:
        taken = int(other.getsockname()[1])
        note, reached = check_chat_port(LOOPBACK, [taken, following])
    assert note.severity is Severity.NOTE
    assert str(taken) in note.message
    assert str(following) in note.message
    assert reached.severity is Severity.OK


def test_an_address_that_is_not_reached_is_a_problem() -> None:
    """It is told for that address alone, with how to open the firewall for that very port."""

    def reach(address: Address) -> str:
        return "no answer" if address.host == "192.168.1.20" else ""

    port = free_port()
    own = interfaces(lo="127.0.0.1", eth0="192.168.1.20")
    reached, dropped = check_chat_port(own, [port], reach)
    assert reached.severity is Severity.OK
    assert dropped.severity is Severity.PROBLEM
    assert f"192.168.1.20:{port}" in dropped.message
    assert "no answer" in dropped.message
    assert str(port) in dropped.remedy


def test_why_a_connection_fails_is_told() -> None:
    """A real connection is tried; nobody can connect to the broadcast address, and nothing is sent."""
    (finding,) = check_chat_port(interfaces(eth9="255.255.255.255"), [free_port()])
    assert finding.severity is Severity.PROBLEM
    assert re.search(r"not even from this machine \(\w.*\)", finding.message)


def test_a_system_that_lets_nobody_listen_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sandbox without network is told as such."""

    def refuse(*_: object, **__: object) -> socket.socket:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(socket, "create_server", refuse)
    (finding,) = check_chat_port(LOOPBACK, [8000])
    assert finding.severity is Severity.PROBLEM
    assert os.strerror(errno.EPERM) in finding.message
    assert "sandbox" in finding.remedy


def test_a_wrong_environment_is_left_to_the_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is tried where nobody knows which addresses are meant, and nothing fails."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    assert list(check_chat_port(LOOPBACK, [free_port()])) == []
