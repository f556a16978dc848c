"""The check of the port that a room would use."""

from __future__ import annotations

import errno
import os
import re
import socket
from pathlib import Path

import pytest

from messango.doctor.checks.chat_port import check_chat_port
from messango.doctor.findings import Severity
from messango.errors import StorageUnavailable
from messango.transport.addresses import Address
from messango.transport.control.client import RunningRoom
from tests.doctor.factories import interfaces
from tests.support.rooms import open_room

LOOPBACK = interfaces(lo="127.0.0.1")


def free_port() -> int:
    """Return a port that is free at every address; the system does not give it to the next program that asks
    for any.

    At one address it may be left over from a connection of another, where nobody may listen for a minute: a
    flood of connections leaves thousands.
    """
    with socket.create_server(("", 0)) as listener:
        return int(listener.getsockname()[1])


def test_that_this_computer_reaches_itself_proves_nothing() -> None:
    """The check listens there and connects to itself."""
    port = free_port()
    (finding,) = check_chat_port(LOOPBACK, [port])
    assert (finding.check, finding.severity) == ("chat-port", Severity.NOTE)
    assert f"127.0.0.1:{port}" in finding.message
    assert finding.remedy
    assert finding.unproved


def test_an_open_room_is_checked_in_place_of_the_next_port() -> None:
    """Its server is asked, over its control socket; nobody else has connected yet."""
    with open_room("Tea") as server:
        server.listed_addresses = lambda: [Address("192.0.2.7", server.port)]
        (finding,) = check_chat_port(LOOPBACK, [free_port()], lambda _: "")
    assert (finding.check, finding.severity) == ("chat-port", Severity.NOTE)
    assert f"Nobody else has connected to “Tea” at 192.0.2.7:{server.port} yet" in finding.message


def test_a_folder_that_cannot_be_read_is_left_to_the_home_check() -> None:
    """The next port is checked then."""

    def fail() -> list[RunningRoom]:
        raise StorageUnavailable(Path("home"), "not readable")

    (finding,) = check_chat_port(LOOPBACK, [free_port()], open_rooms=fail)
    assert "No room is open" in finding.message


def test_a_port_in_use_is_noted_with_the_next_one() -> None:
    """A room on this computer already has the first; the check reaches the second."""
    following = free_port()
    with socket.create_server(("", 0)) as other:
        taken = int(other.getsockname()[1])
        note, reached = check_chat_port(LOOPBACK, [taken, following])
    assert note.severity is Severity.NOTE
    assert str(taken) in note.message
    assert str(following) in note.message
    assert reached.severity is Severity.NOTE


def test_an_unreachable_address_is_a_problem() -> None:
    """Only that address is reported, with how to open this port in the firewall."""

    def reach(address: Address) -> str:
        return "no answer" if address.host == "192.168.1.20" else ""

    port = free_port()
    own = interfaces(lo="127.0.0.1", eth0="192.168.1.20")
    reached, dropped = check_chat_port(own, [port], reach)
    assert reached.severity is Severity.NOTE
    assert dropped.severity is Severity.PROBLEM
    assert f"192.168.1.20:{port}" in dropped.message
    assert "no answer" in dropped.message
    assert str(port) in dropped.remedy


def test_the_reason_of_a_failed_connection_is_shown() -> None:
    """The connection is real; nobody can connect to the broadcast address, and nothing is sent."""
    (finding,) = check_chat_port(interfaces(eth9="255.255.255.255"), [free_port()])
    assert finding.severity is Severity.PROBLEM
    assert re.search(r"not even from this computer \(\w.*\)", finding.message)


def test_a_system_that_forbids_listening_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hint mentions sandboxes."""

    def refuse(*_: object, **__: object) -> socket.socket:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(socket, "create_server", refuse)
    (finding,) = check_chat_port(LOOPBACK, [8000])
    assert finding.severity is Severity.PROBLEM
    assert os.strerror(errno.EPERM) in finding.message
    assert "sandbox" in finding.remedy


def test_an_invalid_environment_is_left_to_the_interfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without valid addresses nothing is tried, and nothing fails."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    assert list(check_chat_port(LOOPBACK, [free_port()])) == []
