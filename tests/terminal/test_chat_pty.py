"""The whole command at a real pseudo-terminal, in a real room on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from messango.server.server import Server, ServerOptions
from messango.transport.certificate import own_certificate
from messango.transport.fingerprint_words import words_of
from tests.support.terminal import Person, at_a_terminal

pytestmark = pytest.mark.program


def chatting(port: int, name: str) -> AbstractContextManager[Person]:
    """Return somebody who talks at a terminal."""
    return at_a_terminal("chat", f"127.0.0.1:{port}", "--name", name)


@pytest.fixture
def port() -> Iterator[int]:
    """A room's port."""
    server = Server(ServerOptions("Kitchen", host="127.0.0.1", port=0))
    server.open()
    try:
        yield server.port
    finally:
        server.close()


def test_two_people_talk_and_leave(port: int) -> None:
    """What one types the other sees; Ctrl-D is a goodbye with status 0."""
    with chatting(port, "ann") as ann, chatting(port, "bob") as bob:
        ann.see("as ann")
        bob.see("as bob")
        ann.type("hello grüß 😀\r")
        bob.see("ann  hello grüß 😀")
        ann.see("› ann  hello grüß 😀")
        bob.type("/who\r")
        bob.see("Here: ann and bob (you).")
        bob.type("\x04")
        assert bob.leave() == 0
        assert "You left “Kitchen”. Goodbye." in bob.seen
        ann.see("bob left")
        ann.type("half a line\x03\x03")
        assert ann.leave() == 0


def test_the_words_are_shown_at_the_first_visit_and_when_asked_for(port: int) -> None:
    """They are the server's; a later visit shows them on request alone."""
    words = words_of(own_certificate().fingerprint)
    with chatting(port, "ann") as ann:
        ann.see("First visit.")
        ann.see(words)
        ann.type("\x04")
        assert ann.leave() == 0
    with chatting(port, "ann") as ann:
        ann.see("You are in")
        assert words not in ann.seen
        ann.type("/room\r")
        ann.see(f"Words        {words}")
        ann.type("\x04")
        assert ann.leave() == 0


def test_a_terminal_that_moves_no_cursor_is_told_so(port: int) -> None:
    """The shell inside an editor, say: a sentence and what to do, never a traceback."""
    with at_a_terminal("chat", f"127.0.0.1:{port}", "--name", "ann", kind="dumb") as ann:
        assert ann.leave() == 1
        assert "can't show a chat" in ann.seen
        assert "--json" in ann.seen
        assert "Traceback" not in ann.seen


def test_a_room_that_is_full_is_told_with_its_status(port: int) -> None:
    """The sixth at five seats: a sentence, what to do, status 4."""
    people = [chatting(port, f"person {number}") for number in range(5)]
    with people[0] as a, people[1] as b, people[2] as c, people[3] as d, people[4] as e:
        for person in (a, b, c, d, e):
            person.see("You are in")
        with chatting(port, "late") as late:
            assert late.leave() == 4
            assert "full" in late.seen
            assert "Try again" in late.seen
            assert "Traceback" not in late.seen
