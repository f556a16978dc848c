"""A hostile server, met in a terminal and by a program that reads JSON."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pytest

from messango.client.trust.known_rooms import KnownRooms
from messango.protocol import error_codes
from messango.protocol.codec import encode_all
from messango.protocol.frames import Joined, Left, Refused
from messango.transport.connection import OutboxFull
from tests.hostile.floods import ALLOWED, FORBIDDEN, message
from tests.hostile.hostile_server import HostileServer, send_all, send_and_part, send_bytes, then_close
from tests.hostile.measure import Usage
from tests.hostile.server_cases import FORGED, FRAMES, NASTY, SHAPES, WELCOME, all_shapes, welcome_of
from tests.hostile.test_hostile_server import remembered, short
from tests.hostile.test_server_floods import LEAVES_WITHIN_S, MAX_GROWTH_MB, flooding
from tests.hostile.test_words import assert_harmless
from tests.support.raw_server import ROOM_INFO, RawPeer
from tests.support.samples import sampled
from tests.support.terminal import TerminalUser, run_in_terminal

pytestmark = pytest.mark.program

_TIMEOUT_S: Final = 60.0
_STALLED_AFTER_S: Final = 1.0

#: About a thousand lines.
_OUTPUT_BYTES: Final = 100_000

CTRL_D: Final = "\x04"

#: As much as a busy room may have, and a little less than the visitor would leave for.
_BUSY_FRAMES: Final = 150
_BUSY_PAUSE_S: Final = 0.1


#: Floods of which a program is told nothing of its own; test_server_floods.py has them, without a process.
_NOT_TOLD: Final = ("joined, and others left", "left", "problem with an id", "ping", "pong")


@contextmanager
def chatting(room: HostileServer) -> Iterator[TerminalUser]:
    """Visit the room in a terminal."""
    with run_in_terminal("chat", f"127.0.0.1:{room.port}", "--name", "ann") as person:
        yield person


@contextmanager
def listening(room: HostileServer) -> Iterator[subprocess.Popen[str]]:
    """Visit the room with a program."""
    command = [sys.executable, "-m", "messango", "chat", f"127.0.0.1:{room.port}", "--name", "ann", "--json"]
    pipe = subprocess.PIPE
    program = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")
    try:
        yield program
    finally:
        program.kill()
        program.communicate()


def events_of(written: str) -> list[str]:
    """Return the kinds of the events; fails if a line is no JSON, or would steer a terminal."""
    assert_harmless(written)
    return [str(json.loads(line)["event"]) for line in written.splitlines()]


def assert_leaves(person: TerminalUser) -> None:
    """Press Ctrl-D, and fail if it is not answered soon."""
    began_s = time.monotonic()
    person.send_keys(CTRL_D)
    assert person.read_to_exit() == 0
    assert time.monotonic() - began_s < LEAVES_WITHIN_S


@pytest.mark.parametrize(
    "kind", sampled(["joined", "joined and left", "renamed", "typing", "unknown kinds"], "joined")
)
def test_a_flood_ends_a_chat_with_one_sentence(kind: str) -> None:
    """A hundred thousand arrivals once froze it for good."""
    with flooding(FORBIDDEN[kind]) as room, chatting(room) as ann:
        assert ann.read_to_exit() == 1
        assert ann.screen_text.count("messango: The room ") == 1
        assert "Traceback" not in ann.screen_text


@pytest.mark.parametrize("kind", sampled([*ALLOWED, "problem"], "messages"))
def test_a_chat_is_left_while_a_flood_is_drawn(kind: str) -> None:
    """A flood that takes long to draw is read as slowly; memory stays bounded, and Ctrl-D is answered."""
    with flooding((ALLOWED | FORBIDDEN)[kind]) as room, chatting(room) as ann:
        ann.wait_for("You are in")
        before = Usage.of(ann.process.pid)
        ann.read_bytes(_OUTPUT_BYTES)
        assert Usage.of(ann.process.pid).resident_mb - before.resident_mb < MAX_GROWTH_MB
        assert_leaves(ann)


def test_a_chat_is_left_while_people_come_and_go() -> None:
    """As many as a room may have."""
    stopped = threading.Event()

    def script(peer: RawPeer) -> None:
        peer.welcome()
        number = 0
        taken = threading.Event()
        taken.set()
        # No more than the visitor has time for, however slow this computer is.
        while not stopped.wait(_BUSY_PAUSE_S) and taken.wait(_TIMEOUT_S):
            taken.clear()
            numbers = range(number, number := number + _BUSY_FRAMES // 2)
            send_bytes(
                peer,
                encode_all(
                    frame
                    for n in numbers
                    for frame in (Joined(f"guest {n}"), Left(f"guest {n - 500}", "left"))
                ),
            )
            peer.connection.call_when_flushed(taken.set)

    with HostileServer(script) as room, chatting(room) as ann:
        ann.wait_for("others joined")
        ann.send_keys("/help\r")
        ann.wait_for("complete commands")
        assert_leaves(ann)
        stopped.set()


@pytest.mark.parametrize("state", sampled(["no handshake", "no answer", "no goodbye"], "no goodbye"))
def test_a_chat_with_a_room_that_says_nothing_is_left(state: str) -> None:
    """At once, whatever it waits for."""

    def script(peer: RawPeer) -> None:
        if state == "no goodbye":
            peer.welcome()

    with HostileServer(script) as room:
        if state == "no handshake":
            room.pause()
        with chatting(room) as ann:
            ann.wait_for("You are in" if state == "no goodbye" else "connecting")
            assert_leaves(ann)
    assert remembered() == ([ROOM_INFO.id] if state == "no goodbye" else [])


def test_a_terminal_shows_values_of_every_shape_harmlessly() -> None:
    """None of them rings the bell, sets the title, or makes a line of its own."""
    data = welcome_of(NASTY) + encode_all(all_shapes())
    with HostileServer(send_and_part(data)) as room, chatting(room) as ann:
        ann.wait_for("the end")
        ann.send_keys("/who\r/room\r")
        ann.wait_for("Words ")
        assert_leaves(ann)
        for shape in SHAPES:
            assert_nothing_steers(ann, shape)


@pytest.mark.parametrize("shape", sampled(SHAPES[2:6], SHAPES[2]), ids=short)
def test_a_forged_refusal_is_one_line_in_a_terminal(shape: str) -> None:
    """With the status of a refusal."""
    refused = Refused(error_codes.FULL, f"a{shape}\nmessango: {FORGED}", f"b{shape}\nmessango: {FORGED}")
    with HostileServer(then_close(refused)) as room, chatting(room) as ann:
        assert ann.read_to_exit() == 4
        assert_nothing_steers(ann, shape)
    assert remembered() == []


def assert_nothing_steers(person: TerminalUser, shape: str) -> None:
    """Fail if the terminal was sent a sequence of the room's, or shows a line of its making."""
    written = person.read_bytes(0).decode()
    if "\x1b" in shape or "\x9b" in shape:
        assert shape not in written
    assert not any(sign in written for sign in ("\x07", "\x9b", "\u202e", "\u2066", "\u2028", "\x85"))
    assert not [line for line in person.screen_text.splitlines() if line.startswith(f"messango: {FORGED}")]
    assert "Traceback" not in person.screen_text


