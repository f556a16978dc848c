"""What members and hosts learn about those at other servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Closed, Joined, Left, Renamed
from messango.room.host.host_command import Kick, ListMembers
from messango.room.host.host_events import MemberInfo, MemberLeft, MemberList
from tests.room.batches import AGAIN, ANN, BEN, CLEO
from tests.room.host_commands import result_of, run
from tests.room.linked.hall import Hall
from tests.room.linked.linked_rooms import LinkedHarness


@pytest.fixture
def hall(tmp_path: Path) -> Hall:
    return Hall(tmp_path)


def listed(server: LinkedHarness) -> tuple[MemberInfo, ...]:
    """Return the members as the host of this server sees them."""
    result = result_of(server, ListMembers())
    assert isinstance(result, MemberList)
    return result.members


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
