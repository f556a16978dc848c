"""A room that continues a closed one has its messages, in their present form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Deleted, Edited, Message, Quote, Reacted, Reaction, Told
from messango.protocol.limits import MAX_SEQ
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.importing import import_messages
from messango.room.history.history import History, MemoryHistory
from messango.room.history.present import with_details

LIKED = (Reaction("👍", 3, mine=True, names=("Ann", "Ben")), Reaction("🎉", 1, mine=False, names=("Ann",)))


def message(seq: int, text: str = "hello", *, edited: bool = False, deleted: bool = False) -> Message:
    """Return a message of Ann's."""
    return Message(seq, f"{seq}", "ann", 1.0, "Ann", text, edited=edited, deleted=deleted)


@pytest.fixture(params=["memory", "file"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[History]:
    """Yield an empty history of both kinds."""
    if request.param == "memory":
        yield MemoryHistory()
        return
    with closing(FallbackHistory(tmp_path / "room.sqlite", 1000.0)) as opened:
        yield opened


def test_the_present_form(history: History) -> None:
    """Edited and deleted messages stay so, and answers quote what they answered."""
    messages = [
        message(3, "new", edited=True),
        Message(7, "b", "ben", 1.0, "Ben", "yes", reply=Quote(3, "Ann", "old")),
        message(9, "", deleted=True),
    ]
    import_messages(history, messages)
    assert [each.seq for each in history.since(3)] == [7, 9]
    first, second, third = with_details(history, history.last(3), "ben")
    assert (first.text, first.edited, third.deleted) == ("new", True, True)
    assert second.reply == Quote(3, "Ann", "new")


def test_reactions(history: History) -> None:
    """By name: those whose names we do not know are nobody, and none of them is ours."""
    import_messages(history, [Message(3, "3", "ann", 1.0, "Ann", "hello", reactions=LIKED)])
    assert history.latest == 6
    (held,) = with_details(history, history.last(1), "ann")
    assert [(each.emoji, each.count, each.mine, each.names) for each in held.reactions] == [
        ("👍", 2, False, ("Ann", "Ben")),
        ("🎉", 1, False, ("Ann",)),
    ]
    reactions = [each for each in history.since(3) if isinstance(each, Reacted)]
    assert len({each.member for each in reactions}) == 2


def test_a_second_time_only_what_has_changed_since(history: History) -> None:
    """A text that was deleted meanwhile is gone here too; the same reaction is not counted again."""
    before = [message(3, "one"), message(4, "two"), message(5, "three")]
    import_messages(history, before)
    after = [
        message(3, "", deleted=True),
        message(4, "two, better", edited=True),
        Message(5, "5", "ann", 1.0, "Ann", "three", reactions=LIKED),
    ]
    for _ in range(2):
        import_messages(history, after)
        assert [type(each) for each in history.since(5)] == [Deleted, Edited, Reacted, Reacted, Reacted]
    deleted, edited, liked = with_details(history, history.last(3), "ann")
    assert (deleted.text, deleted.deleted, edited.text, edited.edited) == ("", True, "two, better", True)
    assert [each.count for each in liked.reactions] == [2, 1]
    import_messages(history, before)
    assert history.last(3)[0].deleted


def test_a_quote_of_what_is_not_taken_over(history: History) -> None:
    """The number that a message answers is another message's here, perhaps a private one's."""
    history.append([Told(10, "p", "ann", 1.0, "Ann", "secret", to="ben", to_name="Ben")])
    answer = Message(300, "a", "cleo", 1.0, "Cleo", "yes", reply=Quote(10, "Dan", "Tea?"))
    import_messages(history, [answer])
    assert [each.reply for each in with_details(history, history.last(9, "dan"), "dan")] == [None]


def test_numbers_too_high_to_go_on(history: History) -> None:
    """A room that we do not trust may use up the numbers: the new one goes on with its own."""
    high = Message(MAX_SEQ - 1, "a", "ann", 1.0, "Ann", "one")
    answer = Message(MAX_SEQ, "b", "ben", 1.0, "Ben", "two", reply=Quote(MAX_SEQ - 1, "Ann", "one"))
    import_messages(history, [message(3), high, answer])
    assert [each.seq for each in history.since(0)] == [3, 4, 5]
    assert with_details(history, history.last(1), "ben")[0].reply == Quote(4, "Ann", "one")
    history.append([message(6)])
    assert history.latest == 6
