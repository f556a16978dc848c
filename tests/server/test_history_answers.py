"""Older messages and searches over a real connection: who sees what, how much, and how often."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol import error_codes
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.features import FEATURES, FILES
from messango.protocol.frames import (
    Delete,
    Earlier,
    EarlierMessages,
    Edit,
    Found,
    Message,
    Pong,
    Problem,
    Quote,
    React,
    Reacted,
    Reaction,
    Say,
    Search,
    Spoken,
    Tell,
    Told,
)
from messango.protocol.limits import MAX_FRAME_BYTES, SEARCH_BURST, SEARCH_RATE
from messango.protocol.limits import MAX_TEXT_CHARACTERS as MAX_TEXT
from messango.room.history.history import MemoryHistory
from messango.room.history.reading.search_index import index_path
from messango.server import search_indexer
from messango.server.history_answers import HistoryAnswers, newest_that_fit
from messango.server.search_indexer import SearchIndexer
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room


@pytest.fixture(params=["a file", "memory"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    options = ServerOptions("Tea", "127.0.0.1", 0, rate_limit=0, keep_history=request.param == "a file")
    with closing(Server(options)) as server:
        server.open()
        yield server


def say(client: RawClient, *texts: str) -> list[Message]:
    client.send(*(Say(text[:60], text) for text in texts))
    return [client.await_frame(Message) for _ in texts]


def test_earlier(server: Server) -> None:
    """Page by page to the beginning, each page in order."""
    with RawClient(server.port) as ann:
        assert ann.join("Ann").room.features == (*FEATURES, FILES)
        first, *rest = say(ann, *(f"text {number}" for number in range(10)))
        ann.send(Earlier("1", rest[-1].seq, 6))
        page = ann.await_frame(EarlierMessages)
        assert (page.id, [message.text for message in page.messages], page.more) == (
            "1",
            [f"text {number}" for number in range(3, 9)],
            True,
        )
        ann.send(Earlier("2", page.messages[0].seq, 6))
        page = ann.await_frame(EarlierMessages)
        assert ([message.text for message in page.messages], page.more) == (
            ["text 0", "text 1", "text 2"],
            False,
        )
        ann.send(Earlier("3", first.seq, 6))
        assert ann.await_frame(EarlierMessages) == EarlierMessages("3", [], more=False, latest=rest[-1].seq)


def test_older_messages_are_in_their_present_form(server: Server) -> None:
    """Edited, deleted, with reactions and quotes; private ones for the two only."""
    with RawClient(server.port) as ann, RawClient(server.port) as ben, RawClient(server.port) as cleo:
        ann.join("Ann")
        ben_id = ben.join("Ben").member
        cleo.join("Cleo")
        one, two = say(ann, "one", "two")
        ann.send(Edit("e", one.seq, "uno"), Delete("d", two.seq), Say("a", "three", reply_to=one.seq))
        ann.send(Tell("t", ben_id, "psst uno"), React("r", one.seq, "👍", on=True))
        last = ann.await_frame(Reacted)
        ben.send(Earlier("1", last.seq, 200))
        cleo.send(Earlier("1", last.seq, 200))
        seen, others = ben.await_frame(EarlierMessages), cleo.await_frame(EarlierMessages)
        edited, deleted, answer, told = seen.messages
        assert (edited.text, edited.edited, deleted.text, deleted.deleted) == ("uno", True, "", True)
        assert edited.reactions == (Reaction("👍", 1, mine=False, names=("Ann",)),)
        assert answer.reply == Quote(one.seq, "Ann", "uno")
        assert isinstance(told, Told)
        assert others.messages == seen.messages[:-1]
        for member, texts in ((ben, ["uno", "psst uno"]), (cleo, ["uno"])):
            member.send(Search("2", "UNO"))
            assert [message.text for message in member.await_frame(Found).messages] == texts


def test_search(server: Server) -> None:
    """All words, by their beginnings, in every script, before a number."""
    texts = [
        "Lunch at noon?",
        "Über den Dächern",
        "lunchbox",
        "会議は三時です",
        "점심 먹자",
        "ho 🎉",
        "noon lunch",
    ]
    with RawClient(server.port) as ann:
        ann.join("Ann")
        messages = say(ann, *texts)
        for words, found in (
            ("lunch", [0, 2, 6]),
            ("LUNCH noon", [0, 6]),
            ("uber dach", [1]),
            ("三時", [3]),
            ("점심", [4]),
            ("🎉", [5]),
            ("nothing", []),
        ):
            ann.send(Search("s", words))
            answer = ann.await_frame(Found)
            assert ([texts.index(message.text) for message in answer.messages], answer.more) == (found, False)
        ann.send(Search("s", "lunch", messages[2].seq))
        assert [message.text for message in ann.await_frame(Found).messages] == [texts[0]]


@pytest.mark.parametrize("words", ["", " ", "x" * 1000])
def test_a_search_that_can_find_nothing(server: Server, words: str) -> None:
    """The answer says why."""
    with RawClient(server.port) as ann:
        ann.join("Ann")
        ann.send(Search("s", words))
        problem = ann.await_frame(Problem)
        assert (problem.code, problem.id) == (error_codes.BAD_TEXT, "s")


def test_many_searches(server: Server) -> None:
    """More than two a second wait; nothing else of the room does."""
    with RawClient(server.port) as ann:
        ann.join("Ann")
        begin_s = time.monotonic()
        ann.send(*(Search(f"{number}", "word") for number in range(SEARCH_BURST + 2)))
        answers = [ann.await_frame(Found).id for _ in range(SEARCH_BURST + 2)]
        assert answers == [f"{number}" for number in range(SEARCH_BURST + 2)]
        assert time.monotonic() - begin_s >= 1.9 / SEARCH_RATE


def test_an_answer_fits_into_a_frame() -> None:
    """The newest that fit; one always does, however long it is."""
    worst = Message(
        2**53,
        "\x7f" * 64,
        "f" * 16,
        1e9 + 1 / 3,
        "🥭" * 32,
        "🥭" * MAX_TEXT,
        reply=Quote(2**53, "🥭" * 32, "🥭" * 120),
        edited=True,
        reactions=tuple(
            Reaction("👩" * 16, 10_000, mine=False, names=("🥭" * 32,) * 10) for _number in range(20)
        ),
    )
    assert newest_that_fit([worst, worst]) == [worst]
    short: list[Spoken] = [Message(seq, f"{seq}", "ann", 1.0, "Ann", "x" * 1000) for seq in range(200)]
    fitting = newest_that_fit(short)
    assert fitting == short[-len(fitting) :]
    for messages in ([worst], fitting):
        answer = EarlierMessages("\x7f" * 64, [*messages], more=True, latest=2**53)
        assert len(encode(answer)) <= MAX_FRAME_BYTES
    assert len(fitting) > (MAX_FRAME_BYTES - 3_000) / len(encode(short[-1]))


def test_the_index_follows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The thread adds what is said, and removes what is deleted, without a search."""
    updated, update = threading.Event(), SearchIndexer._update

    def update_and_tell(indexer: SearchIndexer) -> None:
        update(indexer)
        updated.set()

    monkeypatch.setattr(SearchIndexer, "_update", update_and_tell)
    monkeypatch.setattr(search_indexer, "_PAUSE_S", 0.01)
    options = ServerOptions("Tea", "127.0.0.1", 0, history=tmp_path / "tea.sqlite")
    server = Server(options)
    with closing(server):
        server.open()
        with RawClient(server.port) as ann:
            ann.join("Ann")
            (message,) = say(ann, "strawberry")
            _await_index(updated, tmp_path / "tea.sqlite", b"strawberry", is_there=True)
            ann.send(Delete("d", message.seq))
            _await_index(updated, tmp_path / "tea.sqlite", b"strawberry", is_there=False)


