"""What the window of the original client shows, and what a person with telnet reads."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from messango.protocol.frames import Joined, Leave, Message, Rename, Say
from messango.protocol.text.validation import HOST_NAME
from messango.room.host.host_command import Announce, BanName, HostCommand, Kick, Lock
from messango.room.host.host_events import CommandDone
from messango.server.server import Server
from tests.support.original_client import OriginalClient
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(allow_plaintext=True) as opened:
        yield opened


def test_what_its_window_shows(server: Server) -> None:
    """Joins, messages, leaving, renaming and the end: each on one line, and no empty lines between them."""
    with RawClient(server.port) as bob:
        bob.join("Bob")
        with OriginalClient(server.port, "Ann") as ann:
            ann.await_text("not encrypted")
            with RawClient(server.port) as cy:
                cy.join("Cy")
                ann.await_text("Cy has joined\n")
                cy.send(*(Say(str(number), f"at {number}:00: go") for number in range(3)))
                cy.send(Say("3", "one\ntwo"), Rename("Cyd"), Leave())
                ann.await_text("Cyd left")
            server.run_command(Announce("tea: ready"))
            ann.await_text("tea: ready")
            server.close()
            lines = ann.await_end().splitlines()
    assert lines == [
        "* You are in “Tea” as Ann, with Bob.",
        "* This connection is not encrypted: others on the network can read it.",
        "Cy has joined",
        "Cy: at 0:00: go",
        "Cy: at 1:00: go",
        "Cy: at 2:00: go",
        "Cy: one",
        "    two",
        "* Cy is now called Cyd",
        "* Cyd left",
        f"{HOST_NAME}: tea: ready",
        "* The host has closed “Tea”. Ask the host to open it again.",
    ]


def test_a_person_with_telnet_gets_lines(server: Server) -> None:
    """Each with its end."""
    with RawClient(server.port) as bob, socket.create_connection(("127.0.0.1", server.port)) as sock:
        bob.join("Bob")
        sock.sendall(b"joined:Ann\r\n")
        bob.await_frame(Joined)
        bob.send(Say("1", "one"), Say("2", "two"), Leave())
        lines = sock.makefile(encoding="utf-8")
        assert [lines.readline() for _ in range(5)][2:] == ["Bob: one\n", "Bob: two\n", "* Bob left\n"]


def test_a_full_room_refuses_it_in_plain_text() -> None:
    """The sixth client at five seats gets the members' names, like every client."""
    with open_room(seats=1, allow_plaintext=True) as server, RawClient(server.port) as bob:
        bob.join("Bob")
        with OriginalClient(server.port, "Ann") as ann:
            assert ann.await_end() == (
                "* “Tea” is full: its one seat is taken. "
                "In the room: Bob. Try again when somebody has left.\n"
            )


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (BanName("Ann"), "* The host has banned you from “Tea”."),
        (Lock(), "* The host has locked the room."),
    ],
)
def test_a_refusal(server: Server, command: HostCommand, shown: str) -> None:
    """On one line, with what to do next, and the end."""
    server.run_command(command)
    await_host_event(server, CommandDone)
    with OriginalClient(server.port, "Ann") as ann:
        (line,) = ann.await_end().splitlines()
        assert line.startswith(shown)


def test_a_kick_right_after_a_message(server: Server) -> None:
    """The reason is a line of its own, after everything that was said."""
    with RawClient(server.port) as bob, OriginalClient(server.port, "Ann") as ann:
        ann.await_text("You are in")
        bob.join("Bob")
        bob.send(Say("1", "one"), Say("2", "two"))
        bob.await_frame(Message)
        server.run_command(Kick("Ann"))
        screen = ann.await_end()
    assert screen.endswith("* The host removed you from “Tea”. You can join again as a new member.\n")
    assert "\n\n" not in screen
