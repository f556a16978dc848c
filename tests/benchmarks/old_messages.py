"""A room that has kept very much: searches, older pages, and talk while the index is made. Our own server."""

from __future__ import annotations

import contextlib
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from messango.protocol.frames import Earlier, EarlierMessages, Entry, Found, Message, Say, Search, Told
from messango.protocol.limits import MAX_ANSWER_MESSAGES
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.reading.search_index import index_path
from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.processes import running_in
from tests.support.raw_client import RawClient

MESSAGES: Final = 1_000_000
SCROLLED: Final = 100_000

#: What is searched for, by what is difficult about it.
SEARCHES: Final = {
    "a word that is said once": "needle",
    "a word of every message": "the",
    "two letters": "th",
    "two words, never together": "even odd",
    "a script without spaces": "午饭",
    "one character of it": "饭",
    "a word that nobody says": "zzzzq",
    "a word that others say in private": "hush",
    "the same and a frequent one": "hush even",
}

_BATCH: Final = 10_000
_VOCABULARY: Final = 20_000
_TALK_EVERY_S: Final = 0.02


class _WithHistory(Messango):
    """Our server with TLS and a history that is there already."""

    def __init__(self, tree: Tree, history: Path) -> None:
        super().__init__(tree, tls=True, history=True)
        self._history = history

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        return [*super().command(port, folder, clients), "--history", str(self._history)]


def old_messages(
    tree: Tree,
    count: int = MESSAGES,
    scrolled: int = SCROLLED,
    searches: Mapping[str, str] = SEARCHES,
) -> dict[str, float]:
    """Return latencies of talk while the index is made, and times of searches and pages, in ms."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        history = Path(name) / "history.sqlite"
        _write(history, count)
        figures: dict[str, float] = {}
        with _room(tree, history) as client:
            begun_s = time.perf_counter()
            figures |= _talk_while_indexing(client, history, count)
            figures["the index is made, s"] = time.perf_counter() - begun_s
        for what, words in searches.items():
            # In a room that was just opened: the first time is the slow one.
            with _room(tree, history) as client:
                figures[f"search, {what}, ms"] = _search_ms(client, words)
        with _room(tree, history) as client:
            figures |= _scroll(client, scrolled)
        return figures


@contextlib.contextmanager
def _room(tree: Tree, history: Path) -> Iterator[RawClient]:
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as folder,
        running_in(Path(folder), _WithHistory(tree, history), 5) as server,
        RawClient(server.port) as client,
    ):
        client.join("Cleo")
        yield client


def _write(path: Path, count: int) -> None:
    """Write a history: each fourth message is private, between two others than the one who searches."""
    chance = random.Random(1)  # noqa: S311 (the same texts each time)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 9))) for _ in range(_VOCABULARY)]
    with contextlib.closing(SqliteHistory(path, 1.0)) as history:
        for start in range(0, count, _BATCH):
            numbers = range(start + 1, min(start + _BATCH, count) + 1)
            history.append([_message(number, words, chance) for number in numbers])


def _message(number: int, words: Sequence[str], chance: random.Random) -> Entry:
    said = [words[min(_VOCABULARY - 1, int(chance.expovariate(1 / 2_000)))] for _ in range(6)]
    text = f"{' '.join(said)} the {'even' if number % 4 == 1 else 'odd'}"
    if number % 4 == 0:
        private = (number, str(number), "ann", 1.0, "Ann", f"{text} hush")
        return Told(*private, to="ben", to_name="Ben")
    extra = "needle" if number == 1 else "明天一起去吃午饭吗" if number % 101 == 0 else ""
    return Message(number, str(number), "ann", 1.0, "Ann", f"{text} {extra}")


def _talk_while_indexing(client: RawClient, history: Path, count: int) -> dict[str, float]:
    """Talk until the index has all of it; return the latencies."""
    latencies_ms: list[float] = []
    while not _is_indexed(history, count):
        begun_s = time.perf_counter()
        say = Say(f"say {len(latencies_ms)}", "hello")
        client.send(say)
        while client.await_frame(Message).id != say.id:
            pass  # What the room had kept comes first.
        latencies_ms.append((time.perf_counter() - begun_s) * 1_000)
        client.skipped.clear()
        time.sleep(_TALK_EVERY_S)  # The pace of talk.
    percentiles = statistics.quantiles(latencies_ms, n=100)
    return {
        "talk while the index is made, median, ms": percentiles[49],
        "talk while the index is made, 99th percentile, ms": percentiles[98],
        "talk while the index is made, worst, ms": max(latencies_ms),
    }


def _is_indexed(history: Path, count: int) -> bool:
    with contextlib.suppress(sqlite3.Error):
        uri = f"{index_path(history).as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as index:
            query = "SELECT EXISTS (SELECT 1 FROM place WHERE seq >= ?)"
            return bool(index.execute(query, (count,)).fetchone()[0])
    return False


def _search_ms(client: RawClient, words: str) -> float:
    begun_s = time.perf_counter()
    client.send(Search("search", words))
    client.await_frame(Found)
    return (time.perf_counter() - begun_s) * 1_000


def _scroll(client: RawClient, count: int) -> dict[str, float]:
    """Ask for older messages page by page; the server's limit of ten pages a second is part of the total."""
    pages_ms: list[float] = []
    before, seen = 2**40, 0
    while seen < count:
        begun_s = time.perf_counter()
        client.send(Earlier(f"page {seen}", before, MAX_ANSWER_MESSAGES))
        answer = client.await_frame(EarlierMessages)
        pages_ms.append((time.perf_counter() - begun_s) * 1_000)
        seen += len(answer.messages)
        before = answer.messages[0].seq
        if not answer.more:
            break
    return {
        "page of older messages, median, ms": statistics.median(pages_ms),
        "page of older messages, worst, ms": max(pages_ms),
    }
