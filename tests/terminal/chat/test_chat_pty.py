"""The whole command at a real pseudo-terminal, with a real room on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack

import pytest

from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.transport.identity.certificate import load_or_create_certificate
from messango.transport.identity.fingerprint_words import words_of
from tests.support.raw_client import RawClient
from tests.support.terminal import TerminalUser, run_in_terminal

pytestmark = pytest.mark.program


def chatting(port: int, name: str) -> AbstractContextManager[TerminalUser]:
    """Return a person in a chat."""
    return run_in_terminal("chat", f"127.0.0.1:{port}", "--name", name)


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
    """Each sees the other's messages; Ctrl-D leaves with status 0."""
    with chatting(port, "ann") as ann, chatting(port, "bob") as bob:
        ann.wait_for("as ann")
        bob.wait_for("as bob")
        ann.send_keys("hello grüß 😀\r")
        bob.wait_for("ann  hello grüß 😀")
        ann.wait_for("› ann  hello grüß 😀")
        bob.send_keys("/who\r")
        bob.wait_for("Here: ann (host) and bob (you, host).")
        bob.send_keys("\x04")
        assert bob.read_to_exit() == 0
        assert "You left “Kitchen”. Goodbye." in bob.screen_text
        ann.wait_for("bob left")
        ann.send_keys("half a line\x03\x03")
        assert ann.read_to_exit() == 0


def test_a_private_word_is_for_one_only(port: int) -> None:
    """Its answer, edit and deletion too; a third person sees none of it."""
    with chatting(port, "ann") as ann, chatting(port, "bob") as bob, chatting(port, "cy") as cy:
        for person in (ann, bob, cy):
            person.wait_for("3 here")
        ann.send_keys("/msg bob the cake is for cy\r")
        bob.wait_for("ann → you (private)  the cake is for cy")
        bob.send_keys("/reply\t")
        bob.wait_for("Only to ann, answering “the cake is for cy”.")
        bob.send_keys("lovely\r")
        ann.wait_for("bob → you (private)  lovely")
        ann.send_keys("/edit the pie is for cy\r")
        bob.wait_for("ann → you (private, edited)  the pie is for cy")
        bob.send_keys("/react ❤\r")
        ann.wait_for("└ ❤️ bob")
        ann.send_keys("/delete\r")
        bob.wait_for("ann → you (private, deleted)")
        ann.send_keys("what is up?\r")
        cy.wait_for("ann  what is up?")
        assert not any(word in cy.screen_text for word in ("private", "cake", "pie", "lovely", "❤"))


def test_the_words_are_shown_at_the_first_visit_and_by_room(port: int) -> None:
    """The same as the server's; a later visit shows them only for /room."""
    words = words_of(load_or_create_certificate().fingerprint)
    with chatting(port, "ann") as ann:
        ann.wait_for("First visit.")
        ann.wait_for(words)
        ann.send_keys("\x04")
        assert ann.read_to_exit() == 0
    with chatting(port, "ann") as ann:
        ann.wait_for("You are in")
        assert words not in ann.screen_text
        ann.send_keys("/room\r")
        ann.wait_for(f"Words        {words}")
        ann.send_keys("\x04")
        assert ann.read_to_exit() == 0


def test_a_terminal_that_cannot_move_its_cursor_gets_plain_lines(port: int) -> None:
    """The shell inside an editor, say."""
    with run_in_terminal("chat", f"127.0.0.1:{port}", "--name", "ann", kind="dumb") as ann:
        ann.wait_for("* You are in “Kitchen” as ann")
        ann.send_keys("hello\n")
        ann.wait_for("ann: hello")
        ann.send_keys("\x04")
        assert ann.read_to_exit() == 0
        assert "\x1b" not in ann.screen_text


def test_a_full_room_is_an_error_with_its_own_status(port: int) -> None:
    """The sixth person at five seats: what happened, what to do, status 4."""
    with ExitStack() as people:
        for number in range(5):
            people.enter_context(RawClient(port)).join(f"person {number}")
        with chatting(port, "late") as late:
            assert late.read_to_exit() == 4
            assert "full" in late.screen_text
            assert "Try again" in late.screen_text
            assert "Traceback" not in late.screen_text
