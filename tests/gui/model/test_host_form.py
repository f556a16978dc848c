"""What is filled in to host a room, without a display."""

from __future__ import annotations

import platform

import pytest

from messango.errors import BadPassword
from messango.gui.model.host_form import (
    MAX_WINDOW_SEATS,
    BadRoomName,
    adjust_seats,
    default_room_name,
    read_form,
)


def test_a_form_becomes_a_room() -> None:
    """The name is trimmed; an empty password is none."""
    wish = read_form("  Office ", 3, "")
    assert (wish.name, wish.seats, wish.password) == ("Office", 3, None)


def test_a_password_is_taken_as_it_is() -> None:
    """Spaces at its ends are a part of it, and no message repeats it."""
    password = read_form("Office", 5, " se cret ").password
    assert password is not None
    assert password.secret == b" se cret "
    with pytest.raises(BadPassword):
        read_form("Office", 5, "a\tb")


def test_a_name_against_the_rules_is_the_rooms() -> None:
    """So that the window can tell it from the person's."""
    with pytest.raises(BadRoomName, match="empty"):
        read_form(" ", 5, "")


def test_seats_have_a_least_and_a_most() -> None:
    """At least the host's own."""
    assert adjust_seats(5, 1) == 6
    assert adjust_seats(1, -1) == 1
    assert adjust_seats(MAX_WINDOW_SEATS, 1) == MAX_WINDOW_SEATS


def test_a_room_is_called_as_its_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its domain, and never without a name."""
    monkeypatch.setattr(platform, "node", lambda: "ann-laptop.example.org")
    assert default_room_name() == "ann-laptop"
    monkeypatch.setattr(platform, "node", lambda: "")
    assert default_room_name() == "Messango"
