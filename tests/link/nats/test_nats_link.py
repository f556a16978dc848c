"""Servers linked by a real engine: one order for all, in batches, and signs of life beside it."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from pathlib import Path

import pytest
from nats.aio.client import Client

from messango.link.fold.acts import Posted
from messango.link.fold.link import Alive, ForkFound, LinkState, MemberTyping, Note
from messango.link.nats.notes import MAX_NOTE_BYTES
from messango.link.nats.stream_reader import MAX_BATCH_ENTRIES, MAX_UNFOLDED_BYTES
from tests.support.engines import EngineKind, both_kinds
from tests.support.linked.nats_server import LINK, NatsServer, linked, with_client
from tests.support.linked.recorder import said

pytestmark = pytest.mark.engine


def test_all_servers_get_one_order(engine: NatsServer) -> None:
    """Each server's acts as it offered them, and everything in the same order everywhere."""
    with ExitStack() as stack:
        rooms = [stack.enter_context(linked(engine.link_file(), server)) for server in "abc"]
        for number in range(50):
            for recorder, link in rooms:
                link.offer([said("ann", f"{recorder.server}{number}")])
        for recorder, _ in rooms:
            recorder.wait_for_texts([f"{server}{number}" for server in "abc" for number in range(50)])
            recorder.wait_until_all_seen()
        first = rooms[0][0]
        assert all(recorder.raw == first.raw for recorder, _ in rooms)
        for server in "abc":
            assert [text for text in first.texts if text[0] == server] == [f"{server}{n}" for n in range(50)]


def test_what_is_offered_meanwhile_goes_out_together(engine: NatsServer) -> None:
    """While a round is under way the next one gathers: one entry for all of it."""
    with linked(engine.link_file(), "a") as (recorder, link):
        recorder.hold()
        link.offer([said("ann", "first")])
        recorder.wait_until(lambda room: bool(room.batches))
        for number in range(1_000):
            link.offer([said("ann", str(number))])
        recorder.release()
        recorder.wait_for_texts(["first", *map(str, range(1_000))])
        assert [len(entry.acts) for entry in recorder.entries] == [1, 1_000]


def test_an_entry_says_how_far_its_server_had_folded(engine: NatsServer) -> None:
    """The checkpoint of a round is the place at which it was packed."""
    with linked(engine.link_file(), "a") as (recorder, link):
        for text in ("one", "two"):
            link.offer([said("ann", text)])
            recorder.wait_for_text(text)
        assert [entry.at.stream for entry in recorder.entries] == [0, 1]


def test_a_server_that_comes_later_catches_up(engine: NatsServer) -> None:
    """It gets the whole stream in batches, and its link is up only then."""
    texts = [str(number) for number in range(2 * MAX_BATCH_ENTRIES)]
    with linked(engine.link_file(), "a") as (recorder, link):
        for text in texts:
            link.offer([said("ann", text)])
            recorder.wait_until_all_seen()
        with linked(engine.link_file(), "late", creates=False) as (late, _):
            late.wait_for_state(up=True)
            assert late.raw == recorder.raw
            assert max(late.batches) <= MAX_BATCH_ENTRIES


def test_a_slow_room_is_not_flooded(engine: NatsServer) -> None:
    """It gets only so much more than it has folded, and its link stays; then the rest."""
    large = "x" * 7_000
    rounds = 60
    with (
        linked(engine.link_file(), "a") as (recorder, link),
        linked(engine.link_file(), "b", creates=False) as (slow, _),
    ):
        slow.wait_for_state(up=True)
        slow.hold()
        for number in range(rounds):
            texts = [f"{number} {part} {large}" for part in range(65)]
            link.offer([said("ann", *texts)])
            recorder.wait_until_all_seen()
        assert sum(map(len, recorder.raw)) > 3 * MAX_UNFOLDED_BYTES
        assert slow.held_bytes < 2 * MAX_UNFOLDED_BYTES
        slow.release()
        slow.wait_until(lambda room: len(room.raw) == len(recorder.raw))
        assert slow.raw == recorder.raw
        assert [state.up for state in slow.states].count(True) == 1


