"""Guests from the browser need the host's key, and everybody sees that they are in a browser."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Joined, Left, Renamed
from messango.protocol.limits import RECONNECT_GRACE_S
from messango.protocol.password import Password
from messango.room.bans import Bans
from messango.room.guests import KEY_VALID_S, GuestAccess
from messango.room.history.fallback_history import FallbackHistory
from messango.room.host.host_command import BanAddress, BanName, Kick, Lock, SetPassword, SetSeats
from messango.room.host.host_events import GuestLinkExpired, JoinAttemptRefused, MemberJoined
from tests.room.batches import AGAIN, ANN, BEN, WALL_CLOCK_S, RoomHarness
from tests.room.guest_room import GINA, GINA_AGAIN, HUGO, GuestRoom
from tests.room.host_commands import run


@pytest.fixture
def room() -> GuestRoom:
    """A room for guests, with Ann, who is in a window."""
    room = GuestRoom()
    room.join_admitted(ANN, "Ann")
    room.clear_received()
    return room


class TestKey:
    """A guest without a seat needs the present key."""

    def test_with_it(self, room: GuestRoom) -> None:
        assert room.welcome_guest(GINA, "Gina", key=room.key).you == "Gina"

    def test_a_room_without_guests(self) -> None:
        """Says so, also to somebody who has an earlier key; clients that are no browsers join as ever."""
        room = GuestRoom(closed_to_guests=True)
        refused = room.refuse_guest(GINA, "Gina", key="k" * 22)
        assert refused.code == "no-guests"
        assert "“Table 4”" in refused.reason
        assert room.join(ANN, "Ann")

    @pytest.mark.parametrize("key", [None])
    def test_it_is_required(self, room: GuestRoom, key: str | None) -> None:
        refused = room.refuse_guest(GINA, "Gina", key=key)
        assert refused.code == "key-required"
        assert "QR code" in refused.hint

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda key: key[:-1],
            lambda key: key + "A",
            lambda key: key.swapcase(),
            lambda _key: "é" * 22,
            lambda _key: "k" * 64,
        ],
    )
    def test_a_wrong_one(self, room: GuestRoom, spoil: object) -> None:
        """Too short, too long, another one, not ASCII: the guest is told to ask for the present link."""
        assert callable(spoil)
        refused = room.refuse_guest(GINA, "Gina", key=spoil(room.key))
        assert refused.code == "wrong-key"
        assert "present link" in refused.hint
        assert isinstance(room.events[-1], JoinAttemptRefused)

    def test_each_is_another(self) -> None:
        """With 128 random bits."""
        access = GuestAccess()
        keys = set()
        for _ in range(100):
            access.renew(0.0, 0.0)
            assert access.key is not None
            keys.add(access.key.text)
        assert len(keys) == 100
        assert {len(key) for key in keys} == {22}

    def test_a_renewed_one(self, room: GuestRoom) -> None:
        """Only the new one is valid; a guest who is here stays, and comes back without any."""
        earlier = room.key
        session = room.welcome_guest(GINA, "Gina", key=earlier).session
        room.renew_key()
        assert room.refuse_guest(HUGO, "Hugo", key=earlier).code == "wrong-key"
        assert GINA not in room.closed
        room.disconnect(GINA)
        assert room.welcome_guest(GINA_AGAIN, "Gina", session).you == "Gina"
        assert room.welcome_guest(34, "Hugo", key=room.key).you == "Hugo"

    def test_clients_that_are_no_browsers_need_none(self, room: GuestRoom) -> None:
        assert room.join(BEN, "Ben", key="wrong")


class TestExpiry:
    """A key is valid for 12 hours, on each of two clocks."""

    def test_by_the_monotonic_clock(self, room: GuestRoom) -> None:
        """The wall clock was set back meanwhile."""
        access = room.room.admission.guests
        assert access.key is not None
        assert not access.key.has_expired(room.now_s + KEY_VALID_S - 1, WALL_CLOCK_S)
        assert access.key.has_expired(room.now_s + KEY_VALID_S, WALL_CLOCK_S)

    def test_by_the_wall_clock(self, room: GuestRoom) -> None:
        """The computer has slept, and the monotonic clock with it."""
        access = room.room.admission.guests
        assert access.key is not None
        time_s = WALL_CLOCK_S + room.now_s + KEY_VALID_S
        assert not access.key.has_expired(room.now_s, time_s - 1)
        assert access.key.has_expired(room.now_s, time_s)

    def test_newcomers_are_refused(self, room: GuestRoom) -> None:
        """With the reason; those who are here stay, and come back to their seats."""
        session = room.welcome_guest(GINA, "Gina", key=room.key).session
        room.advance(KEY_VALID_S)
        refused = room.refuse_guest(HUGO, "Hugo", key=room.key)
        assert (refused.code, "12 hours" in refused.reason) == ("wrong-key", True)
        room.disconnect(GINA)
        assert room.welcome_guest(GINA_AGAIN, "Gina", session).you == "Gina"

    def test_the_host_is_told_once(self, room: GuestRoom) -> None:
        """When it happens, and not for each guest who is refused."""
        assert room.room.next_deadline_s() == room.now_s + KEY_VALID_S
        room.advance(KEY_VALID_S)
        for connection_id in range(40, 45):
            room.refuse_guest(connection_id, "Hugo", key=room.key)
        assert room.events.count(GuestLinkExpired()) == 1
        assert room.room.next_deadline_s() is None

    def test_each_key_is_reported(self, room: GuestRoom) -> None:
        """Also one that was made after another had expired."""
        room.advance(KEY_VALID_S)
        room.renew_key()
        room.advance(KEY_VALID_S)
        assert room.events.count(GuestLinkExpired()) == 2

    def test_nothing_is_due_without_guests(self) -> None:
        """Such a room does not wake up."""
        room = GuestRoom(closed_to_guests=True)
        room.advance(0.0)
        assert room.room.next_deadline_s() is None


class TestSession:
    """A guest returns as themselves, and only from a browser."""

    def test_the_seat_needs_no_key(self, room: GuestRoom) -> None:
        """Nobody gets a notice."""
        first = room.welcome_guest(GINA, "Gina", key=room.key)
        room.disconnect(GINA)
        room.clear_received()
        back = room.welcome_guest(GINA_AGAIN, "Gina", first.session)
        assert (back.member, back.you, back.session) == (first.member, "Gina", first.session)
        assert room.take_received(ANN) == []

    def test_without_a_seat_it_needs_one(self, room: GuestRoom) -> None:
        """Then they are the same member again."""
        first = room.welcome_guest(GINA, "Gina", key=room.key)
        room.disconnect(GINA)
        room.advance(RECONNECT_GRACE_S)
        assert room.refuse_guest(GINA_AGAIN, "Gina", first.session).code == "key-required"
        back = room.welcome_guest(HUGO, "Gina", first.session, key=room.key)
        assert (back.member, back.session) == (first.member, first.session)

    def test_a_guests_session_in_another_client(self, room: GuestRoom) -> None:
        """It is another member: the others were told that this one is in a browser."""
        first = room.welcome_guest(GINA, "Gina", key=room.key)
        other = room.join_admitted(AGAIN, "Gina", first.session)
        assert (other.you, other.member != first.member) == ("Gina 2", True)
        assert not other.session.startswith("web.")
        assert GINA not in room.closed

    def test_another_clients_session_in_a_browser(self, room: GuestRoom) -> None:
        """It opens nothing, and with a key it is another member."""
        ann = room.join_admitted(BEN, "Ben")
        assert room.refuse_guest(GINA, "Ben", ann.session).code == "key-required"
        guest = room.welcome_guest(HUGO, "Ben", ann.session, key=room.key)
        assert (guest.you, guest.member != ann.member) == ("Ben 2", True)
        assert guest.session.startswith("web.")
        assert BEN not in room.closed

    def test_a_session_that_only_looks_like_a_guests(self, room: GuestRoom) -> None:
        """The prefix alone is nobody's session."""
        ann = room.join_admitted(BEN, "Ben")
        assert room.refuse_guest(GINA, "Ben", f"web.{ann.session}").code == "key-required"


