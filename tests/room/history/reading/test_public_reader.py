"""Reading and searching the history of an open or closed room."""

from __future__ import annotations

import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.errors import CorruptFile, RoomNotFound
from messango.protocol.frames import Message
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.reading import public_reader, search_index
from messango.room.history.reading.public_reader import HistoryReader, find_history
from messango.room.history.reading.search_index import SearchIndex

TEXTS = [
    "Lunch at noon?",
    "Über den Dächern",
    "the lunchbox is blue",
    "noon it is",
    'say "cheese" AND smile*',
    "明日の会議は三時です",
    "ภาษาไทยง่ายมาก",
    "C++ 50% 🧑‍🚀 :)",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the history is."""
    (tmp_path / "rooms").mkdir()
    return tmp_path / "rooms" / "1f.sqlite"


@pytest.fixture
def history(path: Path) -> Iterator[SqliteHistory]:
    """The history of a room that is open."""
    with closing(SqliteHistory(path, 1.0)) as made:
        made.set_fact("name", "Table 4")
        made.append([message(seq, text) for seq, text in enumerate(TEXTS, 1)])
        yield made


def message(seq: int, text: str) -> Message:
    """Return a message, a minute after the one before."""
    return Message(seq, f"{seq}", "ann", seq * 60.0, "Ann", text)


def texts(found: Iterator[Message]) -> list[str]:
    """Return what was said."""
    return [said.text for said in found]


@pytest.mark.usefixtures("history")
def test_reading_while_the_room_is_open(path: Path) -> None:
    """All messages, or those after a number or a time."""
    with HistoryReader(path) as reader:
        assert reader.room_name == "Table 4"
        assert texts(reader.messages()) == TEXTS
        assert texts(reader.messages(after_seq=3)) == TEXTS[3:]
        assert texts(reader.messages(after_time_s=120.0)) == TEXTS[1:]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lunch", [0, 2]),
        ("LUNCH noon", [0]),
        ("uber dach", [1]),
        ('"cheese"', [4]),
        ("AND", [4]),
        ("nothing-like-it", []),
        ('"', [4]),
        ("”cheese“", [4]),
        ("  ", []),
        ("box", [2]),
        ("it", [3]),
        ("会議", [5]),
        ("ไทย", [6]),
        ("c++", [7]),
        ("0%", [7]),
        (":)", [7]),
        ("🧑‍🚀 :", [7]),
        ("*", [4]),
    ],
)
@pytest.mark.usefixtures("history")
def test_search(path: Path, words: str, found: list[int]) -> None:
    """All words, wherever they stand, without case and accents; no query language."""
    with HistoryReader(path) as reader:
        assert texts(reader.search(words)) == [TEXTS[number] for number in found]


def test_the_index_is_updated(history: SqliteHistory, path: Path) -> None:
    """The next search finds new messages, and the limits apply there too."""
    with HistoryReader(path) as reader:
        assert len(texts(reader.search("lunch"))) == 2
        history.append([message(9, "lunch is over")])
        assert texts(reader.search("lunch"))[2:] == ["lunch is over"]
        assert texts(reader.search("lunch", after_seq=1)) == [TEXTS[2], "lunch is over"]
        assert texts(reader.search("lunch", after_time_s=200.0)) == ["lunch is over"]


def test_an_index_of_another_history_is_rebuilt(path: Path) -> None:
    """A replaced history is not searched with the old index."""
    for text in ("the first life", "the second life"):
        path.unlink(missing_ok=True)
        with closing(SqliteHistory(path, 1.0)) as history:
            history.append([Message(1, f"id of {text}", "ann", 0.0, "Ann", text)])
            with HistoryReader(path) as reader:
                assert texts(reader.search("life")) == [text]
                assert texts(reader.search("first")) == [text] * text.count("first")


@pytest.mark.usefixtures("history")
def test_search_without_an_index(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none can be written, every message is read."""

    def lacking(*_arguments: object) -> SearchIndex:
        raise sqlite3.OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(SearchIndex, "open", lacking)
    with HistoryReader(path) as reader:
        assert texts(reader.search("LUNCH noon")) == [TEXTS[0]]
        assert texts(reader.search("lunch", after_seq=1)) == [TEXTS[2]]
        assert texts(reader.search("会議")) == [TEXTS[5]]
        assert texts(reader.search(" ")) == []


@pytest.mark.parametrize("table", ["said (text)", "said (text), folded (seq)"])
@pytest.mark.usefixtures("history")
def test_an_index_of_an_earlier_version_is_replaced(path: Path, table: str) -> None:
    """Also one of which the folding was another."""
    with closing(sqlite3.connect(path.with_name("1f.sqlite-search"))) as index:
        for name in table.split(", "):
            index.execute(f"CREATE TABLE {name}")
        index.execute("CREATE TABLE place (seq INTEGER NOT NULL, id TEXT NOT NULL)")
        index.execute("INSERT INTO place VALUES (5, '5')")
        index.commit()
    with HistoryReader(path) as reader:
        assert texts(reader.search("lunch")) == [TEXTS[0], TEXTS[2]]


@pytest.mark.usefixtures("history")
def test_many_found_messages_are_read_in_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, none left out."""
    monkeypatch.setattr(public_reader, "VALUES_PER_QUERY", 2)
    with HistoryReader(path) as reader:
        assert texts(reader.search("i")) == [TEXTS[number] for number in (1, 2, 3, 4)][1:]


@pytest.mark.usefixtures("history")
def test_a_long_history_is_indexed_in_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every message is in the index."""
    monkeypatch.setattr(search_index, "STEP_ENTRIES", 1)
    with HistoryReader(path) as reader:
        assert texts(reader.search("noon")) == [TEXTS[0], TEXTS[3]]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
@pytest.mark.usefixtures("history")
def test_the_index_is_private(path: Path) -> None:
    """It contains the words of the messages."""
    with HistoryReader(path) as reader:
        texts(reader.search("lunch"))
    assert stat.S_IMODE(path.with_name("1f.sqlite-search").stat().st_mode) == 0o600


@pytest.mark.usefixtures("history")
def test_a_history_is_found_by_name_or_file(path: Path) -> None:
    """Names are compared as in a room."""
    assert find_history("TABLE 4") == path
    assert find_history(str(path)) == path


@pytest.mark.usefixtures("history")
def test_an_unknown_room() -> None:
    """The error names the rooms that have a history."""
    with pytest.raises(RoomNotFound) as caught:
        find_history("Table 5")
    assert "“Table 4”" in caught.value.hint


def test_a_history_with_values_of_other_types(history: SqliteHistory, path: Path) -> None:
    """SQLite stores them; the same error as from a server, not a message from 1970."""
    assert history.latest == len(TEXTS)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE message SET time = 'noon' WHERE seq = 1")
    with HistoryReader(path) as reader, pytest.raises(CorruptFile, match="message 1 in it has a value"):
        [*reader.messages()]
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE message SET name = CAST(x'ff' AS TEXT), time = 1.0")
    with HistoryReader(path) as reader, pytest.raises(CorruptFile, match="not all of it can be read"):
        [*reader.messages()]


def test_a_history_without_tables(history: SqliteHistory, path: Path) -> None:
    """The error names the one that is missing."""
    assert history.latest == len(TEXTS)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE fact")
    with pytest.raises(CorruptFile, match="its table “fact” is not"):
        HistoryReader(path)
    with pytest.raises(RoomNotFound):
        find_history("Table 4")


@pytest.mark.parametrize("content", [b"", b"a letter to grandmother" * 500])
def test_a_file_that_is_not_a_history(tmp_path: Path, content: bytes) -> None:
    """It is an error in a sentence."""
    path = tmp_path / "letter"
    path.write_bytes(content)
    with pytest.raises(CorruptFile, match="letter"):
        HistoryReader(path)
