"""What the host reads about guests: after a command, at the beginning, and when the address changes."""

from __future__ import annotations

import time

import pytest

from messango.room.guests import GuestKey
from messango.room.host.host_events import AddressesChanged, GuestLink, GuestLinkExpired
from messango.terminal.host.host_lines import event_lines
from tests.terminal.host.guest_invites import KEY, LINK, guest_invite

PRESENT = GuestKey(KEY, time.time() + 3_600, 0.0)
EXPIRED = GuestKey(KEY, time.time() - 1, 0.0)


def test_a_room_without_guests() -> None:
    """The answer says how to let them in."""
    (sentence,) = guest_invite().result_lines(GuestLink("", 0.0, 0))
    assert "`web on`" in sentence


def test_guests_were_sent_away() -> None:
    assert guest_invite().result_lines(GuestLink("", 0.0, 0, "Done.")) == ["Done."]


@pytest.mark.parametrize(
    ("guests", "sentence"), [(0, "No guests are here."), (1, "1 guest is here."), (2, "2 guests are here.")]
)
def test_a_link(guests: int, sentence: str) -> None:
    """With what was done before it, and the number of guests below."""
    lines = guest_invite().result_lines(GuestLink(KEY, PRESENT.expires_at_s, guests, "Done."))
    assert (lines[0], lines[-1]) == ("Done.", sentence)
    assert any(line.endswith(LINK) for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_a_link_with_its_code() -> None:
    lines = guest_invite(draws_codes=True).result_lines(GuestLink(KEY, PRESENT.expires_at_s, 0))
    assert sum(line.startswith("\x1b[") for line in lines) > 15


def test_a_room_with_a_password() -> None:
    """The host reads what somebody in between could do."""
    link = GuestLink(KEY, PRESENT.expires_at_s, 0)
    assert "between a phone" in " ".join(guest_invite(has_password=True).result_lines(link))
    assert "between a phone" not in " ".join(guest_invite().result_lines(link))


def test_an_expired_link() -> None:
    """It is not shown, but how to get a new one."""
    lines = guest_invite().result_lines(GuestLink(KEY, EXPIRED.expires_at_s, 1, has_expired=True))
    assert "`web renew`" in lines[0]
    assert KEY not in " ".join(lines)


@pytest.mark.parametrize(("key", "is_shown"), [(PRESENT, True), (EXPIRED, False), (None, False)])
def test_another_address(key: GuestKey | None, is_shown: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """The link has another address too, so it is shown again."""
    lines = event_lines(AddressesChanged(("192.168.1.20:8000",), "messango://x/"), guest_invite(key=key))
    assert any(line.endswith(LINK) for line in lines) == is_shown


def test_no_address_any_more() -> None:
    """Nobody can reach the room."""
    (line,) = event_lines(AddressesChanged((), ""), guest_invite(key=PRESENT))
    assert KEY not in line


def test_a_link_that_expires() -> None:
    """The host reads it when it happens."""
    (line,) = event_lines(GuestLinkExpired(), guest_invite())
    assert "web renew" in line