class TestPassword:
    """With the key, a guest needs no password."""

    def test_a_room_that_has_one(self, room: GuestRoom) -> None:
        run(room, SetPassword(Password("sesame")))
        assert room.welcome_guest(GINA, "Gina", key=room.key).room.password
        assert not room.join(BEN, "Ben")

    def test_a_change_while_a_guest_is_here(self, room: GuestRoom) -> None:
        """They stay, and come back as before."""
        session = room.welcome_guest(GINA, "Gina", key=room.key).session
        run(room, SetPassword(Password("sesame")))
        room.disconnect(GINA)
        assert room.welcome_guest(GINA_AGAIN, "Gina", session).you == "Gina"

    def test_the_key_is_needed_all_the_same(self, room: GuestRoom) -> None:
        run(room, SetPassword(Password("sesame")))
        assert room.refuse_guest(GINA, "Gina").code == "key-required"


class TestRules:
    """What holds for everybody holds for guests."""

    def test_a_kicked_guest(self, room: GuestRoom) -> None:
        """Their session is over; with the key they may join as a new member."""
        first = room.welcome_guest(GINA, "Gina", key=room.key)
        run(room, Kick("Gina", "too loud"))
        assert GINA in room.closed
        assert room.refuse_guest(GINA_AGAIN, "Gina", first.session, key=room.key).code == "banned"
        assert room.welcome_guest(HUGO, "Gina", key=room.key).member != first.member

    def test_a_banned_guest(self, room: GuestRoom) -> None:
        """A ban of the name includes their address and session."""
        session = room.welcome_guest(GINA, "Gina", key=room.key).session
        run(room, BanName("Gina"))
        assert GINA in room.closed
        assert room.refuse_guest(GINA_AGAIN, "Other", session, key=room.key).code == "banned"
        room.peers[34] = room.peers[GINA]
        assert not room.join(34, "Other", key=room.key)

    def test_a_banned_address(self, room: GuestRoom) -> None:
        room.welcome_guest(GINA, "Gina", key=room.key)
        run(room, BanAddress(f"192.0.2.{GINA}"))
        assert GINA in room.closed

    def test_a_ban_is_told_only_to_somebody_with_the_key(self, room: GuestRoom) -> None:
        """Nobody without it learns which names are banned."""
        run(room, BanName("Eve"))
        assert room.refuse_guest(GINA, "Eve").code == "key-required"
        assert room.refuse_guest(HUGO, "Eve", key=room.key).code == "banned"

    def test_a_locked_room(self, room: GuestRoom) -> None:
        """No new guests; those who are here return."""
        session = room.welcome_guest(GINA, "Gina", key=room.key).session
        run(room, Lock())
        assert room.refuse_guest(HUGO, "Hugo", key=room.key).code == "locked"
        room.disconnect(GINA)
        assert room.welcome_guest(GINA_AGAIN, "Gina", session).you == "Gina"

    def test_a_full_room(self, room: GuestRoom) -> None:
        """Its members are only named to somebody who has the key."""
        run(room, SetSeats(1))
        refused = room.refuse_guest(GINA, "Gina", key=room.key)
        assert (refused.code, "Ann" in refused.hint) == ("full", True)
        assert "Ann" not in str(room.refuse_guest(HUGO, "Gina"))

    def test_a_closed_room(self, room: GuestRoom) -> None:
        room.close()
        assert room.refuse_guest(GINA, "Gina").code == "closing"

    def test_a_bad_name(self, room: GuestRoom) -> None:
        assert room.refuse_guest(GINA, "", key=room.key).code == "bad-name"


