"""A folder of Messango that was copied: the server that was opened first says that it counts no more."""

from __future__ import annotations

from pathlib import Path

from messango.room.host.host_events import ServerWarning
from messango.room.host.link_commands import ShowLink
from messango.room.host.link_report import LinkReport
from messango.room.linked.follower import REPLACED
from tests.room.batches import ANN, BEN
from tests.room.host_commands import result_of
from tests.room.linked.hall import Hall, texts


def test_the_first_of_two_equal_servers_unlinks(tmp_path: Path) -> None:
    """Its host and its members are told; what they say does not vanish without a word."""
    hall = Hall(tmp_path)
    hall.join(hall.east, ANN, "Ann")
    copy_folder = tmp_path / "copy"
    copy_folder.mkdir()
    for path in tmp_path.glob("west.sqlite*"):
        (copy_folder / path.name).write_bytes(path.read_bytes())
    hall.folder = copy_folder
    copy = hall.open("west", life="2")
    hall.join(copy, BEN, "Ben")
    hall.say(copy, BEN, "one")
    hall.west.advance(3.0)
    report = result_of(hall.west, ShowLink())
    assert isinstance(report, LinkReport)
    assert (report.up, report.permanent, report.reason) == (False, True, REPLACED.reason)
    *_, warning = [event for event in hall.west.events if isinstance(event, ServerWarning)]
    assert REPLACED.hint in warning.reason
    assert not any(REPLACED.hint in event.reason for event in copy.events if isinstance(event, ServerWarning))
    assert [text for *_, text in texts(hall.east, ANN)] == ["one"]


def test_the_next_start_counts(tmp_path: Path) -> None:
    """The usual case: a life is over because the server was started again, which is no reason to unlink."""
    hall = Hall(tmp_path)
    hall.west.link.close()
    west = hall.open("west", life="2")
    hall.join(west, BEN, "Ben")
    hall.say(west, BEN, "one")
    assert [text for *_, text in texts(west, BEN)] == ["one"]
