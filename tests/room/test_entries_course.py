"""Random courses of all requests over several members, broken connections, restarts and a full disk."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import (
    AnyMessage,
    Delete,
    Edit,
    Entry,
    Message,
    React,
    Reaction,
    Say,
    Spoken,
    Tell,
    Told,
    Welcome,
)
from messango.protocol.text.matching import search_words
from messango.room.history.fallback_history import FallbackHistory
from messango.room.history.file.check import open_read_only
from messango.room.history.file.sqlite_history import SqliteHistory
from messango.room.history.history import RETRY_S, History, MemoryHistory
from messango.room.history.reading.member_reading import HistoryReading
from messango.room.history.reading.public_reader import HistoryReader
from messango.room.history.reading.search_index import SearchIndex
from messango.room.request_check import EntryRequest
from tests.room.batches import RoomHarness
from tests.room.entry_model import NAMES, Client, Model

EMOJI = ("👍", "❤️", "🎉")
STEPS = 120


class Course:
    """A room with its members, the model of it, and what to do next by chance."""

    def __init__(self, seed: int, path: Path | None) -> None:
        self.random = random.Random(seed)  # noqa: S311 (a course that can be repeated)
        self.path = path
        self.model = Model()
        self.clients = [Client(name) for name in NAMES]
        self.sent: dict[str, list[EntryRequest]] = {name: [] for name in NAMES}
        self.requests: set[str] = set()
        self.connections = 0
        self.harness = RoomHarness(history=self._open())
        for client in self.clients:
            self.join(client)

    def _open(self) -> History:
        return MemoryHistory() if self.path is None else FallbackHistory(self.path, 1.0)

    def join(self, client: Client) -> None:
        """Join, or come back and get what was missed."""
        self.connections += 1
        connection_id = self.connections
        assert self.harness.join(connection_id, client.name, client.session, client.last_seq)
        client.welcomed(self.harness.last_frame(connection_id, Welcome), connection_id)
        self.settle()

    def settle(self) -> None:
        """Let everybody read what has come."""
        while self.harness.lagging:
            self.harness.read_backlog(next(iter(self.harness.lagging)))
        for client in self.clients:
            if client.connection_id is not None:
                client.take(self.harness.received[client.connection_id], self.requests)

    def disconnect(self, client: Client) -> None:
        if client.connection_id is not None:
            self.harness.disconnect(client.connection_id)
            self.harness.lagging.discard(client.connection_id)
            client.connection_id = None

    def restart(self) -> None:
        """Close the room, and open it again with its file."""
        for client in self.clients:
            self.disconnect(client)
        history, received = self.harness.history, self.harness.received
        history.close()
        now_s = self.harness.now_s
        self.harness = RoomHarness(history=self._open())
        self.harness.now_s, self.harness.received = now_s, received
        for client in self.clients:
            self.join(client)

    def step(self) -> None:
        """Some members ask for something, in one batch."""
        chance = self.random.random()
        client = self.random.choice(self.clients)
        if chance < 0.06:
            self.disconnect(client)
        elif chance < 0.08 and self.path is not None:
            self.restart()
        elif client.connection_id is None:
            self.join(client)
        else:
            self.harness.begin_batch()
            for _ in range(self.random.randint(1, 4)):
                self._request(self.random.choice([each for each in self.clients if each.connection_id]))
            self._end_batch()
            self.settle()

    def _end_batch(self) -> None:
        batch = self.harness.end_batch()
        entries = {
            frame.seq: frame
            for delivery in batch.deliveries
            for frame in delivery.frames
            if isinstance(frame, Entry) and frame.seq > self.model.latest
        }
        for seq in sorted(entries):
            self.model.apply(entries[seq])

    def _request(self, client: Client) -> None:
        assert client.connection_id is not None
        request = self._repeat_or_new(client)
        self.sent[client.name].append(request)
        self.requests.add(request.id)
        self.harness.room.post_entry(client.connection_id, request)

    def _repeat_or_new(self, client: Client) -> EntryRequest:
        chance, number = self.random.random(), len(self.requests)
        if chance < 0.1 and self.sent[client.name]:
            return self.random.choice(self.sent[client.name])
        request_id, seq = f"{client.name} {number}", self.random.randint(1, self.model.latest + 2)
        reply_to = seq if self.random.random() < 0.4 else None
        if chance < 0.35:
            return Say(request_id, f"word{number % 7} public{number}", reply_to)
        if chance < 0.55:
            other = self.random.choice(self.clients)
            return Tell(request_id, other.member, f"word{number % 7} secret{number}", reply_to)
        if chance < 0.75:
            return React(request_id, seq, self.random.choice(EMOJI), on=self.random.random() < 0.7)
        if chance < 0.9:
            return Edit(request_id, seq, f"word{number % 7} edited{number}")
        return Delete(request_id, seq)

    # What must hold.

    def check(self) -> None:
        """Everybody sees the same of what they may see, by each way of reading, and nothing else."""
        for client in self.clients:
            if client.connection_id is None:
                self.join(client)
        for client in self.clients:
            expected = self.model.seen_by(client.member)
            assert client.views() == expected
            self._check_newcomer(client)
            self._check_reading(client)
        self._check_secrets()

    def _check_newcomer(self, client: Client) -> None:
        """Who comes back without a number gets the newest messages in their present form."""
        self.connections += 1
        connection_id = self.connections
        assert self.harness.join(connection_id, client.name, client.session, None)
        frames = self.harness.received[connection_id]
        client.welcomed(self.harness.last_frame(connection_id, Welcome), connection_id)
        client.taken = len(frames)
        messages = [frame for frame in frames if isinstance(frame, AnyMessage)]
        assert self._views(client, messages) == dict([*self.model.seen_by(client.member).items()][-200:])

    def _check_reading(self, client: Client) -> None:
        """Paging leads to the beginning, and a search finds what has the word."""
        seen = self.model.seen_by(client.member)
        history = self.harness.history
        with HistoryReading(client.member, history.unsaved(), history.stored_at) as reading:
            found: list[Spoken] = []
            before, more = self.model.latest + 1, True
            while more:
                page, more = reading.before(before, 7)
                assert len(page) == 7 or not more
                found = [*page, *found]
                before = page[0].seq if page else 0
            assert self._views(client, found) == seen
            for word in ("word3", "edited"):
                hits, more = reading.search(search_words(word), self.model.latest + 1, 200)
                assert [hit.seq for hit in hits] == [seq for seq, view in seen.items() if word in view[2]]
                assert not more

    def _views(self, client: Client, messages: Sequence[Spoken]) -> dict[int, object]:
        names = {each.name: each.member for each in self.clients}
        found: dict[int, object] = {}
        for message in messages:
            reactions = {
                (reaction.emoji, names[name]) for reaction in message.reactions for name in reaction.names
            }
            assert all(_is_mine(each, client) == each.mine for each in message.reactions)
            quote = message.reply
            if quote is not None:
                quoted = self.model.messages[quote.seq]
                assert quoted.is_seen_by(client.member)
                assert quote.text == quoted.text
            receiver = message.to if isinstance(message, Told) else ""
            fields = (message.member, receiver, message.text, quote.seq if quote else 0)
            found[message.seq] = (*fields, message.edited, message.deleted, frozenset(reactions))
        return found

    def _check_secrets(self) -> None:
        """No frame has ever had a private text for a third member, nor does the host's command show one."""
        for client in self.clients:
            assert client.connection_id is not None
        secret = {seq for seq, message in self.model.messages.items() if message.receiver}
        for client in self.clients:
            seen = self.model.seen_by(client.member)
            assert {*client.messages} <= {*seen}
        if self.path is not None and self.harness.history.problem is None:
            with HistoryReader(self.path) as reader:
                for messages in ([*reader.messages()], [*reader.search("word3")]):
                    assert not secret & {message.seq for message in messages}
                    assert all(isinstance(message, Message) for message in messages)


