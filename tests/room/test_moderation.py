"""What the host does with members: sends them out, keeps them out, locks the room, speaks to all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Left, Message, Problem, Refused
from messango.protocol.validation import HOST_MEMBER_ID, HOST_NAME, clean_name
from messango.room.batch import MemberLeft
from messango.room.moderation import MemberInfo, Moderation, ModerationError
from messango.room.remote_peer import Peer, parse_network
from tests.room.batches import AGAIN, ANN, BEN, CLEO, WALL_CLOCK_S, RoomHarness, peer_at

NEW = 20


def act(harness: RoomHarness, action: Callable[[Moderation], str]) -> str:
    """Have the host do something in a round of its own; returns the answer."""
    harness.begin_batch()
    try:
        return action(Moderation(harness.room))
    finally:
        harness.end_batch()


def expect_refusal(
    harness: RoomHarness, connection_id: int, name: str, session: str | None = None
) -> Refused:
    """Return why somebody is not let in."""
    assert not harness.join(connection_id, name, session)
    return harness.last_frame(connection_id, Refused)


class TestKick:
    """Out, and not back in as the same."""

    def test_who_hears_what(self, harness: RoomHarness) -> None:
        """The member hears it with the reason, and that is the end; the others that it left, and why."""
        assert "“Ann” was sent out" in act(harness, lambda host: host.kick("ann", " shouts\n too much "))
        (last_words,) = harness.take_received(ANN)
        assert isinstance(last_words, Closed)
        assert last_words.code == error_codes.KICKED
        assert "“Table 4”: shouts too much." in last_words.reason
        assert last_words.hint
        assert ANN in harness.closed
        assert (
            harness.take_received(BEN)
            == harness.take_received(CLEO)
            == [Left("Ann", "sent out by the host: shouts too much")]
        )
        assert isinstance(harness.events[-1], MemberLeft)
        assert harness.room.names() == ["Ben", "Cleo"]

    def test_the_session_does_not_get_back_in(self) -> None:
        """Neither at once nor in another run of the room; but a newcomer does."""
        harness = RoomHarness()
        session = harness.join_admitted(ANN, "Ann").session
        act(harness, lambda host: host.kick("Ann"))
        assert expect_refusal(harness, AGAIN, "Ann", session).code == error_codes.BANNED
        again = RoomHarness(bans=harness.room.admission.bans)
        assert expect_refusal(again, AGAIN, "Ann", session).code == error_codes.BANNED
        assert again.join_admitted(NEW, "Ann").session != session

    def test_somebody_who_is_away(self) -> None:
        """A seat that is kept is given up, and the member finds out when it comes back."""
        harness = RoomHarness()
        session = harness.join_admitted(ANN, "Ann").session
        harness.disconnect(ANN)
        act(harness, lambda host: host.kick("Ann"))
        assert harness.room.names() == []
        assert "sent you out" in expect_refusal(harness, AGAIN, "Ann", session).reason

    @pytest.mark.parametrize("typed", ["JOSÉ 🥭 B", " josé 🥭 b ", "jose\u0301 🥭 b", "José", "j"])
    def test_a_name_as_people_type_it(self, harness: RoomHarness, typed: str) -> None:
        """In any case, composed or not, with spaces and emoji, or as much of it as is needed."""
        harness.join_admitted(NEW, "José 🥭 B")
        assert "José 🥭 B" in act(harness, lambda host: host.kick(typed))
        assert NEW in harness.closed

    def test_a_whole_name_goes_before_a_beginning(self, harness: RoomHarness) -> None:
        """Who is called exactly so is meant."""
        harness.join_admitted(NEW, "Annabel")
        act(harness, lambda host: host.kick("ann"))
        assert harness.room.names() == ["Ben", "Cleo", "Annabel"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("Bn", "Did you mean “Ben”"),
            ("Zoë", "In the room: Ann, Ben, Cleo, Clara"),
            ("Cl", "Type more"),
            ("", "Nobody"),
        ],
    )
    def test_a_name_that_fits_nobody_or_several(self, harness: RoomHarness, typed: str, words: str) -> None:
        """Nobody is sent out, and a sentence helps on."""
        harness.join_admitted(NEW, "Clara")
        harness.clear_received()
        with pytest.raises(ModerationError, match=words):
            act(harness, lambda host: host.kick(typed))
        assert not harness.closed

    def test_nobody_is_there(self) -> None:
        """Then there is nobody to offer."""
        with pytest.raises(ModerationError, match=r"Nobody here is called “Ann”\.$"):
            act(RoomHarness(), lambda host: host.kick("Ann"))


class TestBan:
    """Out, and kept out."""

    def test_by_name_with_address_and_session(self) -> None:
        """None of the three gets in again; somebody else does."""
        harness = RoomHarness()
        session = harness.join_admitted(ANN, "Ann").session
        harness.join_admitted(BEN, "Ben")
        answer = act(harness, lambda host: host.ban("ann", reason="spam"))
        assert "“Ann” (192.0.2.1) is banned. Sent out: Ann." in answer
        assert "spam" in harness.last_frame(ANN, Closed).reason
        assert harness.last_frame(BEN, Left).reason == "banned by the host: spam"
        assert expect_refusal(harness, 30, "ANN").code == error_codes.BANNED
        assert "spam" in harness.last_frame(30, Refused).reason
        assert expect_refusal(harness, 31, "Zoë", session).code == error_codes.BANNED
        harness.peers[32] = Peer(peer_at(ANN).host, 9)
        assert expect_refusal(harness, 32, "Zoë").code == error_codes.BANNED
        assert harness.join(33, "Zoë")

    def test_for_a_while(self, harness: RoomHarness) -> None:
        """It says how long, and ends by the clock on the wall."""
        assert "banned for 10 minutes" in act(harness, lambda host: host.ban("Ann", 600))
        assert "for 10 minutes" in harness.last_frame(ANN, Closed).reason
        harness.advance(480.5)
        assert "for 120 seconds" in expect_refusal(harness, 30, "Ann").reason
        harness.advance(119)
        assert "for 1 second." in expect_refusal(harness, 31, "Ann").reason
        harness.advance(1)
        assert harness.join(32, "Ann")

    def test_for_longer_than_anybody_waits(self, harness: RoomHarness) -> None:
        """Is for good."""
        assert "“Ann” (192.0.2.1) is banned." in act(harness, lambda host: host.ban("Ann", float("inf")))

    def test_one_on_the_hosts_own_machine(self) -> None:
        """Its address is the host's own too, so that is not kept out, and the host is told."""
        harness = RoomHarness()
        harness.peers[ANN] = Peer("127.0.0.1", 5, local_host="127.0.0.1")
        harness.join_admitted(ANN, "Ann")
        assert "this machine's own" in act(harness, lambda host: host.ban("Ann"))
        harness.peers[BEN] = Peer("127.0.0.1", 6, local_host="127.0.0.1")
        assert harness.join(BEN, "Ben")
        expect_refusal(harness, 30, "Ann")

    def test_others_at_the_address_go_too(self, harness: RoomHarness) -> None:
        """And the host is told who."""
        harness.peers[NEW] = Peer(peer_at(ANN).host, 9)
        harness.join_admitted(NEW, "Anton")
        assert "Sent out: Ann, Anton." in act(harness, lambda host: host.ban("ann"))

    def test_somebody_who_has_gone(self, harness: RoomHarness) -> None:
        """Who has just left is still known by name, address and session."""
        harness.leave(ANN)
        assert "192.0.2.1" in act(harness, lambda host: host.ban("Ann"))
        harness.peers[30] = peer_at(ANN)
        assert expect_refusal(harness, 30, "Zoë").code == error_codes.BANNED

    def test_a_name_alone(self, harness: RoomHarness) -> None:
        """Somebody who was never here is kept out by name; a slip of the finger is pointed out."""
        assert "the name alone" in act(harness, lambda host: host.ban("Mallory"))
        assert expect_refusal(harness, 30, "mallory").code == error_codes.BANNED
        with pytest.raises(ModerationError, match="Did you mean “Cleo”"):
            act(harness, lambda host: host.ban("Cloe"))
        with pytest.raises(ModerationError, match="needs a name"):
            act(harness, lambda host: host.ban(" "))

    def test_a_member_can_not_take_the_name(self, harness: RoomHarness) -> None:
        """A rename to a name that is kept out is answered by a problem."""
        act(harness, lambda host: host.ban("Mallory"))
        harness.rename(ANN, "MALLORY")
        assert harness.last_frame(ANN, Problem).code == error_codes.BAD_NAME
        assert harness.room.names() == ["Ann", "Ben", "Cleo"]

    def test_a_network(self, harness: RoomHarness) -> None:
        """Everybody there is sent out and kept out, whatever the name."""
        harness.peers[NEW] = Peer("198.51.100.7", 9)
        harness.join_admitted(NEW, "Dora")
        answer = act(
            harness, lambda host: host.ban_network(parse_network("192.0.2.0/24"), 7_200, "all of you")
        )
        assert answer == "192.0.2.0/24 is banned for 2 hours. Sent out: Ann, Ben, Cleo."
        assert harness.room.names() == ["Dora"]
        assert expect_refusal(harness, 30, "Zoë").code == error_codes.BANNED

    def test_a_newer_ban_takes_the_place_of_an_older_one(self, harness: RoomHarness) -> None:
        """One line for a name, one for a network."""
        for seconds in (600, None):
            act(harness, lambda host, seconds=seconds: host.ban("Mallory", seconds))  # type: ignore[misc]
            act(harness, lambda host, seconds=seconds: host.ban_network(parse_network("10.0.0.1"), seconds))  # type: ignore[misc]
        harness.begin_batch()
        assert [str(ban) for ban in Moderation(harness.room).bans()] == ["Mallory", "10.0.0.1"]
        assert {ban.until_s for ban in Moderation(harness.room).bans()} == {None}
        harness.end_batch()

    @pytest.mark.parametrize("target", ["ANN", "192.0.2.1", "192.0.2.1/32"])
    def test_lifted(self, harness: RoomHarness, target: str) -> None:
        """By the name or by the address, and then the member comes back as itself."""
        act(harness, lambda host: host.ban("Ann"))
        assert "No longer banned: Ann." in act(harness, lambda host: host.unban(target))
        harness.peers[30] = peer_at(ANN)
        assert harness.join(30, "Ann")

    def test_what_is_not_banned_can_not_be_lifted(self, harness: RoomHarness) -> None:
        """And what may have been meant is offered."""
        with pytest.raises(ModerationError, match=r"“Ann” is not banned\.$"):
            act(harness, lambda host: host.unban("Ann"))
        act(harness, lambda host: host.ban("Ann"))
        with pytest.raises(ModerationError, match="Did you mean “Ann”"):
            act(harness, lambda host: host.unban("Anm"))