def test_notes_go_beside_the_stream(engine: NatsServer) -> None:
    """The other servers get them, and signs of life by themselves; too long ones are lost."""
    with linked(engine.link_file(), "a") as (ann, link), linked(engine.link_file(), "b") as (bob, _):
        ann.wait_for_state(up=True)
        bob.wait_for_state(up=True)
        too_long = ForkFound("a", "b", "x" * MAX_NOTE_BYTES)
        notes: list[Note] = [
            MemberTyping("a", "ann"),
            too_long,
            MemberTyping("a", "ann", to="bob"),
            ForkFound("a", "b", "why"),
        ]
        for note in notes:
            link.notify(note)
        bob.wait_until(lambda room: notes[-1] in room.notes and Alive("a", ann.life) in room.notes)
        assert [note for note in bob.notes if not isinstance(note, Alive)] == [notes[0], *notes[2:]]
        ann.wait_until(lambda room: Alive("b", bob.life) in room.notes)
        assert all(note.server == "b" for note in ann.notes)
        assert ann.raw == []


def test_signs_of_life_go_on(engine: NatsServer) -> None:
    """A server says again and again that it is there."""
    with linked(engine.link_file(), "a") as (ann, _), linked(engine.link_file(), "b") as (bob, _):
        ann.wait_until(lambda room: room.notes.count(Alive("b", bob.life)) >= 3)


def test_states_are_told_once(engine: NatsServer) -> None:
    """A link that comes up says so, and acts change nothing about it."""
    with linked(engine.link_file(), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        states = list(recorder.states)
        for text in ("one", "two"):
            link.offer([said("ann", text)])
        recorder.wait_for_texts(["one", "two"])
        assert recorder.states == states
        assert states[-1] == LinkState(up=True)


@both_kinds
def test_a_server_that_starts_again_goes_on(kind: EngineKind, tmp_path: Path) -> None:
    """With another life and what it has stored, it gets only what is new."""
    with NatsServer(kind, tmp_path / "engine") as engine:
        with linked(engine.link_file(), "a") as (recorder, link):
            link.offer([said("ann", "one")])
            recorder.wait_for_texts(["one"])
        recorder.life = secrets.token_hex(8)
        with linked(engine.link_file(), "a", recorder, creates=False) as (recorder, link):
            link.offer([said("ann", "two")])
            recorder.wait_for_texts(["one", "two"])
        assert [entry.n for entry in recorder.entries] == [1, 1]
        assert isinstance(recorder.entries[0].acts[0], Posted)


def test_foreign_notes_are_ignored(engine: NatsServer) -> None:
    """What is no note, what is too long, and what another program says in this server's own name."""
    good = b'{"type":"alive","server":"b","life":"x"}'
    garbage = [
        b"",
        b"\xff",
        b"{}",
        b"[" * 5_000,
        b'{"type":"alive","server":"b","life":1}',
        good + b" " * 9_000,
    ]
    own = b'{"type":"alive","server":"a","life":"x"}'

    async def publish(client: Client) -> None:
        for data in [*garbage, own, good]:
            await client.publish(f"messango.{LINK}.notes", data)

    with linked(engine.link_file(), "a") as (ann, _):
        ann.wait_for_state(up=True)
        with_client(engine, publish)
        ann.wait_until(lambda room: bool(room.notes))
        assert ann.notes == [Alive("b", "x")]
        assert all(state.up for state in ann.states[-1:])


@both_kinds
def test_an_engine_without_space(kind: EngineKind, tmp_path: Path) -> None:
    """The link says why nothing is accepted; others' words still arrive, and the round waits."""
    with (
        NatsServer(kind, tmp_path / "engine", store_options="max_file_store: 1MB") as engine,
        linked(engine.link_file(), "a") as (recorder, link),
    ):
        for number in range(10):
            link.offer([said("ann", *(f"{number} {part} " + "x" * 7_000 for part in range(40)))])
        state = recorder.wait_for_reason("does not store what is said")
        assert "disk" in state.hint
        assert not state.permanent
        assert link.waiting_bytes > 0
        assert 0 < len(recorder.raw) < 10


@both_kinds
def test_an_engine_without_jetstream(kind: EngineKind, tmp_path: Path) -> None:
    """A NATS server that only passes messages on has no stream to offer."""
    with (
        NatsServer(kind, tmp_path / "engine", store_options="enabled: false") as engine,
        linked(engine.link_file(), "a") as (recorder, _),
    ):
        assert "JetStream" in recorder.wait_for_reason("does not offer JetStream").hint


@both_kinds
def test_an_engine_for_small_messages(kind: EngineKind, tmp_path: Path) -> None:
    """It could not take a full round, so it is said at the start."""
    with (
        NatsServer(kind, tmp_path / "engine", more="max_payload: 64KB") as engine,
        linked(engine.link_file(), "a") as (recorder, _),
    ):
        assert recorder.wait_for_reason("takes only messages of 6").permanent
