"""The host's commands in a room: kick, ban, lock, announce, and the lists."""

from __future__ import annotations

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Left, Message, Problem, Refused
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME, clean_name
from messango.room.host.host_command import (
    Announce,
    BanAddress,
    BanName,
    Kick,
    ListBans,
    ListMembers,
    Lock,
    Unban,
    Unlock,
)
from messango.room.host.host_events import (
    BanList,
    MemberInfo,
    MemberLeft,
    MemberList,
)
from messango.room.peer import Peer
from tests.room.batches import AGAIN, ANN, BEN, CLEO, WALL_CLOCK_S, RoomHarness, peer_at
from tests.room.host_commands import fail, result_of, run

NEW = 20


def expect_refusal(
    harness: RoomHarness, connection_id: int, name: str, session: str | None = None
) -> Refused:
    """Join, expecting a refusal, and return it."""
    assert not harness.join(connection_id, name, session)
    return harness.last_frame(connection_id, Refused)


class TestKick:
    """The member is removed, and their session cannot return."""

    def test_frames_for_everybody(self, harness: RoomHarness) -> None:
        """The member receives `closed` with the reason; the others receive `left` with it."""
        assert "“Ann” was removed" in run(harness, Kick("ann", " shouts\n too much "))
        (closed,) = harness.take_received(ANN)
        assert isinstance(closed, Closed)
        assert closed.code == error_codes.KICKED
        assert "“Table 4”: shouts too much." in closed.reason
        assert closed.hint
        assert ANN in harness.closed
        assert (
            harness.take_received(BEN)
            == harness.take_received(CLEO)
            == [Left("Ann", "kicked", note="shouts too much")]
        )
        assert isinstance(harness.events[-1], MemberLeft)
        assert harness.room.members.names() == ["Ben", "Cleo"]

    def test_the_session_cannot_return(self) -> None:
        """Neither at once nor after a restart of the room; but they may join as a new member."""
        harness = RoomHarness()
        session = harness.join_admitted(ANN, "Ann").session
        run(harness, Kick("Ann"))
        assert expect_refusal(harness, AGAIN, "Ann", session).code == error_codes.BANNED
        again = RoomHarness(bans=harness.room.admission.bans)
        assert expect_refusal(again, AGAIN, "Ann", session).code == error_codes.BANNED
        assert again.join_admitted(NEW, "Ann").session != session

    def test_a_disconnected_member(self) -> None:
        """Their reserved seat is freed, and they are refused when they return."""
        harness = RoomHarness()
        session = harness.join_admitted(ANN, "Ann").session
        harness.disconnect(ANN)
        run(harness, Kick("Ann"))
        assert harness.room.members.names() == []
        assert "removed you" in expect_refusal(harness, AGAIN, "Ann", session).reason

    @pytest.mark.parametrize("typed", ["JOSÉ 🥭 B", " josé 🥭 b ", "jose\u0301 🥭 b", "José", "j"])
    def test_a_name_as_people_type_it(self, harness: RoomHarness, typed: str) -> None:
        """In any case, composed or not, with spaces and emoji, or only its beginning."""
        harness.join_admitted(NEW, "José 🥭 B")
        assert "José 🥭 B" in run(harness, Kick(typed))
        assert NEW in harness.closed

    def test_a_whole_name_takes_precedence_over_a_beginning(self, harness: RoomHarness) -> None:
        """A member with exactly this name is meant."""
        harness.join_admitted(NEW, "Annabel")
        run(harness, Kick("ann"))
        assert harness.room.members.names() == ["Ben", "Cleo", "Annabel"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("Bn", "Did you mean “Ben”"),
            ("Zoë", "In the room: Ann, Ben, Cleo and Clara"),
            ("Cl", "Type more"),
            ("", "No member"),
        ],
    )
    def test_a_name_that_fits_nobody_or_several(self, harness: RoomHarness, typed: str, words: str) -> None:
        """Nobody is removed, and the error suggests a name."""
        harness.join_admitted(NEW, "Clara")
        harness.clear_received()
        assert words in fail(harness, Kick(typed))
        assert not harness.closed

    def test_an_empty_room(self) -> None:
        """There is no name to suggest."""
        assert fail(RoomHarness(), Kick("Ann")) == "No member is called “Ann”."


