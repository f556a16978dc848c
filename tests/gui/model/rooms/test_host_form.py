"""The form for hosting a room, without a display."""

from __future__ import annotations

import platform

import pytest

from messango.errors import BadPassword
from messango.gui.model.rooms.host_form import (
    MAX_WINDOW_SEATS,
    BadRoomName,
    adjust_seats,
    default_room_name,
    read_form,
)


def test_form_gives_room_options() -> None:
    """The name is trimmed; an empty password means none."""
    options = read_form("  Office ", 3, "")
    assert (options.name, options.seats, options.password) == ("Office", 3, None)


def test_password_is_not_trimmed() -> None:
    """Spaces at its ends are part of it; control characters are not valid."""
    password = read_form("Office", 5, " se cret ").password
    assert password is not None
    assert password.secret == b" se cret "
    with pytest.raises(BadPassword):
        read_form("Office", 5, "a\tb")


def test_invalid_room_name_has_its_own_error() -> None:
    """So that the window shows it at the right field."""
    with pytest.raises(BadRoomName, match="empty"):
        read_form(" ", 5, "")


def test_seats_are_limited() -> None:
    """At least the host's own seat."""
    assert adjust_seats(5, 1) == 6
    assert adjust_seats(1, -1) == 1
    assert adjust_seats(MAX_WINDOW_SEATS, 1) == MAX_WINDOW_SEATS


def test_default_room_name_is_the_hostname(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its domain, and never empty."""
    monkeypatch.setattr(platform, "node", lambda: "ann-laptop.example.org")
    assert default_room_name() == "ann-laptop"
    monkeypatch.setattr(platform, "node", lambda: "")
    assert default_room_name() == "Messango"


def test_guests_from_the_browser() -> None:
    """Only if the host wants them."""
    assert not read_form("Office", 5, "").web
    assert read_form("Office", 5, "", web=True).web
