"""The load runs its case, and its checker detects lost, duplicated, swapped and damaged messages."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks.build import compile_program, load_unavailable_reason
from tests.benchmarks.contestants import Contestant, Forwarder, Messango, Threaded
from tests.benchmarks.load import Case, Outcome, run_load
from tests.benchmarks.others import others
from tests.benchmarks.processes import RunningServer, running

pytestmark = [
    pytest.mark.program,
    pytest.mark.skipif(bool(load_unavailable_reason()), reason=load_unavailable_reason()),
]

#: One sender and one receiver, few messages: so errors can be counted one by one.
SMALL = Case("small", clients=2, senders=1, batches=False, seconds=0.02)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the load and the forwarder once."""
    folder = tmp_path_factory.mktemp("programs")
    compile_program("load", folder)
    compile_program("forward", folder)
    return folder


def test_a_forwarder_is_flawless(programs: Path) -> None:
    """With one sender nothing mixes, so every message arrives."""
    contestant = Forwarder(programs / "forward")
    with running(contestant, 2) as server:
        outcome = run_load(programs / "load", contestant, server, SMALL)
    assert outcome.fine > 0
    assert outcome.flawless
    assert outcome.one_order


@pytest.mark.parametrize("tls", [False, True])
def test_messango_is_flawless(programs: Path, *, tls: bool) -> None:
    """Several senders, batches, and everybody receives everything in one order."""
    contestant = Messango(tls=tls, history=True)
    case = Case("three", clients=3, senders=3, seconds=0.05)
    with running(contestant, case.clients) as server:
        outcome = run_load(programs / "load", contestant, server, case)
    assert outcome.fine > 0
    assert outcome.flawless
    assert outcome.one_order


@pytest.mark.parametrize("contestant", [Threaded(), *others()], ids=lambda contestant: contestant.name)
def test_the_others_pass_messages_on(programs: Path, contestant: Contestant) -> None:
    """Each uses its own protocol; servers that are not installed are skipped."""
    if reason := contestant.missing_reason():
        pytest.skip(reason)
    with running(contestant, 2) as server:
        outcome = run_load(programs / "load", contestant, server, SMALL)
    assert outcome.fine > 0
    assert outcome.flawless


def test_latency_is_measured_for_each_delivery(programs: Path) -> None:
    """At a steady rate, with as many messages as fit into the time."""
    contestant = Forwarder(programs / "forward")
    case = Case("steady", clients=2, senders=2, seconds=0.1, rate=100.0)
    with running(contestant, 2) as server:
        outcome = run_load(programs / "load", contestant, server, case)
    assert outcome.expected == 20
    assert 0 < outcome.p50_ms <= outcome.p99_ms <= outcome.max_ms


class CorruptingServer:
    """A server for two clients that damages the messages of the first. Owns its thread; a context manager."""

    def __init__(self, spoil: Callable[[list[bytes]], list[bytes]]) -> None:
        self._spoil = spoil
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.running = RunningServer(0, self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, name="spoiling-server")

    def __enter__(self) -> RunningServer:
        self._thread.start()
        return self.running

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        sockets = [self._listening.accept()[0], self._listening.accept()[0]]
        # The load sends nothing before both have joined, and the first to send is the sender.
        reader, other = _first_sender(sockets)
        sent = bytearray()
        while data := reader.recv(65_536):
            sent += data
            if sent.count(b"\n") >= 8:
                break
        lines = sent.splitlines(keepends=True)
        other.sendall(b"".join(self._spoil([*map(bytes, lines[:8])])))
        while reader.recv(65_536):
            pass
        for each in sockets:
            each.close()


