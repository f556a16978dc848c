"""A password at the terminal: asked for in the middle of a chat, shown to nobody, three tries."""

from __future__ import annotations

import pytest

from messango.client.events import Connecting, End, Ended, Event, PasswordWanted
from messango.errors import PasswordNeeded, WrongPassword
from tests.terminal.fake_client import FakeClient, entered
from tests.terminal.terminals import CTRL_C, CTRL_D, TAB, UP, Terminal

NEEDED = PasswordWanted(PasswordNeeded())
WRONG = PasswordWanted(WrongPassword())
IN: list[Event] = [Connecting(again=False), entered("bob")]


def test_a_password_is_asked_for_and_not_shown(terminal: Terminal) -> None:
    """What is typed is stars, and goes to the client alone: not said, not told as typing."""
    client = FakeClient(NEEDED)
    client.answer_passwords(IN)
    terminal.when("Password:", "open sesame")
    terminal.when("***********", "\r")
    terminal.when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["open sesame"]
    assert (client.said, client.typed) == ([], 0)
    assert "has a password" in terminal.shown
    assert "sesame" not in terminal.shown


def test_a_wrong_one_is_asked_for_again(terminal: Terminal) -> None:
    """With a sentence that says so."""
    client = FakeClient(NEEDED)
    client.answer_passwords([WRONG], IN)
    terminal.when("Password:", "sesam\r")
    terminal.when("not the password", "sesame\r")
    terminal.when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["sesam", "sesame"]


def test_after_three_tries_it_ends(terminal: Terminal) -> None:
    """With the refusal's own status and what to do next."""
    client = FakeClient(NEEDED)
    client.answer_passwords([WRONG], [WRONG], [WRONG])
    terminal.when("Password:", "a\r")
    terminal.when("not the password", "b\r")
    terminal.when("not the password", "c\r", times=2)
    with pytest.raises(WrongPassword):
        terminal.chat(client)
    assert client.passwords == ["a", "b", "c"]
    assert client.left


def test_a_password_does_not_come_back_by_the_arrow_keys(terminal: Terminal) -> None:
    """The next to look over the shoulder would read it."""
    client = FakeClient(NEEDED)
    client.answer_passwords(IN)
    terminal.when("Password:", "sesame\r")
    terminal.when("as ann", f"{UP}hello\r")
    terminal.when("ann  hello", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.said == ["hello"]


def test_what_was_being_typed_is_there_again(terminal: Terminal) -> None:
    """The host may change the password in the middle of a line."""
    client = FakeClient()
    client.answer_passwords([Connecting(again=True), entered("bob", back=True)])
    terminal.when("as ann", "half a")
    terminal.do_when("half a", lambda: client.events.put(WRONG))
    terminal.when("Password:", "sesame\r")
    terminal.when("Connected again", " line\r")
    terminal.when("half a line", CTRL_D)
    assert terminal.chat(client) == 0
    assert (client.passwords, client.said) == (["sesame"], ["half a line"])


def test_tab_offers_nothing_in_a_password(terminal: Terminal) -> None:
    """A member's name or a command has no place there."""
    client = FakeClient(entered("bob"), NEEDED)
    client.answer_passwords(IN)
    terminal.when("Password:", f"bo{TAB}\r")
    terminal.when("as ann", CTRL_D, times=2)
    assert terminal.chat(client) == 0
    assert client.passwords == ["bo"]


def test_what_cannot_be_a_password_is_said_at_once(terminal: Terminal) -> None:
    """An empty line asks nobody."""
    client = FakeClient(NEEDED)
    client.answer_passwords(IN)
    terminal.when("Password:", "\r")
    terminal.when("The password is empty", "sesame\r")
    terminal.when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["sesame"]


def test_who_does_not_know_it_leaves(terminal: Terminal) -> None:
    """By the same keys as everywhere."""
    client = FakeClient(NEEDED)
    terminal.when("Password:", f"x{CTRL_C}")
    terminal.when("*", CTRL_C)
    assert terminal.chat(client) == 0
    assert client.left
    assert client.passwords == []


def test_the_end_while_it_is_asked_for_is_the_end(terminal: Terminal) -> None:
    """The room may go meanwhile."""
    client = FakeClient(NEEDED, Ended(End.FAILED, PasswordNeeded()))
    with pytest.raises(PasswordNeeded):
        terminal.chat(client)