class TestBan:
    """The member is removed and cannot join again."""

    def test_by_name_with_address_and_session(self) -> None:
        """All three are refused; others may join."""
        harness = RoomHarness()
        session = harness.join_admitted(ANN, "Ann").session
        harness.join_admitted(BEN, "Ben")
        answer = run(harness, BanName("ann", reason="spam"))
        assert "“Ann” (192.0.2.1) is banned. Removed: Ann." in answer
        assert "spam" in harness.last_frame(ANN, Closed).reason
        left = harness.last_frame(BEN, Left)
        assert (left.reason, left.note) == ("banned", "spam")
        assert expect_refusal(harness, 30, "ANN").code == error_codes.BANNED
        assert "spam" in harness.last_frame(30, Refused).reason
        assert expect_refusal(harness, 31, "Zoë", session).code == error_codes.BANNED
        harness.peers[32] = Peer(peer_at(ANN).host, 9)
        assert expect_refusal(harness, 32, "Zoë").code == error_codes.BANNED
        assert harness.join(33, "Zoë")

    def test_for_a_time(self, harness: RoomHarness) -> None:
        """Each text names the time that is left; the wall clock ends the ban."""
        assert "banned for 10 minutes" in run(harness, BanName("Ann", 600))
        assert "for 10 minutes" in harness.last_frame(ANN, Closed).reason
        harness.advance(480.5)
        assert "for 120 seconds" in expect_refusal(harness, 30, "Ann").reason
        harness.advance(119)
        assert "for 1 second." in expect_refusal(harness, 31, "Ann").reason
        harness.advance(1)
        assert harness.join(32, "Ann")

    def test_an_endless_time(self, harness: RoomHarness) -> None:
        """It is a ban for good."""
        assert "“Ann” (192.0.2.1) is banned." in run(harness, BanName("Ann", float("inf")))

    def test_a_member_on_the_hosts_computer(self) -> None:
        """Their address is the host's own too, so it is not banned, and the answer says so."""
        harness = RoomHarness()
        harness.peers[ANN] = Peer("127.0.0.1", 5, local_host="127.0.0.1")
        harness.join_admitted(ANN, "Ann")
        assert "this computer's own" in run(harness, BanName("Ann"))
        harness.peers[BEN] = Peer("127.0.0.1", 6, local_host="127.0.0.1")
        assert harness.join(BEN, "Ben")
        expect_refusal(harness, 30, "Ann")

    def test_others_at_the_address_go_too(self, harness: RoomHarness) -> None:
        """And the answer names them."""
        harness.peers[NEW] = Peer(peer_at(ANN).host, 9)
        harness.join_admitted(NEW, "Anton")
        assert "Removed: Ann, Anton." in run(harness, BanName("ann"))

    def test_a_former_member(self, harness: RoomHarness) -> None:
        """The room still knows their name, address and session."""
        harness.leave(ANN)
        assert "192.0.2.1" in run(harness, BanName("Ann"))
        harness.peers[30] = peer_at(ANN)
        assert expect_refusal(harness, 30, "Zoë").code == error_codes.BANNED

    def test_an_unknown_name(self, harness: RoomHarness) -> None:
        """Only the name is banned; a name that resembles a member's is taken for a typing error."""
        assert "only the name" in run(harness, BanName("Mallory"))
        assert expect_refusal(harness, 30, "mallory").code == error_codes.BANNED
        assert "Did you mean “Cleo”" in fail(harness, BanName("Cloe"))
        assert "needs a name" in fail(harness, BanName(" "))

    def test_a_member_can_not_take_the_name(self, harness: RoomHarness) -> None:
        """A rename to a banned name is answered with a problem."""
        run(harness, BanName("Mallory"))
        harness.rename(ANN, "MALLORY")
        assert harness.last_frame(ANN, Problem).code == error_codes.BAD_NAME
        assert harness.room.members.names() == ["Ann", "Ben", "Cleo"]

    def test_a_network(self, harness: RoomHarness) -> None:
        """Every member there is removed and banned, whatever their name."""
        harness.peers[NEW] = Peer("198.51.100.7", 9)
        harness.join_admitted(NEW, "Dora")
        answer = run(harness, BanAddress("192.0.2.0/24", 7_200, "all of you"))
        assert answer == "192.0.2.0/24 is banned for 2 hours. Removed: Ann, Ben, Cleo."
        assert harness.room.members.names() == ["Dora"]
        assert expect_refusal(harness, 30, "Zoë").code == error_codes.BANNED

    def test_a_newer_ban_replaces_an_older_one(self, harness: RoomHarness) -> None:
        """There is one ban for a name, and one for a network."""
        for seconds in (600, None):
            run(harness, BanName("Mallory", seconds))
            run(harness, BanAddress("10.0.0.1", seconds))
        result = result_of(harness, ListBans())
        assert isinstance(result, BanList)
        assert [str(ban) for ban in result.bans] == ["Mallory", "10.0.0.1"]
        assert {ban.until_s for ban in result.bans} == {None}

    def test_the_hosts_own_network(self, harness: RoomHarness) -> None:
        """The answer warns the host, and says who may still come if they typed one address."""
        assert "This computer is in that network" in run(harness, BanAddress("2001:db8::/64"))
        answer = run(harness, BanAddress("2001:db8::7"))
        assert answer.startswith("2001:db8::/64 is banned. This computer is in 2001:db8::/64 too")
        assert "This computer is in fe80::/64 too" in run(harness, BanAddress("fe80::7%eth0"))
        assert run(harness, BanAddress("2001:db8::7/128")) == "2001:db8::7/128 is banned."
        assert run(harness, BanAddress("2001:db8:1::7")) == "2001:db8:1::/64 is banned."

    @pytest.mark.parametrize("address", ["bob", "192.168.1.300", "10.0.0.0/33", ""])
    def test_an_invalid_address(self, harness: RoomHarness, address: str) -> None:
        """It is an error, and nothing is banned."""
        assert "is not a valid address" in fail(harness, BanAddress(address))
        assert result_of(harness, ListBans()) == BanList(())

    @pytest.mark.parametrize("target", ["ANN", "192.0.2.1", "192.0.2.1/32", "192.0.2.1:41388"])
    def test_unban(self, harness: RoomHarness, target: str) -> None:
        """By the name or by the address; then the member may join."""
        run(harness, BanName("Ann"))
        assert "No longer banned: Ann." in run(harness, Unban(target))
        harness.peers[30] = peer_at(ANN)
        assert harness.join(30, "Ann")

    def test_unban_of_an_address_in_a_banned_network(self, harness: RoomHarness) -> None:
        """The ban is lifted for all of it or for nobody, so the host types the network."""
        run(harness, BanAddress("10.0.0.0/8"))
        assert fail(harness, Unban("10.1.2.3")) == (
            "“10.1.2.3” is banned with its network. Use `unban 10.0.0.0/8`."
        )

    def test_unban_a_name_of_several_words(self, harness: RoomHarness) -> None:
        """It can't pass for another sentence."""
        name = "Eve. Not banned: Ben"
        run(harness, BanName(name))
        assert run(harness, Unban(name)) == f"No longer banned: “{name}”."

    def test_unban_without_a_ban(self, harness: RoomHarness) -> None:
        """The error suggests the most similar ban."""
        assert fail(harness, Unban("Ann")) == "“Ann” is not banned."
        run(harness, BanName("Ann"))
        assert "Did you mean “Ann”" in fail(harness, Unban("Anm"))