class HoldingServer:
    """A server for two clients that answers when `held` messages came, and while nothing else comes.

    Owns its thread; a context manager.
    """

    def __init__(self, held: int, length: int) -> None:
        self._held, self._length = held, length
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.running = RunningServer(0, self._listening.getsockname()[1])
        #: The most messages that were there without an answer.
        self.most_held = 0
        self._thread = threading.Thread(target=self._serve, name="holding-server")

    def __enter__(self) -> HoldingServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        sockets = [self._listening.accept()[0], self._listening.accept()[0]]
        reader, other = _first_sender(sockets)
        held = bytearray()
        while data := reader.recv(65_536):
            held += data
            self.most_held = max(self.most_held, len(held) // self._length)
            # More than the sender may send would come at once; the last ones come when it has ended.
            if len(held) < self._held * self._length or select.select([reader], [], [], 0.005)[0]:
                continue
            other.sendall(held[: self._length])
            del held[: self._length]
            if not select.select([reader], [], [], 0.1)[0]:
                other.sendall(held)
                held.clear()
        for each in sockets:
            each.close()


def _first_sender(sockets: list[socket.socket]) -> tuple[socket.socket, socket.socket]:
    (speaker, *_), _, _ = select.select(sockets, [], [])
    return speaker, next(other for other in sockets if other is not speaker)


def _run_corrupted(programs: Path, spoil: Callable[[list[bytes]], list[bytes]]) -> Outcome:
    case = Case("spoilt", clients=2, senders=1, seconds=0.08, rate=100.0, patience_s=0.2)
    with CorruptingServer(spoil) as server:
        return run_load(programs / "load", Threaded(), server, case)


SPOILERS: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "lost": (lambda sent: sent[:3] + sent[4:], "missing"),
    "doubled": (lambda sent: [*sent[:4], sent[3], *sent[4:]], "twice"),
    "swapped": (lambda sent: [sent[1], sent[0], *sent[2:]], "disordered"),
    "another's end": (lambda sent: [sent[0][:60] + sent[1][60:], *sent[2:]], "damaged"),
    "a changed byte": (lambda sent: [sent[0].replace(b"abc", b"aXc"), *sent[1:]], "damaged"),
}


@pytest.mark.parametrize("how", SPOILERS)
def test_the_checker_counts_errors(programs: Path, how: str) -> None:
    """One error of each kind is counted as that kind."""
    spoil, kind = SPOILERS[how]
    outcome = _run_corrupted(programs, spoil)
    assert outcome.expected == 8
    assert getattr(outcome, kind) == 1
    assert not outcome.flawless


def test_the_checker_accepts_undamaged_messages(programs: Path) -> None:
    """The same server without an error: none is counted."""
    assert _run_corrupted(programs, lambda sent: sent).flawless


@pytest.mark.parametrize(("batches", "size"), [(True, 100), (False, 100), (True, 4_096)])
def test_no_more_is_under_way_than_the_case_says(programs: Path, size: int, *, batches: bool) -> None:
    """A sender sends on when its own receipts come back, one for one."""
    case = Case("held", 2, 1, size=size, under_way=3, batches=batches, seconds=0.5, patience_s=0.5)
    with HoldingServer(held=3, length=size + 1) as server:
        outcome = run_load(programs / "load", Threaded(), server.running, case)
    assert server.most_held == 3
    assert outcome.flawless
    assert outcome.fine > 3


def test_a_case_has_at_most_256_kb_under_way() -> None:
    """As many messages as that are, if the case names no number or a larger one."""
    assert Case("", 5, 5).window == 2_621
    assert Case("", 5, 5, under_way=8).window == 8
    assert Case("", 5, 5, size=4_096, under_way=512).window == 64


@pytest.mark.parametrize("tls", [False, True])
def test_a_visitor_joins_and_sees_a_message(programs: Path, *, tls: bool) -> None:
    """The welcome comes first; the members receive each message once."""
    contestant = Messango(tls=tls, history=True)
    case = Case("visits", clients=3, senders=1, seconds=0.0, visits=2)
    with running(contestant, case.clients) as server:
        outcome = run_load(programs / "load", contestant, server, case)
    assert 0 < outcome.welcome_ms < outcome.seen_ms
    assert outcome.expected == 2 * 3
    assert outcome.flawless
