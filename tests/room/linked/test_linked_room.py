"""Two servers, one room: members, names, messages and everything else come from one stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.link.fold.acts import AnyAct, Posted
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Delete,
    Edit,
    Joined,
    Left,
    Problem,
    React,
    Refused,
    Rename,
    Renamed,
    Tell,
    Told,
    Welcome,
)
from messango.room.history.file.replica_history import StorageFailed
from messango.room.history.history import StorageProblem
from messango.room.host.host_command import BanName, Kick
from tests.room.batches import AGAIN, ANN, BEN, CLEO
from tests.room.linked.hall import Hall, texts
from tests.room.linked.linked_rooms import LINK, LinkedHarness


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_both_read_everything_in_one_order(hall: Hall) -> None:
    """And with the same numbers."""
    ann = hall.join(hall.east, ANN, "Ann")
    ben = hall.join(hall.west, BEN, "Ben")
    assert [(person.name, person.server) for person in ben.people] == [("Ben", ""), ("Ann", "east")]
    assert hall.east.last_frame(ANN, Joined).server == "west"
    assert ann.room.link == ben.room.link == LINK
    assert {card.name for card in ben.servers} == {"east", "west"}
    hall.east.post(ANN, "one", "two")
    hall.west.post(BEN, "three")
    hall.stream.run()
    first, *_ = texts(hall.east, ANN)
    assert texts(hall.east, ANN) == texts(hall.west, BEN)
    assert [text for *_, text in texts(hall.east, ANN)] == ["one", "two", "three"]
    assert [seq - first[0] for seq, *_ in texts(hall.east, ANN)] == [0, 1, 2]


def test_a_name_is_taken_everywhere(hall: Hall) -> None:
    """The second in the order gets the number, also if both ask at once."""
    hall.east.join(ANN, "Ann")
    hall.west.join(BEN, "ann")
    hall.stream.run()
    you = {hall.east.last_frame(ANN, Welcome).you, hall.west.last_frame(BEN, Welcome).you}
    assert you in ({"Ann", "ann 2"}, {"Ann 2", "ann"})
    with hall.west._one_batch():
        hall.west.room.rename(BEN, Rename("Zoë"))
    hall.stream.run()
    assert hall.east.last_frame(ANN, Renamed).name == "Zoë"


def test_a_member_leaves(hall: Hall) -> None:
    """The others read it, and a newcomer does not see them."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    with hall.west._one_batch():
        hall.west.room.leave(BEN, "left")
    hall.stream.run()
    assert hall.east.last_frame(ANN, Left).name == "Ben"
    assert [person.name for person in hall.join(hall.west, CLEO, "Cleo").people] == ["Cleo", "Ann"]


def test_going_on_elsewhere(hall: Hall) -> None:
    """With the same session, name and place; nothing twice, nothing lost."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.say(hall.east, ANN, "one")
    seen = texts(hall.east, ANN)[-1][0]
    hall.east.link.cut()
    hall.say(hall.west, BEN, "two")
    again = hall.join(hall.west, AGAIN, "Ann", ann.session, since=seen)
    assert (again.you, again.member) == (ann.you, ann.member)
    assert [text for *_, text in texts(hall.west, AGAIN)] == ["two"]
    assert not [frame for frame in hall.west.received[BEN] if isinstance(frame, Left)]
    moved = hall.west.last_frame(BEN, Renamed)
    assert (moved.name, moved.old, moved.server) == ("Ann", "Ann", ""), "at our server now"
    hall.east.link.mend()
    hall.stream.run()
    assert hall.east.last_frame(ANN, Closed).code == error_codes.TOO_SLOW, "or she may have come back since"
    hall.say(hall.west, AGAIN, "three")
    assert [text for *_, text in texts(hall.west, BEN)][-1] == "three"


def test_rules_hold_across_servers(hall: Hall) -> None:
    """Reactions, edits, deletions and private messages."""
    ann, ben = hall.join(hall.east, ANN, "Ann"), hall.join(hall.west, BEN, "Ben")
    hall.say(hall.east, ANN, "one")
    seq = texts(hall.east, ANN)[-1][0]
    for request in (React("r", seq, "👍", on=True), Edit("e", seq, "mine"), Tell("t", ann.member, "psst")):
        hall.west.request(BEN, request)
        hall.stream.run()
    assert hall.west.last_frame(BEN, Problem).code == error_codes.NOT_YOURS
    assert hall.east.last_frame(ANN, Told).text == "psst"
    hall.east.request(ANN, Delete("d", seq))
    hall.stream.run()
    assert hall.west.received[BEN][-1] == hall.east.received[ANN][-1]
    assert ben.member in {person.id for person in hall.join(hall.east, CLEO, "Cleo").people}


def test_a_lock_holds_everywhere(hall: Hall) -> None:
    """For newcomers only."""
    with hall.east._one_batch():
        hall.east.room.set_locked(on=True)
    hall.stream.run()
    hall.west.join(BEN, "Ben")
    hall.stream.run()
    assert hall.west.last_frame(BEN, Refused).code == error_codes.LOCKED


def test_the_link_is_down(hall: Hall) -> None:
    """Nothing new is accepted; what is said waits, and is accepted when the link is back."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.east.link.cut()
    hall.say(hall.east, ANN, "one")
    hall.east.advance(3.0)
    assert hall.east.last_frame(ANN, Problem).code == error_codes.LINK_DOWN
    hall.east.join(CLEO, "Cleo")
    assert hall.east.last_frame(CLEO, Refused).code == error_codes.LINK_DOWN
    assert hall.east.join(AGAIN, "Ann", ann.session), "a returning seat works"
    assert texts(hall.west, BEN) == []
    hall.east.link.mend()
    hall.stream.run()
    hall.east.advance(0.1)
    assert (
        [text for *_, text in texts(hall.west, BEN)]
        == ["one"]
        == [text for *_, text in texts(hall.east, AGAIN)]
    )
    assert hall.east.last_frame(AGAIN, Problem).code == error_codes.LINK_UP