class TestLock:
    """Nobody new."""

    def test_newcomers_wait_outside(self, harness: RoomHarness) -> None:
        """They read why, and everybody sees that it is locked; unlocked, they come in."""
        act(harness, lambda host: host.lock())
        assert harness.room.room_info().locked
        refused = expect_refusal(harness, NEW, "Dora")
        assert refused.code == error_codes.FULL
        assert "nobody new" in refused.reason
        act(harness, lambda host: host.unlock())
        assert not harness.room.room_info().locked
        assert harness.join(NEW + 1, "Dora")

    def test_who_was_in_comes_back(self) -> None:
        """With a seat that is kept, and with a session whose seat was given up."""
        harness = RoomHarness()
        ann, ben = harness.join_admitted(ANN, "Ann").session, harness.join_admitted(BEN, "Ben").session
        harness.disconnect(ANN)
        harness.leave(BEN)
        act(harness, lambda host: host.lock())
        assert harness.join_admitted(AGAIN, "Ann", ann).you == "Ann"
        assert harness.join_admitted(NEW, "Ben", ben).you == "Ben"

    def test_a_password_keeps_it_locked(self, harness: RoomHarness) -> None:
        """A room that is locked for another reason stays so."""
        harness.room.locked = True
        act(harness, lambda host: host.unlock())
        assert harness.room.room_info().locked