def _await_index(updated: threading.Event, history: Path, text: bytes, *, is_there: bool) -> None:
    index = index_path(history)
    while True:
        updated.clear()
        if index.exists() and (text in index.read_bytes()) is is_there:
            return
        assert updated.wait(60), f"the index {'lacks' if is_there else 'keeps'} {text!r}"


def test_a_member_without_the_right_frames_gets_problems() -> None:
    """A count over the limit is a wrong field."""
    with open_room() as server, RawClient(server.port) as ann:
        ann.join("Ann")
        ann.send_bytes(b'{"type":"earlier","id":"7","before":5,"count":201}\n{"type":"ping"}\n')
        problem = ann.await_frame(Problem)
        assert (problem.code, problem.id) == (error_codes.BAD_FRAME, "7")
        ann.await_frame(Pong)


def test_nobody_waits_for_a_closed_room() -> None:
    """The room drops what it is asked when it closes; the client's thread ends all the same."""
    called = threading.Event()
    answers = HistoryAnswers(MemoryHistory(), lambda _action: called.set())
    results: list[bytes] = []
    thread = threading.Thread(target=lambda: results.append(answers.answer(1, Earlier("7", 5, 5))))
    thread.start()
    called.wait()
    answers.close()
    thread.join()
    (problem,) = server_frame_decoder().decode(results[0])
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == (error_codes.FAULT, "7")
    assert answers.answer(1, Earlier("8", 5, 5))
    answers.close()
