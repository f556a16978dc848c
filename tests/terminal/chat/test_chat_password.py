"""The password prompt of the chat: it may come at any time, shows only stars, and allows three attempts."""

from __future__ import annotations

import pytest

from messango.client.events import Connecting, EndReason, Event, PasswordRequired, SessionEnded
from messango.errors import PasswordNeeded, WrongPassword
from tests.terminal.fake_client import FakeClient, room_joined
from tests.terminal.terminals import CTRL_C, CTRL_D, TAB, UP, Terminal

PASSWORD_REQUIRED = PasswordRequired(PasswordNeeded())
WRONG_PASSWORD = PasswordRequired(WrongPassword())
JOINED: list[Event] = [Connecting(reconnecting=False), room_joined("bob")]


def test_a_password_is_prompted_for_and_not_shown(terminal: Terminal) -> None:
    """The text is shown as stars, only given to the client, and never sent or reported as typing."""
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


def test_a_wrong_password_is_prompted_for_again(terminal: Terminal) -> None:
    """With a sentence that says so."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords([WRONG_PASSWORD], JOINED)
    terminal.type_when("Password:", "sesam\r")
    terminal.type_when("not the password", "sesame\r")
    terminal.type_when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["sesam", "sesame"]


def test_three_wrong_passwords_end_the_chat(terminal: Terminal) -> None:
    """With the error of the refusal."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords([WRONG_PASSWORD], [WRONG_PASSWORD], [WRONG_PASSWORD])
    terminal.type_when("Password:", "a\r")
    terminal.type_when("not the password", "b\r")
    terminal.type_when("not the password", "c\r", times=2)
    with pytest.raises(WrongPassword):
        terminal.chat(client)
    assert client.passwords == ["a", "b", "c"]
    assert client.left


def test_a_password_is_not_in_the_history_of_the_arrow_keys(terminal: Terminal) -> None:
    """The next person at the keyboard would read it."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", "sesame\r")
    terminal.type_when("as ann", f"{UP}hello\r")
    terminal.type_when("ann  hello", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.sent == ["hello"]


def test_half_typed_text_is_restored_after_the_password(terminal: Terminal) -> None:
    """The host may change the password while somebody is typing."""
    client = FakeClient()
    client.reply_to_passwords([Connecting(reconnecting=True), room_joined("bob", back=True)])
    terminal.type_when("as ann", "half a")
    terminal.do_when("half a", lambda: client.events.put(WRONG_PASSWORD))
    terminal.type_when("Password:", "sesame\r")
    terminal.type_when("Reconnected as", " line\r")
    terminal.type_when("half a line", CTRL_D)
    assert terminal.chat(client) == 0
    assert (client.passwords, client.sent) == (["sesame"], ["half a line"])


def test_tab_completes_nothing_in_a_password(terminal: Terminal) -> None:
    """Neither names nor commands."""
    client = FakeClient(room_joined("bob"), PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", f"bo{TAB}\r")
    terminal.type_when("as ann", CTRL_D, times=2)
    assert terminal.chat(client) == 0
    assert client.passwords == ["bo"]


def test_an_invalid_password_is_rejected_at_once(terminal: Terminal) -> None:
    """An empty line is not sent to the room."""
    client = FakeClient(PASSWORD_REQUIRED)
    client.reply_to_passwords(JOINED)
    terminal.type_when("Password:", "\r")
    terminal.type_when("The password is empty", "sesame\r")
    terminal.type_when("as ann", CTRL_D)
    assert terminal.chat(client) == 0
    assert client.passwords == ["sesame"]


def test_the_password_prompt_can_be_left(terminal: Terminal) -> None:
    """With the same keys as the chat."""
    client = FakeClient(PASSWORD_REQUIRED)
    terminal.type_when("Password:", f"x{CTRL_C}")
    terminal.type_when("*", CTRL_C)
    assert terminal.chat(client) == 0
    assert client.left
    assert client.passwords == []


def test_the_session_may_end_during_the_password_prompt(terminal: Terminal) -> None:
    """Its error is raised."""
    client = FakeClient(PASSWORD_REQUIRED, SessionEnded(EndReason.FAILED, PasswordNeeded()))
    with pytest.raises(PasswordNeeded):
        terminal.chat(client)
