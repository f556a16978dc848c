"""A host whose copy is not what the others have begins again from the stream."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.link.fold.link import LinkState
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Rename
from messango.room.host.host_events import (
    CommandDone,
    CommandFailed,
    MemberLeft,
    MemberRenamed,
    ServerWarning,
)
from messango.room.host.link_commands import Relink, ShowLink
from messango.room.host.link_report import LinkReport
from tests.room.batches import AGAIN, ANN, BEN, CLEO
from tests.room.host_commands import result_of
from tests.room.linked.hall import Hall, texts


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def test_both_hosts_read_of_a_fork(hall: Hall) -> None:
    """The one that finds it unlinks, until it is told to begin again."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.say(hall.east, ANN, "one")
    hall.spoil(hall.west)
    hall.say(hall.west, BEN, "two")
    hall.east.advance(3.0)
    hall.west.advance(3.0)
    for server in (hall.east, hall.west):
        assert [event for event in server.events if isinstance(event, ServerWarning)]
    report = result_of(hall.east, ShowLink())
    assert isinstance(report, LinkReport)
    assert (report.up, report.permanent) == (False, True)
    assert isinstance(result_of(hall.west, Relink()), CommandDone)
    assert isinstance(result_of(hall.east, Relink()), CommandDone)
    hall.stream.run()
    assert hall.east.last_frame(ANN, Closed).code == error_codes.TOO_SLOW
    hall.join(hall.east, AGAIN, "Ann", ann.session, since=0)
    hall.say(hall.east, AGAIN, "three")
    assert [text for *_, text in texts(hall.east, AGAIN)] == ["one", "two", "three"]


def test_the_old_copy_is_named_and_kept(hall: Hall) -> None:
    """And one whose stream can't be read now stays where it is: its members would have nothing."""
    hall.join(hall.west, BEN, "Ben")
    hall.say(hall.west, BEN, "one")
    hall.west.link.cut(LinkState(up=False, reason="The engine does not answer.", hint="Wait."))
    hall.stream.run()
    refused = result_of(hall.west, Relink())
    assert isinstance(refused, CommandFailed)
    assert "The engine does not answer. Wait." in refused.message
    assert [text for *_, text in texts(hall.west, BEN)] == ["one"]
    hall.west.link.restart()
    hall.stream.run()
    done = result_of(hall.west, Relink())
    assert isinstance(done, CommandDone)
    (old,) = hall.folder.glob("west.sqlite.*")
    assert str(old) in done.message


def test_what_the_host_reads(hall: Hall) -> None:
    """The servers with their members, this one first."""
    hall.join(hall.east, ANN, "Ann")
    report = result_of(hall.west, ShowLink())
    assert isinstance(report, LinkReport)
    assert report.up
    servers = [(server.name, server.members, server.own) for server in report.servers]
    assert servers == [("west", 0, True), ("east", 1, False)]


def test_what_was_long_ago_is_not_done_again(hall: Hall) -> None:
    """Members keep their seats, nobody is told or removed, and the host reads nothing of old times."""
    ann = hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.join(hall.east, CLEO, "Cleo")
    with hall.east._one_batch():
        hall.east.room.leave(CLEO, "left")
        hall.east.room.rename(ANN, Rename("Zoë"))
    hall.say(hall.east, ANN, "one")
    hall.west.clear_received()
    hall.east.events.clear()
    assert isinstance(result_of(hall.east, Relink()), CommandDone)
    hall.stream.run()
    assert hall.west.received[BEN] == []
    assert not [event for event in hall.east.events if isinstance(event, (MemberRenamed, MemberLeft))]
    again = hall.join(hall.east, AGAIN, "Zoë", ann.session, since=0)
    assert (again.you, again.member, {person.name for person in again.people}) == (
        "Zoë",
        ann.member,
        {"Zoë", "Ben"},
    )
    hall.say(hall.east, AGAIN, "two")
    assert [text for *_, text in texts(hall.east, AGAIN)] == ["one", "two"]
    assert hall.west.entries(BEN)[-1] == hall.east.entries(AGAIN)[-1]
