"""Tests of the index of words: a search never meets what others say in private."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Deleted, Edited, Entry, Message, Told
from messango.protocol.text.matching import search_words
from messango.room.history.file.check import open_read_only
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.reading.search_index import SearchIndex


class Indexed:
    """A history and its index."""

    def __init__(self, path: Path, history: SqliteHistory) -> None:
        self.path, self.history = path, history

    def add(self, *entries: Entry) -> None:
        self.history.append(entries)

    def find(self, words: str, viewer: str) -> Sequence[int]:
        """Return the numbers that the index has for a member, after it was brought up to date."""
        with (
            closing(open_read_only(self.path)) as database,
            closing(SearchIndex.open(self.path, database)) as index,
        ):
            index.update()
            return [*index.find_words(search_words(words), 99, viewer)]


@pytest.fixture
def indexed(tmp_path: Path) -> Iterator[Indexed]:
    path = tmp_path / "room.sqlite"
    with closing(SqliteHistory(path, 1.0)) as history:
        yield Indexed(path, history)


def say(seq: int, text: str) -> Message:
    return Message(seq, str(seq), "ann", 1.0, "Ann", text)


def tell(seq: int, text: str, to: str = "ben") -> Told:
    return Told(seq, str(seq), "ann", 1.0, "Ann", text, to=to, to_name=to.title())


@pytest.mark.parametrize("words", ["lun", "at", "午饭", "🎉"])
def test_private_messages_are_only_looked_at_for_the_two(indexed: Indexed, words: str) -> None:
    """Not even to leave them out afterwards: others could tell from the time how often a word is in them."""
    text = "lunch at 午饭 🎉"
    indexed.add(say(1, text), tell(2, text), tell(3, text, "cleo"), say(4, text), tell(5, "other words"))
    assert indexed.find(words, "dan") == [4, 1]
    assert indexed.find(words, "ben") == [4, 2, 1]
    assert indexed.find(words, "cleo") == [4, 3, 1]
    assert indexed.find(words, "ann") == [4, 3, 2, 1]
    for strange in ("", "an", 'a" OR "ann', "*", "audience"):
        assert indexed.find(words, strange) == [4, 1]


def test_private_messages_change(indexed: Indexed) -> None:
    """An edit moves the words, and a deletion removes them, for the two."""
    indexed.add(tell(1, "lunch"), tell(2, "lunch"), say(3, "lunch"))
    assert indexed.find("lunch", "ben") == [3, 2, 1]
    change = (1, "ann", "Ann", 1.0)
    indexed.add(Edited(4, "4", *change, "dinner"), Deleted(5, "5", 2, "ann", "Ann", 1.0))
    assert indexed.find("lunch", "ben") == [3]
    assert indexed.find("dinner", "ben") == [1]
    assert indexed.find("dinner", "cleo") == []


def test_the_members_names_are_not_words(indexed: Indexed) -> None:
    """A search for an id finds the texts with it."""
    indexed.add(tell(1, "lunch"), say(2, "ben"))
    assert indexed.find("ben", "ben") == [2]
    assert indexed.find("ann", "ann") == []
