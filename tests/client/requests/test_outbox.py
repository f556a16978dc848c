"""Messages without a receipt: none is lost, and their order never changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from messango.client.requests.outbox import (
    WINDOW_CHARACTERS,
    WINDOW_MESSAGES,
    Outbox,
    OwnRequest,
    ShareOutcome,
)
from messango.protocol.frames import Delete, Edit, React, Say, Share, Tell
from messango.protocol.limits import MAX_ID_CHARACTERS


def next_texts(outbox: Outbox) -> list[str]:
    """Return the texts that may be sent now."""
    return [say.text for say in outbox.next_batch() if isinstance(say, Say)]


def add(outbox: Outbox, text: str) -> str:
    """Queue a message; return its id."""
    return outbox.add(Say(outbox.new_id(), text))


def test_ids_are_unique_and_fit_the_wire() -> None:
    """Even those of two clients in one session, one after the other."""
    ids = [add(outbox, "x") for outbox in (Outbox(), Outbox()) for _ in range(100)]
    assert len({*ids}) == 200
    assert max(map(len, ids)) <= MAX_ID_CHARACTERS


def test_each_message_is_sent_once() -> None:
    """In order."""
    outbox = Outbox()
    ids = [add(outbox, text) for text in "abc"]
    assert outbox.next_batch() == [Say(*each) for each in zip(ids, "abc", strict=True)]
    assert next_texts(outbox) == []
    assert len(outbox) == 3


def test_a_receipt_removes_its_message() -> None:
    """It is not sent again; a second receipt is ignored."""
    outbox = Outbox()
    first, _ = add(outbox, "a"), add(outbox, "b")
    outbox.next_batch()
    assert outbox.acknowledge(first) == Say(first, "a")
    assert outbox.acknowledge(first) is None
    assert outbox.acknowledge("not ours") is None
    outbox.requeue_all()
    assert next_texts(outbox) == ["b"]


def test_a_receipt_removes_a_requeued_message() -> None:
    """The room had accepted it before the connection broke."""
    outbox = Outbox()
    message_id = add(outbox, "a")
    outbox.next_batch()
    outbox.requeue_all()
    assert outbox.acknowledge(message_id) == Say(message_id, "a")
    assert next_texts(outbox) == []
    assert len(outbox) == 0


def test_requeued_messages_come_first() -> None:
    """Before those that were added meanwhile."""
    outbox = Outbox()
    for text in "abc":
        add(outbox, text)
    outbox.next_batch()
    add(outbox, "d")
    outbox.requeue_all()
    add(outbox, "e")
    assert next_texts(outbox) == [*"abcde"]


def test_no_more_messages_are_sent_than_the_window() -> None:
    """Receipts allow the next ones."""
    outbox = Outbox()
    ids = [add(outbox, "x") for _ in range(WINDOW_MESSAGES + 10)]
    assert len(outbox.next_batch()) == WINDOW_MESSAGES
    for message_id in ids[:3]:
        outbox.acknowledge(message_id)
    assert [say.id for say in outbox.next_batch()] == ids[WINDOW_MESSAGES : WINDOW_MESSAGES + 3]


def test_long_texts_fill_the_window_sooner() -> None:
    """But one message is always allowed, however long it is."""
    outbox = Outbox()
    long = "x" * (WINDOW_CHARACTERS + 1)
    first = add(outbox, long)
    add(outbox, "short")
    assert next_texts(outbox) == [long]
    outbox.acknowledge(first)
    assert next_texts(outbox) == ["short"]


def test_the_window_is_empty_after_a_break() -> None:
    """Messages sent before are counted again."""
    outbox = Outbox()
    for _ in range(WINDOW_MESSAGES):
        add(outbox, "x" * (WINDOW_CHARACTERS // WINDOW_MESSAGES))
    assert len(outbox.next_batch()) == WINDOW_MESSAGES
    outbox.requeue_all()
    assert len(outbox.next_batch()) == WINDOW_MESSAGES


def test_any_thread_may_add_messages() -> None:
    """Nothing is lost, and no id is used twice."""
    outbox = Outbox()
    start = threading.Barrier(4)
    ids: list[list[str]] = [[] for _ in range(4)]

    def add_messages(own: list[str]) -> None:
        start.wait()
        own.extend(add(outbox, "x") for _ in range(1_000))

    threads = [threading.Thread(target=add_messages, args=(own,)) for own in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message_id for own in ids for message_id in own}) == len(outbox) == 4_000


def test_all_kinds_wait_in_one_order() -> None:
    """Before and after a break; only texts count for the window."""
    outbox = Outbox()
    requests: list[OwnRequest] = [
        Say("1", "hi"),
        React("2", 5, "👍", True),
        Tell("3", "b", "psst"),
        Edit("4", 5, "new"),
        Delete("5", 5),
    ]
    for request in requests:
        assert outbox.add(request) == request.id
    assert outbox.next_batch() == requests
    assert outbox.acknowledge("2") == requests[1]
    outbox.requeue_all()
    assert outbox.next_batch() == [requests[0], *requests[2:]]


def test_requests_that_name_a_number() -> None:
    """They are taken out, whether sent or not; plain messages stay."""
    outbox = Outbox()
    outbox.add(Say("1", "hi"))
    outbox.add(Say("2", "answer", 5))
    outbox.next_batch()
    outbox.add(Delete("3", 5))
    outbox.add(Tell("4", "b", "psst"))
    assert outbox.take_numbered() == [Say("2", "answer", 5), Delete("3", 5)]
    outbox.requeue_all()
    assert outbox.next_batch() == [Say("1", "hi"), Tell("4", "b", "psst")]


@pytest.mark.parametrize("sent", [True, False])
def test_a_share_is_waited_for(*, sent: bool) -> None:
    """Until it is answered, the room has forgotten us, or the session has ended; the name stays known."""
    ends: list[tuple[Callable[[Outbox], object], ShareOutcome]] = [
        (lambda outbox: outbox.acknowledge("1"), ShareOutcome.ANSWERED),
        (Outbox.drop_shares, ShareOutcome.SESSION_LOST),
        (Outbox.close, ShareOutcome.CLOSED),
    ]
    for end, outcome in ends:
        outbox = Outbox()
        outbox.add(Say("0", "hi"))
        outbox.add_share(Share("1", "f1", "look"), "a.txt")
        if sent:
            outbox.next_batch()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(outbox.wait_for_share, "1")
            end(outbox)
            assert waiting.result(60) is outcome
        assert outbox.file_name("1") == "a.txt"
        assert outbox.file_name("0") == ""
        assert outbox.acknowledge("0") == Say("0", "hi")


def test_a_share_that_answers_a_lost_message_is_taken_out() -> None:
    """Who waits for it sees that it is answered: the session reports why."""
    outbox = Outbox()
    outbox.add_share(Share("1", "f1", "", 5), "a.txt")
    assert outbox.take_numbered() == [Share("1", "f1", "", 5)]
    assert outbox.wait_for_share("1") is ShareOutcome.ANSWERED