class TestAnnounce:
    """The host's own words."""

    def test_an_announcement_is_a_message(self, harness: RoomHarness) -> None:
        """Stored and in order like every other, under a name of its own."""
        harness.post(ANN, "before")
        act(harness, lambda host: host.announce(" Lunch!\x1b\n"))
        harness.post(BEN, "after")
        heard = [frame for frame in harness.received[CLEO] if isinstance(frame, Message)]
        assert [(frame.seq, frame.name, frame.text) for frame in heard] == [
            (1, "Ann", "before"),
            (2, HOST_NAME, "Lunch!"),
            (3, "Ben", "after"),
        ]
        assert heard[1].member == HOST_MEMBER_ID
        assert heard[1].id
        assert harness.history.since(0) == heard

    def test_who_is_behind_gets_it_in_its_turn(self, harness: RoomHarness) -> None:
        """Not before what it has missed."""
        welcome = harness.join_admitted(NEW, "Dora", since=0)
        harness.leave(NEW)
        for number in range(300):
            harness.post(ANN, f"{number}")
        harness.join_admitted(AGAIN, "Dora", welcome.session, since=0)
        act(harness, lambda host: host.announce("Lunch!"))
        while AGAIN in harness.lagging:
            harness.read_backlog(AGAIN)
        assert harness.texts(AGAIN) == [*map(str, range(300)), "Lunch!"]

    @pytest.mark.parametrize(
        "name", ["Host", "HOST", "host\u200d", HOST_NAME, "ⓘ Host", "i host", "🛈 Host", "*HOST*"]
    )
    def test_no_member_can_have_the_name(self, harness: RoomHarness, name: str) -> None:
        """Not by joining and not by another name later."""
        assert clean_name(name) != HOST_NAME
        you = harness.join_admitted(NEW, name).you
        harness.rename(ANN, name)
        for taken in (you, harness.room.names()[0]):
            assert taken[-2:] in (" 2", " 3")

    def test_nothing_to_say(self, harness: RoomHarness) -> None:
        """Is told, and not said."""
        with pytest.raises(ModerationError, match="empty"):
            act(harness, lambda host: host.announce(" "))
        assert harness.take_received(ANN) == []


def test_who(harness: RoomHarness) -> None:
    """Everybody with a seat: from where, since when, and whether the connection stands."""
    harness.now_s += 60
    harness.peers[NEW] = Peer("198.51.100.7", 9, encrypted=False)
    harness.join_admitted(NEW, "Dora")
    harness.disconnect(ANN)
    harness.begin_batch()
    ann, _, _, dora = Moderation(harness.room).who()
    harness.end_batch()
    assert ann == MemberInfo("Ann", peer_at(ANN), WALL_CLOCK_S + 100, away=True)
    assert dora == MemberInfo("Dora", harness.peers[NEW], WALL_CLOCK_S + 160, away=False)


def test_somebody_who_comes_back_has_been_there_since(harness: RoomHarness) -> None:
    """A broken connection does not make a member a newcomer; its address is the new one."""
    session = harness.join_admitted(NEW, "Dora").session
    harness.now_s += 60
    harness.join_admitted(AGAIN, "Dora", session)
    harness.begin_batch()
    dora = Moderation(harness.room).who()[-1]
    harness.end_batch()
    assert (dora.joined_at_s, dora.peer) == (WALL_CLOCK_S + 100, peer_at(AGAIN))
