"""What breaks mends itself, with nothing lost and nothing twice: engines that die, links that stall."""

from __future__ import annotations

import pytest

from messango.link.fold.link import Alive, ForkFound, LinkState
from messango.link.nats import round_publisher
from tests.support.linked.nats_server import NatsServer, linked
from tests.support.linked.recorder import Recorder, said
from tests.support.proxy import Proxy

pytestmark = pytest.mark.engine


def test_an_engine_that_was_killed(engine: NatsServer) -> None:
    """The link is down while it is away, says so, and goes on when it is back."""
    with linked(engine.link_file(), "a") as (ann, link), linked(engine.link_file(), "b") as (bob, _):
        link.offer([said("ann", "one")])
        bob.wait_for_texts(["one"])
        engine.kill()
        down = ann.wait_for_state(up=False, since=len(ann.states))
        assert "engine" in down.reason
        assert down.hint
        assert not down.permanent
        link.offer([said("ann", "two")])
        states = len(ann.states)
        engine.start()
        ann.wait_for_state(up=True, since=states)
        for recorder in (ann, bob):
            recorder.wait_for_texts(["one", "two"])
        assert ann.raw == bob.raw


def test_an_engine_that_is_killed_again_and_again(engine: NatsServer) -> None:
    """Every text is there once, in its order, on both servers."""
    texts = [f"{round_number} {number}" for round_number in range(4) for number in range(100)]
    with linked(engine.link_file(), "a") as (ann, link), linked(engine.link_file(), "b") as (bob, _):
        ann.wait_for_state(up=True)
        for round_number in range(4):
            for text in texts[round_number * 100 : (round_number + 1) * 100]:
                link.offer([said("ann", text)])
            # Perhaps in the middle of it.
            ann.wait_for_text(f"{round_number} 0")
            engine.kill()
            engine.start()
        for recorder in (ann, bob):
            recorder.wait_until(lambda room: len(room.texts) >= len(texts))
            assert recorder.texts == texts
        assert ann.raw == bob.raw


def test_a_cut_connection(engine: NatsServer) -> None:
    """A connection that ends is noticed at once, and another one made."""
    with Proxy(engine.port) as proxy, linked(engine.link_file(proxy.port), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        states = len(recorder.states)
        proxy.cut()
        link.offer([said("ann", "one")])
        recorder.wait_for_state(up=True, since=states)
        recorder.wait_for_texts(["one"])


@pytest.mark.usefixtures("impatient")
def test_a_stalled_connection(engine: NatsServer) -> None:
    """A link over which nothing comes any more is noticed by its silence, and what waited goes out later."""
    with Proxy(engine.port) as proxy, linked(engine.link_file(proxy.port), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        states = len(recorder.states)
        proxy.drop_data()
        link.offer([said("ann", "one")])
        recorder.wait_until(
            lambda room: any("does not answer" in state.reason for state in room.states[states:])
        )
        assert recorder.texts == []
        proxy.resume()
        recorder.wait_for_state(up=True, since=len(recorder.states) - 1)
        recorder.wait_for_texts(["one"])


def test_a_lost_answer(engine: NatsServer) -> None:
    """A round that was stored, but whose confirmation was lost, is stored once and seen."""
    with (
        Proxy(engine.port) as proxy,
        linked(engine.link_file(), "b") as (other, _),
        linked(engine.link_file(proxy.port), "a") as (recorder, link),
    ):
        recorder.wait_for_state(up=True)
        proxy.drop_answers()
        link.offer([said("ann", "one")])
        other.wait_for_texts(["one"])
        proxy.cut()
        proxy.resume()
        recorder.wait_for_texts(["one"])
        recorder.wait_until_all_seen()
        link.offer([said("ann", "two")])
        other.wait_for_texts(["one", "two"])
        assert [entry.n for entry in other.entries] == [1, 2]


def test_a_server_that_died_between_sending_and_the_answer(engine: NatsServer) -> None:
    """Its next life begins with what the last one had in the stream, before it publishes anything."""
    recorder = Recorder("a", "first life")
    with linked(engine.link_file(), "a", recorder) as (_, link):
        recorder.hold()
        link.offer([said("ann", "one")])
        recorder.wait_until(lambda room: bool(room.batches))
    with linked(engine.link_file(), "b") as (other, _):
        other.wait_for_texts(["one"])
    again = Recorder("a", "second life")
    with linked(engine.link_file(), "a", again) as (_, link):
        link.offer([said("ann", "two")])
        again.wait_for_texts(["one", "two"])
        assert [entry.at.stream for entry in again.entries] == [0, 1]


def test_a_round_that_never_comes_back(engine: NatsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that confirms without storing is not believed: the link begins again."""
    monkeypatch.setattr(round_publisher, "NOT_SEEN_S", 0.5)
    with linked(engine.link_file(), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        # A program with the same life has been there, so the engine takes our first round for a repetition.
        with linked(engine.link_file(), "a", Recorder("a", recorder.life)) as (twin, twin_link):
            twin_link.offer([said("ann", "one")])
            twin.wait_for_texts(["one"])
        recorder.wait_for_texts(["one"])
        link.offer([said("ann", "two")])
        recorder.wait_for_reason("lost on the way")


def test_restart_begins_where_the_room_stands(engine: NatsServer) -> None:
    """A room that has lost what it had not stored gets it again."""
    with linked(engine.link_file(), "a") as (recorder, link):
        for text in ("one", "two"):
            link.offer([said("ann", text)])
            recorder.wait_for_text(text)
        recorder.forget(1)
        link.restart()
        recorder.wait_for_texts(["one", "two"])
        recorder.wait_until(lambda room: [state.up for state in room.states] == [True, False, True])


def test_a_link_that_rests(engine: NatsServer) -> None:
    """It stays down, however often it is told to, until it is restarted. Then it says that it is up."""
    with (
        linked(engine.link_file(), "a") as (ann, link),
        linked(engine.link_file(), "b") as (bob, other),
        linked(engine.link_file(), "c") as (third, _),
    ):
        ann.wait_for_state(up=True)
        link.rest()
        link.rest()
        states = len(ann.states)
        bob.notes.clear()
        # Longer than any pause between two attempts.
        bob.wait_until(lambda room: room.notes.count(Alive("c", third.life)) >= 3)
        other.offer([said("bob", "one")])
        bob.wait_for_texts(["one"])
        link.rest()
        assert ann.texts == []
        assert len(ann.states) == states
        link.restart()
        ann.wait_for_state(up=True, since=states)
        ann.wait_for_texts(["one"])


def test_last_notes_before_a_rest(engine: NatsServer) -> None:
    """The others are told why a server gives up, although its link ends in the same moment."""
    with linked(engine.link_file(), "a") as (ann, link), linked(engine.link_file(), "b") as (bob, _):
        bob.wait_for_state(up=True)
        for number in range(5):
            ann.wait_until(lambda room: room.states[-1:] == [LinkState(up=True)])
            ann.states.clear()
            fork = ForkFound("a", "b", str(number))
            link.notify(fork)
            link.rest()
            bob.wait_for_note(fork)
            link.restart()
