"""Asking for a new password at the prompt: twice, and without repeating it."""

from __future__ import annotations

import pytest

from messango.protocol.password import Password
from messango.terminal.chat.password_entry import PasswordEntry


@pytest.fixture
def entered() -> list[Password]:
    return []


@pytest.fixture
def entry(entered: list[Password]) -> PasswordEntry:
    entry = PasswordEntry(entered.append)
    assert entry.ask()
    return entry


def test_a_password_is_typed_twice(entry: PasswordEntry, entered: list[Password]) -> None:
    """Then the question is closed."""
    assert "sesame" not in "".join(entry.submit("sesame"))
    assert entry.is_open
    assert entry.submit("sesame") == []
    assert (entry.is_open, [password.secret for password in entered]) == (False, [b"sesame"])


def test_two_different_ones_change_nothing(entry: PasswordEntry, entered: list[Password]) -> None:
    """The host reads that, without either."""
    entry.submit("sesame")
    sentences = " ".join(entry.submit("sesane"))
    assert "stays as it is" in sentences
    assert "sesan" not in sentences
    assert (entry.is_open, entered) == (False, [])


def test_an_empty_line_cancels(entry: PasswordEntry, entered: list[Password]) -> None:
    """As the question says."""
    assert "stays as it is" in entry.submit("")[0]
    assert (entry.is_open, entered) == (False, [])


def test_an_invalid_one_is_asked_for_again(entry: PasswordEntry, entered: list[Password]) -> None:
    """It may have been pasted with a line break in it."""
    assert "control character" in entry.submit("a\nb")[0]
    assert entry.is_open
    entry.submit("sesame")
    entry.submit("sesame")
    assert len(entered) == 1
