"""What the host does with members: sends them out, keeps them out, locks the room, speaks to all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Left, Message, Problem, Refused
from messango.protocol.validation import HOST_MEMBER, HOST_NAME, clean_name
from messango.room.batch import WentOut
from messango.room.moderation import Hand, NotDone, Seated
from messango.room.remote_peer import Peer, network_of
from tests.room.batches import AGAIN, ANN, BEN, CLEO, WALL_CLOCK_S, Table, peer_of

NEW = 20


def do(table: Table, act: Callable[[Hand], str]) -> str:
    """Have the host do something in a round of its own; returns the answer."""
    table.begin()
    try:
        return act(Hand(table.room))
    finally:
        table.end()


def refusal(table: Table, link: int, name: str, session: str | None = None) -> Refused:
    """Return why somebody is not let in."""
    assert not table.join(link, name, session)
    return table.last(link, Refused)


class TestKick:
    """Out, and not back in as the same."""

    def test_who_hears_what(self, table: Table) -> None:
        """The member hears it with the reason, and that is the end; the others that it left, and why."""
        assert "“Ann” was sent out" in do(table, lambda hand: hand.kick("ann", " shouts\n too much "))
        (last_words,) = table.told(ANN)
        assert isinstance(last_words, Closed)
        assert last_words.code == error_codes.KICKED
        assert "“Table 4”: shouts too much." in last_words.reason
        assert last_words.hint
        assert ANN in table.ended
        assert table.told(BEN) == table.told(CLEO) == [Left("Ann", "sent out by the host: shouts too much")]
        assert isinstance(table.notices[-1], WentOut)
        assert table.room.names() == ["Ben", "Cleo"]

    def test_the_session_does_not_get_back_in(self) -> None:
        """Neither at once nor in another run of the room; but a newcomer does."""
        table = Table()
        session = table.enter(ANN, "Ann").session
        do(table, lambda hand: hand.kick("Ann"))
        assert refusal(table, AGAIN, "Ann", session).code == error_codes.BANNED
        again = Table(bans=table.room.door.bans)
        assert refusal(again, AGAIN, "Ann", session).code == error_codes.BANNED
        assert again.enter(NEW, "Ann").session != session

    def test_somebody_who_is_away(self) -> None:
        """A seat that is kept is given up, and the member finds out when it comes back."""
        table = Table()
        session = table.enter(ANN, "Ann").session
        table.lose(ANN)
        do(table, lambda hand: hand.kick("Ann"))
        assert table.room.names() == []
        assert "sent you out" in refusal(table, AGAIN, "Ann", session).reason

    @pytest.mark.parametrize("typed", ["JOSÉ 🥭 B", " josé 🥭 b ", "jose\u0301 🥭 b", "José", "j"])
    def test_a_name_as_people_type_it(self, table: Table, typed: str) -> None:
        """In any case, composed or not, with spaces and emoji, or as much of it as is needed."""
        table.enter(NEW, "José 🥭 B")
        assert "José 🥭 B" in do(table, lambda hand: hand.kick(typed))
        assert NEW in table.ended

    def test_a_whole_name_goes_before_a_beginning(self, table: Table) -> None:
        """Who is called exactly so is meant."""
        table.enter(NEW, "Annabel")
        do(table, lambda hand: hand.kick("ann"))
        assert table.room.names() == ["Ben", "Cleo", "Annabel"]

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("Bn", "Did you mean “Ben”"),
            ("Zoë", "In the room: Ann, Ben, Cleo, Clara"),
            ("Cl", "Type more"),
            ("", "Nobody"),
        ],
    )
    def test_a_name_that_fits_nobody_or_several(self, table: Table, typed: str, words: str) -> None:
        """Nobody is sent out, and a sentence helps on."""
        table.enter(NEW, "Clara")
        table.hush()
        with pytest.raises(NotDone, match=words):
            do(table, lambda hand: hand.kick(typed))
        assert not table.ended

    def test_nobody_is_there(self) -> None:
        """Then there is nobody to offer."""
        with pytest.raises(NotDone, match=r"Nobody here is called “Ann”\.$"):
            do(Table(), lambda hand: hand.kick("Ann"))


class TestBan:
    """Out, and kept out."""

    def test_by_name_with_address_and_session(self) -> None:
        """None of the three gets in again; somebody else does."""
        table = Table()
        session = table.enter(ANN, "Ann").session
        table.enter(BEN, "Ben")
        answer = do(table, lambda hand: hand.ban("ann", reason="spam"))
        assert "“Ann” (192.0.2.1) is banned. Sent out: Ann." in answer
        assert "spam" in table.last(ANN, Closed).reason
        assert table.last(BEN, Left).reason == "banned by the host: spam"
        assert refusal(table, 30, "ANN").code == error_codes.BANNED
        assert "spam" in table.last(30, Refused).reason
        assert refusal(table, 31, "Zoë", session).code == error_codes.BANNED
        table.peers[32] = Peer(peer_of(ANN).host, 9)
        assert refusal(table, 32, "Zoë").code == error_codes.BANNED
        assert table.join(33, "Zoë")

    def test_for_a_while(self, table: Table) -> None:
        """It says how long, and ends by the clock on the wall."""
        assert "banned for 10 minutes" in do(table, lambda hand: hand.ban("Ann", 600))
        assert "for 10 minutes" in table.last(ANN, Closed).reason
        table.wait(480.5)
        assert "for 120 seconds" in refusal(table, 30, "Ann").reason
        table.wait(119)
        assert "for 1 second." in refusal(table, 31, "Ann").reason
        table.wait(1)
        assert table.join(32, "Ann")

    def test_for_longer_than_anybody_waits(self, table: Table) -> None:
        """Is for good."""
        assert "“Ann” (192.0.2.1) is banned." in do(table, lambda hand: hand.ban("Ann", float("inf")))

    def test_one_on_the_hosts_own_machine(self) -> None:
        """Its address is the host's own too, so that is not kept out, and the host is told."""
        table = Table()
        table.peers[ANN] = Peer("127.0.0.1", 5, at="127.0.0.1")
        table.enter(ANN, "Ann")
        assert "this machine's own" in do(table, lambda hand: hand.ban("Ann"))
        table.peers[BEN] = Peer("127.0.0.1", 6, at="127.0.0.1")
        assert table.join(BEN, "Ben")
        refusal(table, 30, "Ann")

    def test_others_at_the_address_go_too(self, table: Table) -> None:
        """And the host is told who."""
        table.peers[NEW] = Peer(peer_of(ANN).host, 9)
        table.enter(NEW, "Anton")
        assert "Sent out: Ann, Anton." in do(table, lambda hand: hand.ban("ann"))

    def test_somebody_who_has_gone(self, table: Table) -> None:
        """Who has just left is still known by name, address and session."""
        table.part(ANN)
        assert "192.0.2.1" in do(table, lambda hand: hand.ban("Ann"))
        table.peers[30] = peer_of(ANN)
        assert refusal(table, 30, "Zoë").code == error_codes.BANNED

    def test_a_name_alone(self, table: Table) -> None:
        """Somebody who was never here is kept out by name; a slip of the finger is pointed out."""
        assert "the name alone" in do(table, lambda hand: hand.ban("Mallory"))
        assert refusal(table, 30, "mallory").code == error_codes.BANNED
        with pytest.raises(NotDone, match="Did you mean “Cleo”"):
            do(table, lambda hand: hand.ban("Cloe"))
        with pytest.raises(NotDone, match="needs a name"):
            do(table, lambda hand: hand.ban(" "))

    def test_a_member_can_not_take_the_name(self, table: Table) -> None:
        """A rename to a name that is kept out is answered by a problem."""
        do(table, lambda hand: hand.ban("Mallory"))
        table.rename(ANN, "MALLORY")
        assert table.last(ANN, Problem).code == error_codes.BAD_NAME
        assert table.room.names() == ["Ann", "Ben", "Cleo"]

    def test_a_network(self, table: Table) -> None:
        """Everybody there is sent out and kept out, whatever the name."""
        table.peers[NEW] = Peer("198.51.100.7", 9)
        table.enter(NEW, "Dora")
        answer = do(table, lambda hand: hand.ban_network(network_of("192.0.2.0/24"), 7_200, "all of you"))
        assert answer == "192.0.2.0/24 is banned for 2 hours. Sent out: Ann, Ben, Cleo."
        assert table.room.names() == ["Dora"]
        assert refusal(table, 30, "Zoë").code == error_codes.BANNED

    def test_a_newer_ban_takes_the_place_of_an_older_one(self, table: Table) -> None:
        """One line for a name, one for a network."""
        for seconds in (600, None):
            do(table, lambda hand, seconds=seconds: hand.ban("Mallory", seconds))  # type: ignore[misc]
            do(table, lambda hand, seconds=seconds: hand.ban_network(network_of("10.0.0.1"), seconds))  # type: ignore[misc]
        table.begin()
        assert [str(ban) for ban in Hand(table.room).bans()] == ["Mallory", "10.0.0.1"]
        assert {ban.until_s for ban in Hand(table.room).bans()} == {None}
        table.end()

    @pytest.mark.parametrize("target", ["ANN", "192.0.2.1", "192.0.2.1/32"])
    def test_lifted(self, table: Table, target: str) -> None:
        """By the name or by the address, and then the member comes back as itself."""
        do(table, lambda hand: hand.ban("Ann"))
        assert "No longer banned: Ann." in do(table, lambda hand: hand.unban(target))
        table.peers[30] = peer_of(ANN)
        assert table.join(30, "Ann")

    def test_what_is_not_banned_can_not_be_lifted(self, table: Table) -> None:
        """And what may have been meant is offered."""
        with pytest.raises(NotDone, match=r"“Ann” is not banned\.$"):
            do(table, lambda hand: hand.unban("Ann"))
        do(table, lambda hand: hand.ban("Ann"))
        with pytest.raises(NotDone, match="Did you mean “Ann”"):
            do(table, lambda hand: hand.unban("Anm"))


