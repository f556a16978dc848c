"""The cost of an idle Messango and of its start: wake-ups, CPU, memory, time."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from messango.client.events import RoomJoined
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.transport.addresses import Address
from messango.transport.dialing.probe import probe
from tests.benchmarks.contestants import Messango, Tree
from tests.benchmarks.load import Case, run_load
from tests.benchmarks.processes import free_port, running, running_in

MEMBERS = 5
_MANY_MEMBERS = 505
_TIMEOUT_S = 60.0


def start_up(tree: Tree) -> dict[str, float]:
    """Return the ms of `--help` and of a server until it answers, also as multiples of their imports."""
    click_ms = _command_ms(tree, "-c", "import click")
    help_ms = _command_ms(tree, "-m", "messango", "--help")
    imports_ms = _command_ms(tree, "-c", "import cryptography, zeroconf, msgspec, click")
    server_ms = first_answer_ms(Advertising(tree))
    return {
        "import click, ms": click_ms,
        "messango --help, ms": help_ms,
        "the imports of a server, ms": imports_ms,
        "messango server until it answers, ms": server_ms,
        "help, times its import (goal: 3)": help_ms / click_ms,
        "server, times its imports (goal: 4)": server_ms / imports_ms,
    }


def _command_ms(tree: Tree, *arguments: str) -> float:
    environment, command = tree.environment(Path.home()), [sys.executable, *arguments]
    begun_s = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return (time.perf_counter() - begun_s) * 1_000


class Advertising(Messango):
    """Our server as people start it: with history, encrypted and announced (on loopback here)."""

    def __init__(self, tree: Tree, room: str = "Benchmark") -> None:
        super().__init__(tree, tls=True, history=True)
        self._room = room

    def command(self, port: int, folder: Path, clients: int) -> Sequence[str]:
        command = [word for word in super().command(port, folder, clients) if word != "--no-advertise"]
        return [*command, "--name", self._room]


def first_answer_ms(server: Messango) -> float:
    """Return the time until a server answers; its certificate exists from an earlier run."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        with running_in(Path(name), server, MEMBERS):
            pass
        return _second_start_ms(server, Path(name))


def _second_start_ms(server: Messango, folder: Path) -> float:
    port = free_port()
    begun_s = time.perf_counter()
    process = subprocess.Popen(
        server.command(port, folder, MEMBERS),
        env=server.environment(folder),
        stdout=subprocess.DEVNULL,
    )
    try:
        _await_listening(port)
        probe([Address("127.0.0.1", port)], timeout_s=_TIMEOUT_S)
        return (time.perf_counter() - begun_s) * 1_000
    finally:
        process.terminate()
        process.wait(_TIMEOUT_S)


def _await_listening(port: int) -> None:
    pause = threading.Event()
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), _TIMEOUT_S):
            return
        pause.wait(0.002)


def idle(tree: Tree, seconds: float, *, advertise: bool) -> dict[str, float]:
    """Return the cost of a server with five silent members: CPU, wake-ups, memory."""
    server = Advertising(tree) if advertise else Messango(tree, tls=True, history=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as home, running(server, MEMBERS) as room:
        with five_members(room.port, Path(home)):
            # At first the advertiser repeats its announcement, and the members have just joined.
            threading.Event().wait(5.0)
            (cost,) = idling([room.pid], seconds)
        kb = _resident_kb(room.pid)
    return {
        "CPU, % of a core (goal: 0.2)": cost.cpu_percent,
        "wake-ups a second (goal: 2)": cost.wakeups_per_s,
        "memory, MB (goal: 60)": kb / 1_000,
    }


@contextlib.contextmanager
def five_members(port: int, home: Path) -> Iterator[None]:
    """Let five members join, with the client that people use."""
    known = KnownRooms(home / "known.json")
    clients = [
        RoomClient([Address("127.0.0.1", port)], f"Member {number}", known_rooms=known)
        for number in range(MEMBERS)
    ]
    try:
        for client in clients:
            client.start()
            while not isinstance(client.events.get(timeout=_TIMEOUT_S), RoomJoined):
                pass
        yield
    finally:
        for client in clients:
            client.leave()
        for client in clients:
            client.join_thread(_TIMEOUT_S)


def cpu_s(pid: int) -> float:
    """Return the processor time of a process in seconds, exactly, also that of threads that have ended."""
    # Linux's name for this clock: see `clock_getcpuclockid`.
    return time.clock_gettime(~pid << 3 | 2)


def wakeups(pid: int) -> dict[str, int]:
    """Return how often each thread of a process has waited so far, by its id."""
    counts = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            status = (task / "status").read_text()
            counts[task.name] = int(status.partition("voluntary_ctxt_switches:")[2].split()[0])
    return counts


@dataclass(frozen=True)
class Idling:
    """The cost of a server while nobody speaks."""

    cpu_percent: float
    wakeups_per_s: float


def idling(pids: Sequence[int], seconds: float) -> list[Idling]:
    """Return the costs of some servers at the same time."""
    before = [(cpu_s(pid), wakeups(pid)) for pid in pids]
    threading.Event().wait(seconds)
    return [
        Idling(
            (cpu_s(pid) - cpu_before_s) / seconds * 100,
            sum(count - counts.get(thread, 0) for thread, count in wakeups(pid).items()) / seconds,
        )
        for pid, (cpu_before_s, counts) in zip(pids, before, strict=True)
    ]


def _resident_kb(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1_000


def memory(tree: Tree, load: Path, *, tls: bool) -> dict[str, float]:
    """Return the memory of a server with five members, and of each further one."""
    server, kb = Messango(tree, tls=tls, history=True), dict[int, int]()
    for members in (MEMBERS, _MANY_MEMBERS):
        with running(server, members) as room:
            # Some seconds later, when scrypt has released its 16 MB.
            kb[members] = run_load(load, server, room, Case("", members, 1, seconds=3.0, rate=1.0)).busy_kb
    return {
        "with five members, MB (goal: 60)": kb[MEMBERS] / 1_000,
        "each further one, KB (goal: 150)": (kb[_MANY_MEMBERS] - kb[MEMBERS]) / (_MANY_MEMBERS - MEMBERS),
    }
