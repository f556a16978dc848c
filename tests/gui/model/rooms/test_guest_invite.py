"""What the window says about guests from the browser."""

from __future__ import annotations

import time

import pytest

from messango.gui.model.rooms.guest_invite import (
    GuestInvite,
    build_guest_invite,
    next_link,
    suggested_picture_name,
)
from messango.gui.model.rooms.room_details import RoomDetails
from messango.room.guests import GuestKey

NOW_S = 1_796_000_000.0
KEY = GuestKey("k" * 22, NOW_S + 3_600, 0.0)
DETAILS = RoomDetails(
    "Tea",
    ("192.168.1.20:8000", "[fe80::1%eth0]:8000", "[fd00::1]:8000"),
    "one two three four",
    "aaaa bbbb cccc dddd eeee ffff 0000 1111",
    "messango://192.168.1.20:8000/",
)


def invite(key: GuestKey | None = KEY, *, has_password: bool = False, guests: int = 0) -> GuestInvite:
    return build_guest_invite(key, DETAILS, has_password=has_password, guests=guests, now_s=NOW_S)


def test_a_room_without_guests() -> None:
    """There is nothing to pass on."""
    assert invite(None) == GuestInvite()


def test_a_link_for_each_address_that_a_browser_can_open() -> None:
    """The best one first."""
    assert invite().links == (
        f"https://192.168.1.20:8000/#k={KEY.text}",
        f"https://[fd00::1]:8000/#k={KEY.text}",
    )
    assert not invite().problem


@pytest.mark.parametrize(
    ("guests", "text"), [(0, "No guests are here."), (1, "1 guest is here."), (3, "3 guests are here.")]
)
def test_the_status(guests: int, text: str) -> None:
    """How many are here, and until when others can come."""
    status = invite(guests=guests).status
    assert status.startswith(text)
    assert time.strftime("%H:%M", time.localtime(KEY.expires_at_s)) in status


def test_an_expired_key() -> None:
    """It is in no link; those who are here still count."""
    expired = invite(GuestKey("k", NOW_S, 0.0), guests=2)
    assert (expired.is_on, expired.links) == (True, ())
    assert "expired" in expired.problem
    assert "2 guests are here" in expired.status


def test_what_to_compare() -> None:
    """The address of the link that is shown, and both ends of the certificate's SHA-256."""
    first, second = invite().links
    assert "https://192.168.1.20:8000." in invite().phone_warning(first)
    assert "https://[fd00::1]:8000." in invite().phone_warning(second)
    ends = "begins with aaaa bbbb cccc dddd and ends with eeee ffff 0000 1111"
    assert ends in invite().phone_warning(first)


@pytest.mark.parametrize("key", [KEY, None])
def test_a_room_with_a_password(key: GuestKey | None) -> None:
    """The host reads what that means, before guests are let in and afterwards."""
    assert "between a phone" in invite(key, has_password=True).password_warning
    assert not invite(key).password_warning


def test_the_links_in_turn() -> None:
    """After the last comes the first; after one that is gone, too."""
    assert next_link(["a", "b"], "a") == "b"
    assert next_link(["a", "b"], "b") == "a"
    assert next_link(["a", "b"], "gone") == "a"


def test_the_name_of_the_picture() -> None:
    """It has the room's name, as far as that can be in a file's."""
    assert suggested_picture_name("Tea / Table 4", ".png").endswith("Table 4 QR code.png")
    assert "/" not in suggested_picture_name("Tea / Table 4", ".png")