class TestLock:
    """Nobody new."""

    def test_newcomers_wait_outside(self, table: Table) -> None:
        """They read why, and everybody sees that it is locked; unlocked, they come in."""
        do(table, lambda hand: hand.lock())
        assert table.room.facts().locked
        refused = refusal(table, NEW, "Dora")
        assert refused.code == error_codes.FULL
        assert "nobody new" in refused.reason
        do(table, lambda hand: hand.unlock())
        assert not table.room.facts().locked
        assert table.join(NEW + 1, "Dora")

    def test_who_was_in_comes_back(self) -> None:
        """With a seat that is kept, and with a session whose seat was given up."""
        table = Table()
        ann, ben = table.enter(ANN, "Ann").session, table.enter(BEN, "Ben").session
        table.lose(ANN)
        table.part(BEN)
        do(table, lambda hand: hand.lock())
        assert table.enter(AGAIN, "Ann", ann).you == "Ann"
        assert table.enter(NEW, "Ben", ben).you == "Ben"

    def test_a_password_keeps_it_locked(self, table: Table) -> None:
        """A room that is locked for another reason stays so."""
        table.room.locked = True
        do(table, lambda hand: hand.unlock())
        assert table.room.facts().locked


class TestSay:
    """The host's own words."""

    def test_an_announcement_is_a_message(self, table: Table) -> None:
        """Stored and in order like every other, under a name of its own."""
        table.say(ANN, "before")
        do(table, lambda hand: hand.say(" Lunch!\x1b\n"))
        table.say(BEN, "after")
        heard = [frame for frame in table.heard[CLEO] if isinstance(frame, Message)]
        assert [(frame.seq, frame.name, frame.text) for frame in heard] == [
            (1, "Ann", "before"),
            (2, HOST_NAME, "Lunch!"),
            (3, "Ben", "after"),
        ]
        assert heard[1].member == HOST_MEMBER
        assert heard[1].id
        assert table.history.since(0) == heard

    def test_who_is_behind_gets_it_in_its_turn(self, table: Table) -> None:
        """Not before what it has missed."""
        welcome = table.enter(NEW, "Dora", since=0)
        table.part(NEW)
        for number in range(300):
            table.say(ANN, f"{number}")
        table.enter(AGAIN, "Dora", welcome.session, since=0)
        do(table, lambda hand: hand.say("Lunch!"))
        while AGAIN in table.catching_up:
            table.read_on(AGAIN)
        assert table.texts(AGAIN) == [*map(str, range(300)), "Lunch!"]

    @pytest.mark.parametrize(
        "name", ["Host", "HOST", "host\u200d", HOST_NAME, "ⓘ Host", "i host", "🛈 Host", "*HOST*"]
    )
    def test_no_member_can_have_the_name(self, table: Table, name: str) -> None:
        """Not by joining and not by another name later."""
        assert clean_name(name) != HOST_NAME
        you = table.enter(NEW, name).you
        table.rename(ANN, name)
        for taken in (you, table.room.names()[0]):
            assert taken[-2:] in (" 2", " 3")

    def test_nothing_to_say(self, table: Table) -> None:
        """Is told, and not said."""
        with pytest.raises(NotDone, match="empty"):
            do(table, lambda hand: hand.say(" "))
        assert table.told(ANN) == []


def test_who(table: Table) -> None:
    """Everybody with a seat: from where, since when, and whether the connection stands."""
    table.now_s += 60
    table.peers[NEW] = Peer("198.51.100.7", 9, encrypted=False)
    table.enter(NEW, "Dora")
    table.lose(ANN)
    table.begin()
    ann, _, _, dora = Hand(table.room).who()
    table.end()
    assert ann == Seated("Ann", peer_of(ANN), WALL_CLOCK_S + 100, away=True)
    assert dora == Seated("Dora", table.peers[NEW], WALL_CLOCK_S + 160, away=False)


def test_somebody_who_comes_back_has_been_there_since(table: Table) -> None:
    """A broken connection does not make a member a newcomer; its address is the new one."""
    session = table.enter(NEW, "Dora").session
    table.now_s += 60
    table.enter(AGAIN, "Dora", session)
    table.begin()
    dora = Hand(table.room).who()[-1]
    table.end()
    assert (dora.since_s, dora.peer) == (WALL_CLOCK_S + 100, peer_of(AGAIN))