class TestLock:
    """A locked room refuses new members."""

    def test_new_members_are_refused(self, harness: RoomHarness) -> None:
        """With a reason; everybody can see that the room is locked. After `unlock` they may join."""
        run(harness, Lock())
        assert harness.room.room_info().locked
        refused = expect_refusal(harness, NEW, "Dora")
        assert refused.code == error_codes.LOCKED
        assert "locked the room" in refused.reason
        run(harness, Unlock())
        assert not harness.room.room_info().locked
        assert harness.join(NEW + 1, "Dora")

    def test_members_and_former_members_return(self) -> None:
        """Both with a reserved seat and with a session whose seat is free."""
        harness = RoomHarness()
        ann, ben = harness.join_admitted(ANN, "Ann").session, harness.join_admitted(BEN, "Ben").session
        harness.disconnect(ANN)
        harness.leave(BEN)
        run(harness, Lock())
        assert harness.join_admitted(AGAIN, "Ann", ann).you == "Ann"
        assert harness.join_admitted(NEW, "Ben", ben).you == "Ben"

    def test_a_password_is_not_a_lock(self, harness: RoomHarness) -> None:
        """Everybody can tell the two apart, and `unlock` does not change that the room needs a password."""
        harness.room.admission.has_password = True
        run(harness, Lock())
        info = harness.room.room_info()
        assert (info.password, info.locked) == (True, True)
        run(harness, Unlock())
        info = harness.room.room_info()
        assert (info.password, info.locked) == (True, False)


