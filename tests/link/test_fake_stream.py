"""The engine in memory keeps what real ones promise: one order, each round once, and it can be cut."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.link.fold.link import Alive
from tests.support.linked.fake_link import FakeLink
from tests.support.linked.fake_stream import FakeStream
from tests.support.linked.recorder import Recorder, said


def linked(stream: FakeStream, server: str) -> tuple[Recorder, FakeLink]:
    """Return a server's room and its link, which is started."""
    recorder = Recorder(server, f"life of {server}")
    link = stream.link(
        server,
        recorder.life,
        recorder.place,
        recorder.last_raw_digest,
        recorder.on_entries,
        recorder.on_state,
        recorder.on_note,
    )
    recorder.link = link
    link.start()
    return recorder, link


def test_what_one_offers_all_get() -> None:
    """In the stream's order, its own server too."""
    stream = FakeStream()
    ann, link = linked(stream, "a")
    bob, _ = linked(stream, "b")
    link.offer([said("ann", "one")])
    link.offer([said("ann", "two")])
    assert ann.texts == []
    stream.run()
    assert ann.texts == bob.texts == ["one", "two"]
    assert ann.raw == bob.raw == stream.entries
    assert link.waiting_bytes == 0


def test_a_cut_link_keeps_what_is_offered() -> None:
    """It goes out when the link is mended, once."""
    stream = FakeStream()
    ann, link = linked(stream, "a")
    bob, _ = linked(stream, "b")
    stream.run()
    ann.hold()
    link.offer([said("ann", "one")])
    stream.run()
    link.cut()
    link.offer([said("ann", "two")])
    stream.run()
    assert bob.texts == ["one"]
    ann.release()
    link.mend()
    stream.run()
    assert ann.texts == bob.texts == ["one", "two"]
    assert [state.up for state in ann.states] == [True, False, True]


def test_a_room_that_has_not_folded_everything_is_not_up() -> None:
    """A link that connects is up when its room has the stream as it was then."""
    stream = FakeStream()
    _, link = linked(stream, "a")
    link.offer([said("ann", "one")])
    stream.run()
    late, _ = linked(stream, "late")
    late.hold()
    stream.run()
    assert late.states == []
    late.release()
    stream.run()
    assert [state.up for state in late.states] == [True]


def test_a_repeated_entry_comes_twice() -> None:
    """An engine stores again what comes after its window; the fold has to know it."""
    stream = FakeStream()
    ann, link = linked(stream, "a")
    link.offer([said("ann", "one")])
    stream.run()
    stream.repeat(1)
    stream.run()
    assert len(ann.entries) == 2
    assert ann.texts == ["one"]


def test_a_stream_that_was_rolled_back_is_another_one() -> None:
    """The link of a server that had more says so, and stays down."""
    stream = FakeStream()
    ann, link = linked(stream, "a")
    for text in ("one", "two"):
        link.offer([said("ann", text)])
        stream.run()
    stream.roll_back(1)
    link.offer([said("ann", "three")])
    stream.run()
    assert ann.texts == ["one", "two"]
    assert ann.states[-1].permanent


def test_notes_reach_the_others_that_are_linked() -> None:
    """They go beside the stream, and not to their sender."""
    stream = FakeStream()
    ann, _ = linked(stream, "a")
    bob, link = linked(stream, "b")
    stream.run()
    link.cut()
    stream.heartbeat()
    stream.run()
    link.mend()
    stream.run()
    stream.heartbeat()
    stream.run()
    assert ann.notes == [Alive("b", "life of b")]
    assert bob.notes == [Alive("a", "life of a")]
    assert stream.entries == []


def test_a_thread_can_run_it() -> None:
    """Then nobody has to call `run`."""
    stream = FakeStream()
    ann, link = linked(stream, "a")
    with stream.running():
        link.offer([said("ann", "one")])
        ann.wait_for_texts(["one"])
        link.offer([said("ann", "two")])
        ann.wait_for_texts(["one", "two"])


@pytest.mark.parametrize("held", ["holds_rounds", "holds_entries"])
def test_one_direction_can_be_held(held: str) -> None:
    """What a server offers, or what it gets."""
    stream = FakeStream()
    ann, link = linked(stream, "a")
    bob, other = linked(stream, "b")
    setattr(link, held, True)
    link.offer([said("ann", "one")])
    other.offer([said("bob", "two")])
    stream.run()
    assert (ann.texts, bob.texts) == ((["two"], ["two"]) if held == "holds_rounds" else ([], ["one", "two"]))


@given(st.integers(0, 10_000))
def test_any_order_of_events_is_one_order_of_entries(seed: int) -> None:
    """With random choices the servers overtake each other, and agree."""
    stream = FakeStream(random.Random(seed).choice)  # noqa: S311 (no secret)
    rooms = [linked(stream, server) for server in "abc"]
    for recorder, link in rooms:
        for number in range(4):
            link.offer([said("ann", f"{recorder.server}{number}")])
    stream.run()
    first = rooms[0][0]
    assert all(recorder.raw == first.raw for recorder, _ in rooms)
    for server in "abc":
        assert [text for text in first.texts if text[0] == server] == [
            f"{server}{number}" for number in range(4)
        ]
