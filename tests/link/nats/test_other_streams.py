"""A stream that is not the one that this server knows is never continued, and the host is told."""

from __future__ import annotations

import pytest
from nats.aio.client import Client

from messango.link.fold.link import LinkState
from tests.support.linked.nats_server import LINK, NatsServer, linked, with_client
from tests.support.linked.recorder import Recorder, said

pytestmark = pytest.mark.engine

STREAM = f"messango_{LINK}"


def post(engine: NatsServer, *texts: str, server: str = "a") -> Recorder:
    """Have these said in entries of their own by a server that ends then; return what it had."""
    with linked(engine.link_file(), server) as (recorder, link):
        recorder.wait_for_state(up=True)
        for text in texts:
            link.offer([said("ann", text)])
            recorder.wait_for_text(text)
    return recorder


def permanent_state(recorder: Recorder) -> LinkState:
    """Wait for the state that does not change by itself."""
    recorder.wait_until(lambda room: any(state.permanent for state in room.states))
    return recorder.states[-1]


def test_a_stream_that_was_rolled_back(engine: NatsServer) -> None:
    """An engine with an old copy of its data: nothing is published to it."""
    ann = post(engine, "one", "two")
    engine.kill()
    copy = engine.save_store()
    engine.start()
    with linked(engine.link_file(), "a", ann) as (_, link):
        link.offer([said("ann", "three")])
        ann.wait_for_text("three")
        engine.kill()
        engine.replace_store(copy)
        engine.start()
        link.offer([said("ann", "four")])
        state = permanent_state(ann)
        assert "older" in state.reason
        assert "host relink" in state.hint
    bob = post(engine, server="b")
    assert bob.texts == ["one", "two"]


def test_a_stream_that_went_another_way(engine: NatsServer) -> None:
    """As long as the known one, but the entry at the place is another."""
    ann = post(engine, "one", "two")
    engine.kill()
    engine.replace_store(None)
    engine.start()
    post(engine, "one", "other", "third", server="b")
    ann.states.clear()
    with linked(engine.link_file(), "a", ann) as (_, link):
        link.offer([said("ann", "three")])
        assert "another conversation" in permanent_state(ann).reason
        assert ann.texts == ["one", "two"]
        # As `host relink` does: what the stream has, from its beginning.
        ann.forget(0)
        link.restart()
        ann.wait_for_texts(["one", "other", "third", "three"])


def test_a_stream_that_is_gone(engine: NatsServer) -> None:
    """It is not replaced by an empty one, not even by the server that has created it. It may come back."""
    ann = post(engine, "one")
    engine.kill()
    copy = engine.save_store()
    engine.replace_store(None)
    engine.start()
    ann.states.clear()
    with linked(engine.link_file(), "a", ann):
        ann.wait_for_reason("lost the room")
        assert not any(state.up for state in ann.states)
        engine.kill()
        engine.replace_store(copy)
        engine.start()
        ann.wait_for_state(up=True)


def test_a_room_that_is_not_open_yet(engine: NatsServer) -> None:
    """A server that must not open it waits for the one that does."""
    with linked(engine.link_file(), "b", creates=False) as (bob, _):
        bob.wait_for_reason("not been opened yet")
        with linked(engine.link_file(), "a") as (ann, _):
            ann.wait_for_state(up=True)
            bob.wait_for_state(up=True)


def test_a_stream_with_a_hole(engine: NatsServer) -> None:
    """An entry that is not there any more is never passed over."""
    post(engine, "one", "two", "three")

    async def delete(client: Client) -> None:
        await client.jsm().delete_msg(STREAM, 2)

    with_client(engine, delete)
    with linked(engine.link_file(), "b") as (bob, _):
        bob.wait_for_reason("lost on the way")
        # Perhaps it comes only in the next life of the link.
        bob.wait_for_texts(["one"])
        assert not any(state.up for state in bob.states)


def test_a_stream_without_its_beginning(engine: NatsServer) -> None:
    """A new server can't have all of the room then; one that has it goes on."""
    ann = post(engine, "one", "two", "three")

    async def purge(client: Client) -> None:
        await client.jsm().purge_stream(STREAM, seq=3)

    with_client(engine, purge)
    with linked(engine.link_file(), "b") as (bob, _):
        assert "beginning" in permanent_state(bob).reason
    with linked(engine.link_file(), "a", ann) as (_, link):
        link.offer([said("ann", "four")])
        ann.wait_for_texts(["one", "two", "three", "four"])
