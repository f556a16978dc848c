"""A replica is of one link: the conversation of another room is refused in words, and never mixed in."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from messango.errors import HistoryUnusable
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.history.file.replica_owner import NotOfThisLink
from tests.room.messages import make_messages

NOW_S = 1_700_000_000.0
LINK, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "hall.sqlite"


def talk_unlinked(path: Path, first: int, last: int) -> None:
    """Open a room by itself, and store some messages."""
    with closing(FallbackHistory(path, NOW_S)) as history:
        history.set_fact("name", "Hall")
        if first <= last:
            history.append(make_messages(first, last))


def fold(path: Path, first: int, last: int, *, link: str = LINK, is_base: bool = False) -> None:
    """Open a linked room, and store some messages of it."""
    with closing(ReplicaHistory(path, link, NOW_S, is_base=is_base)) as replica:
        replica.store(make_messages(first, last), {"place": f"{last}"})


def test_a_conversation_of_its_own_is_refused(path: Path) -> None:
    talk_unlinked(path, 1, 3)
    with pytest.raises(NotOfThisLink) as refused:
        ReplicaHistory(path, LINK, NOW_S)
    assert str(refused.value).startswith("“Hall” already has a conversation of its own on this computer")
    assert "choose another --name, or another file with --history FILE" in refused.value.hint
    assert isinstance(refused.value, HistoryUnusable)
    with closing(FallbackHistory(path, NOW_S)) as history:
        assert (history.latest, history.get_fact("link")) == (3, None)


def test_an_empty_room_becomes_a_replica(path: Path) -> None:
    talk_unlinked(path, 1, 0)
    fold(path, 1, 2)
    fold(path, 3, 4)


def test_another_link_is_refused(path: Path) -> None:
    fold(path, 1, 2)
    with pytest.raises(NotOfThisLink, match="belongs to another linked room"):
        ReplicaHistory(path, OTHER, NOW_S)
    fold(path, 3, 4)


def test_a_room_that_went_on_by_itself_is_refused(path: Path) -> None:
    """Its later messages are nowhere else, and their numbers are others' by now. Without one, it goes on."""
    fold(path, 1, 2)
    talk_unlinked(path, 1, 0)
    fold(path, 3, 3)
    talk_unlinked(path, 4, 4)
    with pytest.raises(NotOfThisLink, match="after message 3: the room went on without its link"):
        ReplicaHistory(path, LINK, NOW_S)


def test_the_first_room_is_what_the_linked_room_begins_with(path: Path) -> None:
    """What it has is not stored twice, in parts that may come again after a restart."""
    talk_unlinked(path, 1, 5)
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)) as replica:
        replica.store([], {"place": "1"})
        replica.store(make_messages(1, 2), {"place": "2"}, plain=True)
        replica.store(make_messages(1, 4), {"place": "3"})
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)) as replica:
        assert (replica.latest, replica.link_state()) == (5, {"place": "3"})
        replica.store(make_messages(5, 7), {"place": "4"}, plain=True)
        assert [each.seq for each in replica.since(0)] == [*range(1, 8)]
    with closing(ReplicaHistory(path, LINK, NOW_S)) as replica:
        assert (replica.latest, replica.link_state()) == (7, {"place": "4"})


@pytest.mark.parametrize("changed", [{"id": "x"}, {"member": "bob"}])
def test_a_first_room_with_other_messages_than_the_stream_is_refused(
    path: Path, changed: dict[str, str]
) -> None:
    """It went on after its beginning was written, or the stream began with another one."""
    talk_unlinked(path, 1, 5)
    first, second, third = make_messages(4, 6)
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)) as replica:
        with pytest.raises(NotOfThisLink, match="different messages number 5"):
            replica.store([first, replace(second, **changed), third], {"place": "1"}, plain=True)
        assert (replica.latest, replica.link_state()) == (5, {})


def test_a_first_room_that_talked_before_its_link_came_up(path: Path) -> None:
    """Nothing of it was in the stream, so it can still begin the room with all that it has."""
    talk_unlinked(path, 1, 2)
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)):
        pass
    talk_unlinked(path, 3, 3)
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)) as replica:
        assert replica.latest == 3


def test_the_first_room_of_a_new_link_may_have_been_linked_before(path: Path) -> None:
    """As after the loss of the stream: the new one begins with all of it, and without the old state."""
    fold(path, 1, 2)
    with closing(ReplicaHistory(path, OTHER, NOW_S, is_base=True)) as replica:
        assert (replica.latest, replica.link_state()) == (2, {})
    with pytest.raises(NotOfThisLink, match="belongs to another linked room"):
        ReplicaHistory(path, LINK, NOW_S)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be removed on Windows")
def test_while_it_is_open_a_file_of_another_room_is_refused_too(path: Path) -> None:
    """Also where it may begin the room: it has begun."""
    talk_unlinked(path.with_name("other"), 1, 2)
    with closing(ReplicaHistory(path, LINK, NOW_S, is_base=True)) as replica:
        replica.store(make_messages(1, 1), {"place": "1"})
        replica.set_aside("forked", NOW_S)
        path.with_name("other").replace(path)
        with pytest.raises(NotOfThisLink):
            replica.reopen(NOW_S)
        path.unlink()
        replica.reopen(NOW_S)
        assert replica.latest == 0