class TestMark:
    """Everybody sees who is in a browser."""

    def test_in_frames(self, room: GuestRoom) -> None:
        """In the welcome, and when they join, rename themselves and leave."""
        welcome = room.welcome_guest(GINA, "Gina", key=room.key)
        assert [(person.name, person.web) for person in welcome.people] == [("Ann", False), ("Gina", True)]
        room.rename(GINA, "Ginny")
        room.leave(GINA)
        assert room.take_received(ANN) == [
            Joined("Gina", web=True),
            Renamed("Ginny", "Gina", web=True),
            Left("Ginny", "left"),
        ]

    def test_for_the_host(self, room: GuestRoom) -> None:
        """When they join, and when they come back."""
        session = room.welcome_guest(GINA, "Gina", key=room.key).session
        room.disconnect(GINA)
        room.welcome_guest(GINA_AGAIN, "Gina", session)
        joined = [event for event in room.events if isinstance(event, MemberJoined)]
        assert [(event.name, event.web) for event in joined] == [
            ("Ann", False),
            ("Gina", True),
            ("Gina", True),
        ]

    def test_while_the_connection_is_broken(self, room: GuestRoom) -> None:
        room.welcome_guest(GINA, "Gina", key=room.key)
        room.disconnect(GINA)
        welcome = room.join_admitted(BEN, "Ben")
        assert [person.web for person in welcome.people] == [False, True, False]

    def test_after_a_restart(self, tmp_path: Path) -> None:
        """The kind of a session is seen from itself, so it needs no place in the history."""
        with closing(FallbackHistory(tmp_path / "a.sqlite", 1.0)) as history:
            room = GuestRoom(history=history)
            guest = room.welcome_guest(GINA, "Gina", key=room.key)
            native = room.join_admitted(ANN, "Ann")
        with closing(FallbackHistory(tmp_path / "a.sqlite", 2.0)) as history:
            room = GuestRoom(history=history)
            room.join_admitted(BEN, "Ben")
            thief = room.join_admitted(AGAIN, "Gina", guest.session)
            assert thief.member != guest.member
            room.leave(AGAIN)
            room.clear_received()
            back = room.welcome_guest(GINA_AGAIN, "Gina", guest.session, key=room.key)
            assert back.member == guest.member
            assert room.take_received(BEN) == [Joined("Gina", web=True)]
            assert room.welcome_guest(HUGO, "Ann", native.session, key=room.key).member != native.member

    def test_the_feature(self, room: GuestRoom) -> None:
        """The room says that it takes guests, also when its link has expired: those who are here return."""
        assert "web" in room.room.room_info().features
        room.advance(KEY_VALID_S)
        assert "web" in room.room.room_info().features
        room.room.admission.guests.close()
        assert "web" not in room.room.room_info().features
        assert "web" not in RoomHarness(bans=Bans()).room.room_info().features
