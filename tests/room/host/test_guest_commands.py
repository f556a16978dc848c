"""The host admits guests from the browser, gives out a new link, and sends them away."""

from __future__ import annotations

import json

import pytest

from messango.protocol.frames import Closed, Left
from messango.protocol.password import Password
from messango.protocol.text.command_table import Completion, InvalidInput
from messango.room.guests import KEY_VALID_S
from messango.room.host.guest_commands import AdmitGuests, DismissGuests, RenewGuestLink, ShowGuestLink
from messango.room.host.host_command import HostCommand, Lock, SetPassword, run_command
from messango.room.host.host_command_parser import complete, parse_command
from messango.room.host.host_events import CommandFailed, GuestLink, MemberLeft
from messango.room.host.host_result import result_fields, result_of
from messango.room.members import Member
from messango.room.moderation import Moderation
from tests.room.batches import ANN, WALL_CLOCK_S
from tests.room.guest_room import GINA, GINA_AGAIN, HUGO, GuestRoom
from tests.room.host_commands import CountedPassword, includes_this_computer, run
from tests.room.host_commands import result_of as apply


@pytest.fixture
def room() -> GuestRoom:
    """A room that takes no guests yet, with Ann."""
    room = GuestRoom(closed_to_guests=True)
    room.join_admitted(ANN, "Ann")
    room.clear_received()
    return room


def link_after(room: GuestRoom, command: HostCommand) -> GuestLink:
    """Run a command that succeeds, and return the link."""
    result = apply(room, command)
    assert isinstance(result, GuestLink)
    return result


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("web", ShowGuestLink()),
        ("/web", ShowGuestLink()),
        ("web on", AdmitGuests()),
        ("WEB Renew", RenewGuestLink()),
        ("web off ", DismissGuests()),
    ],
)
def test_what_the_host_types(line: str, command: object) -> None:
    assert parse_command(line, ()) == command


@pytest.mark.parametrize("line", ["web up", "web on now", "web o"])
def test_what_is_not_valid(line: str) -> None:
    """The answer says what can be typed."""
    parsed = parse_command(line, ())
    assert isinstance(parsed, InvalidInput)
    assert "web renew" in parsed.reason


def test_completion() -> None:
    assert [choice.text for choice in complete("web ", ["Ann"])] == ["on", "renew", "off"]
    assert complete("web o", ["Olga"]) == [Completion("on", 1), Completion("off", 1)]
    assert complete("web on ", ["Olga"]) == []


def test_a_room_without_guests(room: GuestRoom) -> None:
    assert link_after(room, ShowGuestLink()) == GuestLink("", 0.0, 0)


def test_guests_are_admitted(room: GuestRoom) -> None:
    """For 12 hours, with the link of the answer."""
    link = link_after(room, AdmitGuests())
    assert link.expires_at_s == WALL_CLOCK_S + room.now_s + KEY_VALID_S
    assert (link.guests, link.has_expired, "can join" in link.message) == (0, False, True)
    room.welcome_guest(GINA, "Gina", key=link.key)
    assert link_after(room, ShowGuestLink()) == GuestLink(link.key, link.expires_at_s, 1)


def test_a_valid_link_stays(room: GuestRoom) -> None:
    """Somebody may have printed it."""
    first = link_after(room, AdmitGuests())
    room.advance(KEY_VALID_S - 1)
    again = link_after(room, AdmitGuests())
    assert (again.key, again.expires_at_s) == (first.key, first.expires_at_s)
    assert "already" in again.message


def test_an_expired_link_is_shown_as_such_and_replaced(room: GuestRoom) -> None:
    first = link_after(room, AdmitGuests())
    room.advance(KEY_VALID_S)
    assert link_after(room, ShowGuestLink()).has_expired
    again = link_after(room, AdmitGuests())
    assert (again.key != first.key, again.has_expired) == (True, False)


def test_a_new_link(room: GuestRoom) -> None:
    """The guests who are here stay; nobody comes in with the former one."""
    first = link_after(room, AdmitGuests())
    room.welcome_guest(GINA, "Gina", key=first.key)
    second = link_after(room, RenewGuestLink())
    assert (second.key != first.key, second.guests, GINA in room.closed) == (True, 1, False)
    assert room.refuse_guest(HUGO, "Hugo", key=first.key).code == "wrong-key"
    assert room.welcome_guest(34, "Hugo", key=second.key).you == "Hugo"


def test_a_new_link_where_there_was_none(room: GuestRoom) -> None:
    """Admits guests."""
    link = link_after(room, RenewGuestLink())
    assert "can join" in link.message
    assert room.welcome_guest(GINA, "Gina", key=link.key).you == "Gina"


