"""What was said and not yet accepted: nothing is forgotten, nothing changes its place."""

from __future__ import annotations

import threading

from messango.client.outbox import WINDOW_CHARACTERS, WINDOW_MESSAGES, Unsent
from messango.protocol.limits import MAX_ID_CHARACTERS


def texts(unsent: Unsent) -> list[str]:
    """Return what may go on its way now."""
    return [say.text for say in unsent.next_to_send()]


def test_ids_are_unique_and_fit_the_wire() -> None:
    """Also those of two clients of one session, one after the other."""
    ids = [unsent.add("x") for unsent in (Unsent(), Unsent()) for _ in range(100)]
    assert len({*ids}) == 200
    assert max(map(len, ids)) <= MAX_ID_CHARACTERS


def test_each_goes_on_its_way_once() -> None:
    """In the order in which it was said."""
    unsent = Unsent()
    ids = [unsent.add(text) for text in "abc"]
    assert [(say.id, say.text) for say in unsent.next_to_send()] == [*zip(ids, "abc", strict=True)]
    assert texts(unsent) == []
    assert len(unsent) == 3


def test_a_receipt_settles_one() -> None:
    """It is not sent again; a second receipt says nothing."""
    unsent = Unsent()
    first, _ = unsent.add("a"), unsent.add("b")
    unsent.next_to_send()
    assert unsent.settle(first) == "a"
    assert unsent.settle(first) is None
    assert unsent.settle("not ours") is None
    unsent.start_over()
    assert texts(unsent) == ["b"]


def test_a_receipt_for_one_that_waits_again_settles_it() -> None:
    """It came before the connection broke, and its copy is among what we missed."""
    unsent = Unsent()
    message_id = unsent.add("a")
    unsent.next_to_send()
    unsent.start_over()
    assert unsent.settle(message_id) == "a"
    assert texts(unsent) == []
    assert len(unsent) == 0


def test_after_a_break_all_without_a_receipt_come_first() -> None:
    """Before what was said meanwhile."""
    unsent = Unsent()
    for text in "abc":
        unsent.add(text)
    unsent.next_to_send()
    unsent.add("d")
    unsent.start_over()
    unsent.add("e")
    assert texts(unsent) == [*"abcde"]


def test_no_more_is_under_way_than_the_window() -> None:
    """Receipts let the next ones go."""
    unsent = Unsent()
    ids = [unsent.add("x") for _ in range(WINDOW_MESSAGES + 10)]
    assert len(unsent.next_to_send()) == WINDOW_MESSAGES
    for message_id in ids[:3]:
        unsent.settle(message_id)
    assert [say.id for say in unsent.next_to_send()] == ids[WINDOW_MESSAGES : WINDOW_MESSAGES + 3]


def test_long_texts_fill_the_window_sooner() -> None:
    """And one is always let through, however long."""
    unsent = Unsent()
    long = "x" * (WINDOW_CHARACTERS + 1)
    first = unsent.add(long)
    unsent.add("short")
    assert texts(unsent) == [long]
    unsent.settle(first)
    assert texts(unsent) == ["short"]


def test_the_window_is_whole_after_a_break() -> None:
    """What was under way is counted anew."""
    unsent = Unsent()
    for _ in range(WINDOW_MESSAGES):
        unsent.add("x" * (WINDOW_CHARACTERS // WINDOW_MESSAGES))
    assert len(unsent.next_to_send()) == WINDOW_MESSAGES
    unsent.start_over()
    assert len(unsent.next_to_send()) == WINDOW_MESSAGES


def test_any_thread_may_speak() -> None:
    """Nothing is lost, and no id comes twice."""
    unsent = Unsent()
    start = threading.Barrier(4)
    ids: list[list[str]] = [[] for _ in range(4)]

    def talk(own: list[str]) -> None:
        start.wait()
        own.extend(unsent.add("x") for _ in range(1_000))

    threads = [threading.Thread(target=talk, args=(own,)) for own in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message_id for own in ids for message_id in own}) == len(unsent) == 4_000