class TestAnnounce:
    """Messages of the host."""

    def test_an_announcement_is_a_message(self, harness: RoomHarness) -> None:
        """It is stored and ordered like every other, under the host's name."""
        harness.post(ANN, "before")
        run(harness, Announce(" Lunch!\x1b\n"))
        harness.post(BEN, "after")
        messages = [frame for frame in harness.received[CLEO] if isinstance(frame, Message)]
        assert [(frame.seq, frame.name, frame.text) for frame in messages] == [
            (1, "Ann", "before"),
            (2, HOST_NAME, "Lunch!"),
            (3, "Ben", "after"),
        ]
        assert messages[1].member == HOST_MEMBER_ID
        assert messages[1].id
        assert harness.history.since(0) == messages

    def test_a_lagging_member_receives_it_in_order(self, harness: RoomHarness) -> None:
        """After the messages that they missed."""
        welcome = harness.join_admitted(NEW, "Dora", since=0)
        harness.leave(NEW)
        for number in range(300):
            harness.post(ANN, f"{number}")
        harness.join_admitted(AGAIN, "Dora", welcome.session, since=0)
        run(harness, Announce("Lunch!"))
        while AGAIN in harness.lagging:
            harness.read_backlog(AGAIN)
        assert harness.texts(AGAIN) == [*map(str, range(300)), "Lunch!"]

    @pytest.mark.parametrize(
        "name", ["Host", "HOST", "host\u200d", HOST_NAME, "ⓘ Host", "i host", "🛈 Host", "*HOST*"]
    )
    def test_no_member_can_have_the_name(self, harness: RoomHarness, name: str) -> None:
        """Neither when they join nor by a rename."""
        assert clean_name(name) != HOST_NAME
        you = harness.join_admitted(NEW, name).you
        harness.rename(ANN, name)
        for taken in (you, harness.room.members.names()[0]):
            assert taken[-2:] in (" 2", " 3")

    def test_an_empty_text(self, harness: RoomHarness) -> None:
        """It is an error, and nothing is sent."""
        assert "empty" in fail(harness, Announce(" "))
        assert harness.take_received(ANN) == []


def test_the_list_of_members(harness: RoomHarness) -> None:
    """Every member with address, time of joining, and whether their connection broke."""
    harness.now_s += 60
    harness.peers[NEW] = Peer("198.51.100.7", 9, encrypted=False)
    harness.join_admitted(NEW, "Dora")
    harness.disconnect(ANN)
    result = result_of(harness, ListMembers())
    assert isinstance(result, MemberList)
    ann, _, _, dora = result.members
    assert ann == MemberInfo("Ann", peer_at(ANN), WALL_CLOCK_S + 100, away=True, id=ann.id)
    assert dora == MemberInfo(
        "Dora", harness.peers[NEW], WALL_CLOCK_S + 160, away=False, id=dora.id, encrypted=False
    )


def test_a_returning_member_keeps_their_time_of_joining(harness: RoomHarness) -> None:
    """And is listed with their new address."""
    session = harness.join_admitted(NEW, "Dora").session
    harness.now_s += 60
    harness.join_admitted(AGAIN, "Dora", session)
    result = result_of(harness, ListMembers())
    assert isinstance(result, MemberList)
    dora = result.members[-1]
    assert (dora.joined_at_s, dora.peer) == (WALL_CLOCK_S + 100, peer_at(AGAIN))


def test_a_result_has_no_control_characters(harness: RoomHarness) -> None:
    """What the host typed cannot steer the host's own terminal."""
    assert "\x1b" not in fail(harness, Kick("nobody\x1b[2J"))
    assert "\n" not in run(harness, Announce("two\nlines"))