class TestDismiss:
    """`web off` removes the guests, and lets nobody in."""

    def test_guests_who_are_here(self, room: GuestRoom) -> None:
        """They read why; the others read that they left, and why. Members stay."""
        key = link_after(room, AdmitGuests()).key
        room.welcome_guest(GINA, "Gina", key=key)
        room.welcome_guest(HUGO, "Hugo", key=key)
        room.clear_received()
        room.events.clear()
        link = link_after(room, DismissGuests())
        assert link == GuestLink("", 0.0, 0, link.message)
        assert "2 guests were removed" in link.message
        closed = room.last_frame(GINA, Closed)
        assert (closed.code, "“Table 4”" in closed.reason, bool(closed.hint)) == ("no-guests", True, True)
        assert {GINA, HUGO} <= room.closed
        assert room.take_received(ANN) == [Left("Gina", "no-guests"), Left("Hugo", "no-guests")]
        assert [event.reason for event in room.events if isinstance(event, MemberLeft)] == ["no-guests"] * 2
        assert room.room.members.names() == ["Ann"]

    def test_a_reserved_seat(self, room: GuestRoom) -> None:
        """It is free at once, and nobody returns to it."""
        key = link_after(room, AdmitGuests()).key
        session = room.welcome_guest(GINA, "Gina", key=key).session
        room.disconnect(GINA)
        assert "1 guest was removed" in link_after(room, DismissGuests()).message
        assert room.room.members.names() == ["Ann"]
        assert room.refuse_guest(GINA_AGAIN, "Gina", session, key=key).code == "no-guests"

    def test_nobody_was_here(self, room: GuestRoom) -> None:
        link_after(room, AdmitGuests())
        assert "removed" not in link_after(room, DismissGuests()).message
        assert "already" in link_after(room, DismissGuests()).message

    def test_admitted_again(self, room: GuestRoom) -> None:
        """With a new link; a guest who has it is the same member as before."""
        first_key = link_after(room, AdmitGuests()).key
        guest = room.welcome_guest(GINA, "Gina", key=first_key)
        link_after(room, DismissGuests())
        key = link_after(room, AdmitGuests()).key
        assert room.refuse_guest(GINA_AGAIN, "Gina", guest.session, key=first_key).code == "wrong-key"
        assert room.welcome_guest(HUGO, "Gina", guest.session, key=key).member == guest.member


class TestPasswordRooms:
    """A host who wants a password reads what guests mean for it."""

    def test_a_password_is_set(self, room: GuestRoom) -> None:
        """And changed; not when it is removed."""
        link_after(room, AdmitGuests())
        password = CountedPassword()
        assert "between" in run(room, SetPassword(Password("one")), password)
        assert "between" in run(room, SetPassword(Password("two")), password)
        assert "between" not in run(room, SetPassword(None), password)

    def test_without_guests(self, room: GuestRoom) -> None:
        assert "between" not in run(room, SetPassword(Password("one")))


@pytest.mark.parametrize("command", [AdmitGuests(), RenewGuestLink()])
def test_a_server_that_can_not_admit_them(room: GuestRoom, command: HostCommand) -> None:
    """The answer says what to install; to show and to switch off is always possible."""
    room.begin_batch()
    moderation = Moderation(
        room.room, includes_this_computer, CountedPassword(), lambda: "Install something."
    )
    failed = run_command(command, moderation)
    assert failed == CommandFailed("Install something.", "extra-missing")
    assert not room.room.admission.guests.is_open
    assert isinstance(run_command(ShowGuestLink(), moderation), GuestLink)
    assert isinstance(run_command(DismissGuests(), moderation), GuestLink)


@pytest.mark.parametrize(
    "link", [GuestLink("", 0.0, 0), GuestLink("k", 9.5, 2, "Done."), GuestLink("k", 9.5, 2, has_expired=True)]
)
def test_it_goes_through_json(link: GuestLink) -> None:
    assert result_of(json.loads(json.dumps(result_fields(link)))) == link


def test_the_fields() -> None:
    """As the help documents them."""
    assert result_fields(GuestLink("k", 9.5, 2, "Done.")) == {
        "message": "Done.",
        "web": {"on": True, "key": "k", "expires": 9.5, "expired": False, "guests": 2},
    }
    assert result_fields(GuestLink("", 0.0, 0, "Off.")) == {
        "message": "Off.",
        "web": {"on": False, "key": None, "expires": None, "expired": False, "guests": 0},
    }


def test_a_locked_room_keeps_its_link(room: GuestRoom) -> None:
    """The two are independent."""
    key = link_after(room, AdmitGuests()).key
    run(room, Lock())
    assert link_after(room, ShowGuestLink()).key == key


def test_guests_of_other_servers_are_none_of_ours(room: GuestRoom) -> None:
    """Of a linked room: they have come by the link of another host, and stay when ours takes no guests."""
    key = link_after(room, AdmitGuests()).key
    room.welcome_guest(GINA, "Gina", key=key)
    hugo = Member("Hugo", session="", session_hash="h", is_guest_there=True)
    room.room.members.put_elsewhere(hugo, "west")
    assert link_after(room, ShowGuestLink()).guests == 1
    assert "1 guest was removed" in link_after(room, DismissGuests()).message
    assert "Hugo" in room.room.members.names()