def test_forged_words_before_the_welcome_are_not_on_the_screen() -> None:
    """Nor is the room known afterwards."""
    forged = [FRAMES["host's message"], message(7, FORGED), Refused("not-joined", FORGED, FORGED)]
    with HostileServer(then_close(*forged)) as room, chatting(room) as ann:
        assert ann.read_to_exit() == 1
        assert FORGED not in ann.screen_text
    assert KnownRooms.load().all() == []


@pytest.mark.parametrize("kind", sampled([kind for kind in FORBIDDEN if kind not in _NOT_TOLD], "problem"))
def test_a_flood_ends_a_program_with_one_sentence(kind: str) -> None:
    """Each line is an event, and the last one is the end."""
    with flooding(FORBIDDEN[kind]) as room, listening(room) as program:
        # Its standard input stays open: it is the room that ends this.
        assert program.stdout
        assert program.stderr
        events = events_of(program.stdout.read())
        assert program.wait(_TIMEOUT_S) == 1
        assert (events[0], events[-1]) == ("entered", "ended")
        assert program.stderr.read().count("messango: ") == 1


@pytest.mark.parametrize(
    ("kind", "latest"),
    sampled([*((kind, 0) for kind in ALLOWED), ("messages", 2**63 - 1)], ("messages", 2**63 - 1)),
)
def test_a_program_leaves_at_the_end_of_its_input(kind: str, latest: int) -> None:
    """While the flood goes on, even if the room calls all of it history."""

    def script(peer: RawPeer) -> None:
        peer.welcome(latest=latest)
        send_all(peer, ALLOWED[kind]())

    with HostileServer(script) as room, listening(room) as program:
        assert program.stdout
        assert program.stdin
        assert '"entered"' in program.stdout.readline()
        program.stdin.close()
        program.stdin = None
        began_s = time.monotonic()
        for line in program.stdout:
            json.loads(line)
        assert program.wait(_TIMEOUT_S) == 0
        assert time.monotonic() - began_s < 2 * LEAVES_WITHIN_S


@pytest.mark.parametrize("kind", sampled(ALLOWED, "messages"))
def test_a_program_whose_output_nobody_reads_stays_small(kind: str) -> None:
    """The room is read no faster than the output."""
    stalled = threading.Event()

    def script(peer: RawPeer) -> None:
        peer.welcome()
        for piece in ALLOWED[kind]():
            taken = threading.Event()
            with suppress(OutboxFull):
                peer.connection.send(piece)
            peer.connection.call_when_flushed(taken.set)
            while not taken.wait(_STALLED_AFTER_S):
                stalled.set()

    with HostileServer(script) as room, listening(room) as program:
        assert program.stdout
        assert '"entered"' in program.stdout.readline()
        before = Usage.of(program.pid)
        assert stalled.wait(_TIMEOUT_S)
        assert Usage.of(program.pid).resident_mb - before.resident_mb < MAX_GROWTH_MB
        program.send_signal(signal.SIGINT)
        program.stdout.read()
        assert program.wait(_TIMEOUT_S) == 130


def test_json_of_values_of_every_shape() -> None:
    """Each event is one line of JSON."""
    data = welcome_of(NASTY) + encode_all(all_shapes())
    with HostileServer(send_and_part(data)) as room, listening(room) as program:
        assert program.stdout
        lines = []
        for line in program.stdout:
            lines.append(line)
            if "the end" in line:
                break
        assert events_of("".join(lines))[0] == "entered"


def test_a_program_is_told_of_a_welcome_out_of_place() -> None:
    """One event for the room that it was in, and the end."""
    with HostileServer(then_close(WELCOME, WELCOME)) as room, listening(room) as program:
        assert program.stdout
        assert events_of(program.stdout.read()) == ["entered", "ended"]
        assert program.wait(_TIMEOUT_S) == 1