def _is_mine(reaction: Reaction, client: Client) -> bool:
    return client.name in reaction.names


@pytest.mark.parametrize("seed", range(12))
def test_a_room_with_a_file(tmp_path: Path, seed: int) -> None:
    """Broken connections and restarts lose nothing, show nothing twice, and nothing private to others."""
    course = Course(seed, tmp_path / "room.sqlite")
    for step in range(STEPS):
        course.step()
        if step % 40 == 20:
            _index(course)
    course.check()
    _index(course)
    course.check()
    course.harness.history.close()


@pytest.mark.parametrize("seed", range(6))
def test_a_room_without_a_file(seed: int) -> None:
    """The same holds in memory."""
    course = Course(seed, None)
    for _ in range(STEPS):
        course.step()
    course.check()


@pytest.mark.parametrize("seed", range(8))
def test_a_room_whose_disk_is_full_for_a_while(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is only in memory reads the same, changes of stored messages included, and is stored later."""
    course = Course(seed, tmp_path / "room.sqlite")
    for _ in range(STEPS // 2):
        course.step()

    def fail(*_arguments: object, **_options: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SqliteHistory, "append", fail)
        course.harness.post_with_ids(course.connections, ("full", "now it is full"))
        course.model.apply(course.harness.history.last(1)[0])
        course.path = None
        for _ in range(STEPS // 2):
            course.step()
        course.check()
        assert _is_failing(course)
    course.harness.advance(RETRY_S + 1)
    assert not _is_failing(course)
    course.path = tmp_path / "room.sqlite"
    course.restart()
    course.check()
    course.harness.history.close()


def _is_failing(course: Course) -> bool:
    return course.harness.history.problem is not None


def _index(course: Course) -> None:
    assert course.path is not None
    with (
        closing(open_read_only(course.path)) as history,
        closing(SearchIndex.open(course.path, history)) as index,
    ):
        index.update()
