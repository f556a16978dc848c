"""Two servers, one room: members, names, messages and everything else come from one stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Delete,
    Edit,
    Joined,
    Left,
    Message,
    Problem,
    React,
    Refused,
    Rename,
    Renamed,
    Tell,
    Told,
    Welcome,
)
from messango.room.host.host_command import Kick, ListMembers
from messango.room.host.host_events import MemberInfo, MemberLeft, MemberList
from tests.room.batches import AGAIN, ANN, BEN, CLEO
from tests.room.host_commands import result_of, run
from tests.room.linked.linked_rooms import LINK, LinkedHarness
from tests.support.linked.fake_stream import FakeStream


class Hall:
    """Servers `east` and `west` of one room, both linked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stream = FakeStream()
        self.east, self.west = self.open("east"), self.open("west")

    def open(self, name: str, life: str = "1") -> LinkedHarness:
        server = LinkedHarness(self.stream, name, self.folder, life=life)
        server.link.start()
        self.stream.run()
        return server

    def join(
        self,
        server: LinkedHarness,
        connection_id: int,
        name: str,
        session: str | None = None,
        since: int | None = None,
    ) -> Welcome:
        server.join(connection_id, name, session, since)
        self.stream.run()
        return server.last_frame(connection_id, Welcome)

    def say(self, server: LinkedHarness, connection_id: int, *texts: str) -> None:
        server.post(connection_id, *texts)
        self.stream.run()


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def texts(server: LinkedHarness, connection_id: int) -> list[tuple[int, str, str]]:
    return [
        (entry.seq, entry.name, entry.text)
        for entry in server.entries(connection_id)
        if isinstance(entry, Message)
    ]


def listed(server: LinkedHarness) -> tuple[MemberInfo, ...]:
    """Return the members as the host of this server sees them."""
    result = result_of(server, ListMembers())
    assert isinstance(result, MemberList)
    return result.members


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
    """Whoever is second in the order gets the number, also if both ask at once."""
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
    assert hall.east.last_frame(ANN, Closed).code == error_codes.REPLACED
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


def test_a_third_server_reads_where_a_member_goes_on(hall: Hall) -> None:
    """A rename to the same name, with the other server; nobody reads that they left or joined."""
    north = hall.open("north")
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(north, CLEO, "Cleo")
    hall.east.link.cut()
    hall.join(hall.west, AGAIN, "Ann", ann.session)
    moved = north.last_frame(CLEO, Renamed)
    assert (moved.name, moved.old, moved.server) == ("Ann", "Ann", "west")
    assert not [frame for frame in north.received[CLEO] if isinstance(frame, Left | Joined)]


def test_the_host_sees_who_is_at_other_servers_and_can_remove_them(hall: Hall) -> None:
    """They are not away, nobody here knows their address; who leaves there is their host's business."""
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    ben, ann = listed(hall.west)
    assert (ann.name, ann.server, ann.peer, ann.away) == ("Ann", "east", None, False)
    assert (ben.name, ben.server, ben.away) == ("Ben", "", False)
    assert run(hall.west, Kick("ann")) == "“Ann” was removed."
    hall.stream.run()
    assert hall.east.last_frame(ANN, Closed).code == error_codes.KICKED
    assert [member.name for member in listed(hall.west)] == ["Ben"]
    assert not [event for event in hall.west.events if isinstance(event, MemberLeft)]
    assert [event for event in hall.east.events if isinstance(event, MemberLeft)]