def test_what_was_said_before_is_answered_while_the_link_is_down(hall: Hall) -> None:
    """A client that has missed its receipt sends the message again."""
    hall.join(hall.east, ANN, "Ann")
    hall.say(hall.east, ANN, "one")
    hall.east.link.cut()
    hall.stream.run()
    hall.east.advance(3.0)
    hall.east.post(ANN, "one", "two")
    assert [text for *_, text in texts(hall.east, ANN)] == ["one", "one"]
    hall.east.link.mend()
    hall.stream.run()
    assert [text for *_, text in texts(hall.east, ANN)] == ["one", "one", "two"]


def test_the_acts_of_one_batch_go_together(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each call wakes the link's thread."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.east, BEN, "Ben")
    offered: list[list[AnyAct]] = []
    monkeypatch.setattr(hall.east.link, "offer", lambda acts: offered.append([*acts]))
    hall.east.begin_batch()
    hall.east.post(ANN, "one")
    hall.east.post(BEN, "two")
    hall.east.end_batch()
    hall.east.advance(0.1)
    assert [[type(act) for act in acts] for acts in offered] == [[Posted, Posted]]


def test_the_link_hears_of_each_stored_round_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after batches that have stored nothing of it."""
    hall.join(hall.east, ANN, "Ann")
    told: list[int] = []
    seen = hall.east.link.seen

    def see(n: int) -> None:
        told.append(n)
        seen(n)

    monkeypatch.setattr(hall.east.link, "seen", see)
    hall.say(hall.east, ANN, "one")
    hall.east.advance(0.1)
    hall.say(hall.east, ANN, "two")
    assert len(told) == 2
    assert told[1] == told[0] + 1


def test_a_silent_server_is_gone(hall: Hall) -> None:
    """After 15 s; when it is back, its members come again."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.east.link.cut()
    hall.stream.run()
    hall.west.advance(15.0)
    hall.stream.run()
    assert hall.west.last_frame(BEN, Left).name == "Ann"
    hall.east.link.mend()
    hall.stream.run()
    assert hall.west.received[BEN][-1] == Joined(
        "Ann", member=hall.east.last_frame(ANN, Welcome).member, server="east"
    )
    hall.say(hall.east, ANN, "back")
    assert [text for *_, text in texts(hall.west, BEN)] == ["back"]


def test_a_restarted_server(hall: Hall) -> None:
    """Its members return within their time, and nobody is told."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.east.link.close()
    hall.east.linked_room._history.close()
    east = hall.open("east", "2")
    again = hall.join(east, ANN, "Ann", ann.session, since=0)
    assert (again.you, again.member) == ("Ann", ann.member)
    assert not [frame for frame in hall.west.received[BEN] if isinstance(frame, Left)]
    hall.say(east, ANN, "one")
    assert [text for *_, text in texts(hall.west, BEN)] == ["one"]


def test_a_server_that_closes(hall: Hall) -> None:
    """Its members have left, and the room goes on."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.say(hall.east, ANN, "one")
    departed: list[bool] = []
    with hall.east._one_batch():
        hall.east.linked_room.depart(lambda: departed.append(True))
    hall.stream.run()
    assert departed == [True]
    assert hall.west.received[BEN][-1] == Left("Ann", "left", hall.east.last_frame(ANN, Welcome).member)


def test_a_kick_from_another_server(hall: Hall) -> None:
    """The member reads it, and their session can't return anywhere."""
    hall.join(hall.east, ANN, "Ann")
    ben = hall.join(hall.west, BEN, "Ben")
    hall.command(hall.east, Kick("Ben", "spam"))
    hall.stream.run()
    assert hall.west.last_frame(BEN, Closed).code == error_codes.KICKED
    assert hall.east.last_frame(ANN, Left).reason == error_codes.KICKED
    for server, connection in ((hall.east, CLEO), (hall.west, AGAIN)):
        server.join(connection, "Ben", ben.session)
        hall.stream.run()
        assert server.last_frame(connection, Refused).code == error_codes.BANNED


def test_a_ban_from_another_server(hall: Hall) -> None:
    """Each server removes its own members; the ban ends for all."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.command(hall.east, BanName("Ben", 60.0, "spam"))
    hall.stream.run()
    assert hall.west.last_frame(BEN, Closed).code == error_codes.BANNED
    hall.west.join(CLEO, "Ben")
    hall.stream.run()
    assert hall.west.last_frame(CLEO, Refused).code == error_codes.BANNED
    hall.west.advance(61.0)
    hall.stream.run()
    assert [*hall.east.room.admission.bans] == [] == [*hall.west.room.admission.bans]
    assert hall.join(hall.west, AGAIN, "Ben").you == "Ben"


def test_a_full_disk(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that is not stored is shown; it comes when the disk works again, once."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")

    def fail(*_args: object, **_options: object) -> None:
        raise StorageFailed(StorageProblem("The disk is full.", "Make room.", permanent=False))

    with monkeypatch.context() as patch:
        patch.setattr(hall.west.linked_room._history, "store", fail)
        hall.say(hall.east, ANN, "one")
        hall.west.advance(3.0)
        assert texts(hall.west, BEN) == []
        assert hall.west.last_frame(BEN, Problem).code == error_codes.LINK_DOWN
    hall.west.advance(5.0)
    hall.stream.run()
    hall.west.advance(0.1)
    assert [text for *_, text in texts(hall.west, BEN)] == ["one"]
    hall.say(hall.east, ANN, "two")
    assert texts(hall.west, BEN) == texts(hall.east, ANN)


def test_somebody_asks_while_a_server_opens(tmp_path: Path) -> None:
    """Before it is linked, and between its offer and its place in the stream."""
    hall = Hall(tmp_path)
    north = LinkedHarness(hall.stream, "north", tmp_path)
    north.join(ANN, "Ann")
    north.link.start()
    north.link.holds_rounds = True
    hall.stream.run()
    north.join(BEN, "Ben")
    north.link.holds_rounds = False
    hall.stream.run()
    assert {north.last_frame(who, Welcome).you for who in (ANN, BEN)} == {"Ann", "Ben"}


def test_a_name_that_was_given_away(hall: Hall) -> None:
    """Who was taken for gone gets a number if somebody else has the name by then, and everybody reads it."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.east.link.cut()
    hall.stream.run()
    hall.west.advance(15.0)
    hall.stream.run()
    hall.join(hall.west, CLEO, "Ann")
    hall.east.link.mend()
    hall.stream.run()
    assert hall.east.last_frame(ANN, Renamed).name == "Ann 2"
    joined = hall.west.last_frame(BEN, Joined)
    assert (joined.name, joined.member) == ("Ann 2", ann.member)


def test_a_history_that_cannot_be_read(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """What depends on it is answered with the reason."""
    hall.join(hall.east, ANN, "Ann")
    hall.say(hall.east, ANN, "one")

    def fail(*_args: object) -> None:
        raise StorageFailed(StorageProblem("The disk is broken.", "Mend it.", permanent=False))

    monkeypatch.setattr(hall.east.linked_room._history, "find", fail)
    hall.east.request(ANN, Edit("e", texts(hall.east, ANN)[-1][0], "two"))
    problem = hall.east.last_frame(ANN, Problem)
    assert (problem.code, problem.id) == (error_codes.LINK_DOWN, "e")


def test_a_guest_is_sent_away_while_the_link_is_down(hall: Hall) -> None:
    """At once; the other servers read it when they can."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.east.link.cut()
    hall.stream.run()
    member = hall.east.room.members.by_id(ann.member)
    assert member is not None
    with hall.east._one_batch():
        hall.east.room.dismiss(member, Closed(error_codes.NO_GUESTS, "No guests.", "Ask the host."))
    assert hall.east.last_frame(ANN, Closed).code == error_codes.NO_GUESTS
    assert not [frame for frame in hall.west.received[BEN] if isinstance(frame, Left)]
    hall.east.link.mend()
    hall.stream.run()
    assert hall.west.last_frame(BEN, Left).reason == error_codes.NO_GUESTS
