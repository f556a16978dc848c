"""A password at the terminal: asked for in the middle of a chat, shown to nobody, three tries."""

from __future__ import annotations

import pytest

from messango.client.events import Connecting, EndReason, Event, PasswordRequired, SessionEnded
from messango.errors import PasswordNeeded, WrongPassword
from tests.terminal.fake_client import FakeClient, room_joined
from tests.terminal.terminals import CTRL_C, CTRL_D, TAB, UP, Terminal

PASSWORD_REQUIRED = PasswordRequired(PasswordNeeded())
WRONG_PASSWORD = PasswordRequired(WrongPassword())
JOINED: list[Event] = [Connecting(reconnecting=False), room_joined("bob")]


def test_a_password_is_asked_for_and_not_shown(terminal: Terminal) -> None:
    """What is typed is stars, and goes to the client alone: not said, not told as typing."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", "open sesame")
    terminal.type_when("***********", "\r")
    terminal.type_when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["open sesame"]
    assert (client.sent, client.typing_count) == ([], 0)
    assert "needs a password" in terminal.shown
    assert "sesame" not in terminal.shown


def test_a_wrong_one_is_asked_for_again(terminal: Terminal) -> None:
    """With a sentence that says so."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords([WRONG_PASSWORD], JOINED)
    terminal.type_when("Password:", "sesam\r")
    terminal.type_when("not the password", "sesame\r")
    terminal.type_when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["sesam", "sesame"]


def test_after_three_tries_it_ends(terminal: Terminal) -> None:
    """With the refusal's own status and what to do next."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords([WRONG_PASSWORD], [WRONG_PASSWORD], [WRONG_PASSWORD])
    terminal.type_when("Password:", "a\r")
    terminal.type_when("not the password", "b\r")
    terminal.type_when("not the password", "c\r", times=2)
    with pytest.raises(WrongPassword):
        terminal.chat(client)
    assert client.passwords == ["a", "b", "c"]
    assert client.left


def test_a_password_does_not_come_back_by_the_arrow_keys(terminal: Terminal) -> None:
    """The next to look over the shoulder would read it."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", "sesame\r")
    terminal.type_when("as ann", f"{UP}hello\r")
    terminal.type_when("ann  hello", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.sent == ["hello"]


def test_what_was_being_typed_is_there_again(terminal: Terminal) -> None:
    """The host may change the password in the middle of a line."""
    client = FakeClient()
    client.reply_to_passwords([Connecting(reconnecting=True), room_joined("bob", back=True)])
    terminal.type_when("as ann", "half a")
    terminal.do_when("half a", lambda: client.events.put(WRONG_PASSWORD))
    terminal.type_when("Password:", "sesame\r")
    terminal.type_when("Reconnected as", " line\r")
    terminal.type_when("half a line", CTRL_D)
    assert terminal.chat(client) == 0
    assert (client.passwords, client.sent) == (["sesame"], ["half a line"])


def test_tab_offers_nothing_in_a_password(terminal: Terminal) -> None:
    """A member's name or a command has no place there."""
    client = FakeClient(room_joined("bob"), PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", f"bo{TAB}\r")
    terminal.type_when("as ann", CTRL_D, times=2)
    assert terminal.chat(client) == 0
    assert client.passwords == ["bo"]


def test_what_cannot_be_a_password_is_said_at_once(terminal: Terminal) -> None:
    """An empty line asks nobody."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", "\r")
    terminal.type_when("The password is empty", "sesame\r")
    terminal.type_when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["sesame"]


def test_who_does_not_know_it_leaves(terminal: Terminal) -> None:
    """By the same keys as everywhere."""
    client = FakeClient(PASSWORD_REQUIRED)
    terminal.type_when("Password:", f"x{CTRL_C}")
    terminal.type_when("*", CTRL_C)
    assert terminal.chat(client) == 0
    assert client.left
    assert client.passwords == []


def test_the_end_while_it_is_asked_for_is_the_end(terminal: Terminal) -> None:
    """The room may go meanwhile."""
    client = FakeClient(PASSWORD_REQUIRED, SessionEnded(EndReason.FAILED, PasswordNeeded()))
    with pytest.raises(PasswordNeeded):
        terminal.chat(client)
