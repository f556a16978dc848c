"""Connects in hostile ways while five members send: `python -m tests.hostile.storm --connections 100000`.

The room is a process of its own. With `--web` it admits guests: two of the five members talk by browser, over
a WebSocket and over an event stream, and browsers are hostile too. Ends with status 1 if a message was not
delivered, a new member waited for a second or more, or the server kept threads, descriptors or memory.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import random
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

from messango.protocol.frames import Leave, Share
from tests.hostile.actors import MemberGroup
from tests.hostile.browser_peers import browser_kinds
from tests.hostile.measure import Usage
from tests.hostile.peers import KINDS, HostilePeer, address_of
from tests.lan.lan import ROOT, messango
from tests.lan.process import Process
from tests.support.file_client import put_file
from tests.support.raw_client import RawClient

#: This many hostile connections are open at the same moment, as far as the server allows.
_MAX_OPEN: Final = 500
_WORKERS: Final = 24
_SETTLE_TIMEOUT_S: Final = 30.0
_MEMORY_MB: Final = 10.0
_JOIN_S: Final = 1.0
#: Memory is compared with its value after this part, because the first flood grows the allocator's pools.
_WARMUP_SHARE: Final = 0.2

#: The members talk alone for so long, for comparison.
_CALM_S: Final = 3.0

#: Larger than what the buffers of the system take.
_FILE_BYTES: Final = 20_000_000


@dataclass(slots=True)
class Result:
    """The result of a run; times in seconds, memory in MB."""

    connections: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    joins_s: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    before: Usage = field(default_factory=Usage)
    after: Usage = field(default_factory=Usage)
    log_lines: int = 0
    took_s: float = 0.0
    #: For each way to talk, the seconds from sending a message to its receipt: without the storm, and in it.
    calm_s: dict[str, list[float]] = field(default_factory=dict)
    storm_s: dict[str, list[float]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        kept = self.after.descriptors > self.before.descriptors or self.after.threads > self.before.threads
        grown = self.after.resident_mb - self.before.resident_mb >= _MEMORY_MB
        slow = not self.joins_s or max(self.joins_s) >= _JOIN_S
        return not (kept or grown or slow or self.problems)

    def __str__(self) -> str:
        slowest, middle = (
            max(self.joins_s, default=0.0),
            sorted(self.joins_s or [0.0])[len(self.joins_s) // 2],
        )
        return (
            f"{sum(self.connections.values()):,} hostile connections in {self.took_s:.0f} s; "
            f"{self.messages:,} messages, each to 5; {len(self.joins_s)} joins, "
            f"middle {middle * 1_000:.0f} ms, slowest {slowest * 1_000:.0f} ms; "
            f"{self.before} before, {self.after} after; {self.log_lines} lines in the log\n{self._delays}"
        )

    @property
    def _delays(self) -> str:
        """Say how long messages took on each way."""
        return "\n".join(
            f"{way}: {_quantiles_ms(calm_s)} without the storm, {_quantiles_ms(self.storm_s[way])} in it"
            for way, calm_s in self.calm_s.items()
        )


def _quantiles_ms(delays_s: list[float]) -> str:
    middle, late = (
        delays_s[min(int(len(delays_s) * part), len(delays_s) - 1)] if delays_s else 0.0
        for part in (0.5, 0.99)
    )
    return f"p50 {middle * 1_000:.1f} ms, p99 {late * 1_000:.1f} ms"


class HostileCrowd:
    """Connects from many threads, and holds the last sockets open."""

    def __init__(self, port: int, seed: int, kinds: Mapping[str, HostilePeer]) -> None:
        self._kinds = kinds
        self.done: Counter[str] = Counter()
        self._port = port
        self._seed = seed
        self._lock = threading.Lock()  # guards the two below and `done`
        self._held: deque[socket.socket] = deque()
        self._numbers: Iterator[int] = itertools.count()

    def connect(self, count: int) -> None:
        """Make this many connections, and return after the last."""
        work: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in itertools.islice(self._numbers, count):
            work.put(number)
        workers = [
            threading.Thread(target=self._work, args=(work,), name=f"crowd-{index}")
            for index in range(_WORKERS)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _work(self, work: queue.SimpleQueue[int]) -> None:
        while True:
            try:
                number = work.get_nowait()
            except queue.Empty:
                return
            self._one(number)

    def _one(self, number: int) -> None:
        random_ = random.Random(self._seed * 1_000_003 + number)  # noqa: S311 (no secret)
        kind = random_.choice(tuple(self._kinds))
        sock = None
        # Whatever the server does to it is fine.
        with contextlib.suppress(OSError):
            sock = self._kinds[kind](self._port, address_of(random_.randrange(2_000)), random_)
        with self._lock:
            self.done[kind] += 1
            if sock is not None:
                self._held.append(sock)
            oldest = self._held.popleft() if len(self._held) > _MAX_OPEN else None
        if oldest is not None:
            oldest.close()

    def close(self) -> None:
        """Close the held sockets."""
        while self._held:
            self._held.pop().close()


def run(
    connections: int, seed: int, report: Callable[[str], None] = lambda _: None, *, web: bool = False
) -> Result:
    """Open a room, and make this many hostile connections to it, generated from this seed."""
    result = Result()
    with tempfile.TemporaryDirectory() as home:
        server = _open(Path(home), web=web)
        try:
            port = int(server.out.wait_for(r"Address +127\.0\.0\.1:(\d+)")[1])
            key = server.out.wait_for(r"#k=([\w-]+)")[1] if web else ""
            kinds = {**KINDS, **browser_kinds(key, _share_file(port))} if web else KINDS
            company = MemberGroup(port, key)
            _storm(HostileCrowd(port, seed, kinds), company, server.pid, connections, result, report)
            result.log_lines = server.out.text_so_far().count("\n")
            if "Traceback" in server.err.text_so_far():
                result.problems.append(server.err.text_so_far()[-2_000:])
        finally:
            server.stop()
    return result


def _open(home: Path, *, web: bool) -> Process:
    command = messango("server", "--name", "Storm", "--host", "127.0.0.1", "--port", "0", "--no-advertise")
    env = {**os.environ, "MESSANGO_HOME": str(home)}
    return Process([*command, "--max-clients", "8", *(["--web"] if web else [])], "storm", env=env, cwd=ROOT)


def _share_file(port: int) -> str:
    """Share a file with everybody, and leave; return its id."""
    with RawClient(port) as client:
        file = put_file(port, client.join("Sharer").session, "storm", bytes(_FILE_BYTES), name="big.bin")
        client.send(Share("share", file.id, ""), Leave())
        client.await_end()
    return file.id


def _storm(
    crowd: HostileCrowd,
    company: MemberGroup,
    pid: int,
    connections: int,
    result: Result,
    report: Callable[[str], None],
) -> None:
    quiet = Usage.of(pid)
    calm_s = time.monotonic()
    company.start()
    threading.Event().wait(_CALM_S)
    began_s = time.monotonic()
    try:
        crowd.connect(int(connections * _WARMUP_SHARE))
        crowd.close()
        result.before = _settled(pid, quiet)
        left = connections - sum(crowd.done.values())
        while left > 0:
            crowd.connect(min(left, 2_000))
            left -= min(left, 2_000)
            report(f"{sum(crowd.done.values()):,} connections, {Usage.of(pid)}, {len(company.joins_s)} joins")
    finally:
        result.took_s = time.monotonic() - began_s
        crowd.close()
        result.after = _settled(pid, result.before)
        result.connections = crowd.done
        until_s = began_s + result.took_s
        result.messages = company.finish()
        result.calm_s = company.delays_s(calm_s, began_s)
        result.storm_s = company.delays_s(began_s, until_s)
        result.joins_s, result.problems = company.joins_s, [*result.problems, *company.problems]


def _settled(pid: int, wanted: Usage) -> Usage:
    """Return the usage once there are no more threads and descriptors than wanted, or the least usage."""
    deadline_s = time.monotonic() + _SETTLE_TIMEOUT_S
    least = Usage.of(pid)
    calm = threading.Event()
    while time.monotonic() < deadline_s:
        now = Usage.of(pid)
        least = min(least, now, key=lambda usage: (usage.threads, usage.descriptors))
        if now.threads <= wanted.threads and now.descriptors <= wanted.descriptors:
            return now
        calm.wait(0.2)
    return least


@click.command()
@click.option("--connections", default=100_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--web", is_flag=True, help="Admit guests from the browser; browsers are hostile too.")
def main(*, connections: int, seed: int, web: bool) -> None:
    """Connect in hostile ways while five members send."""
    result = run(connections, seed, click.echo, web=web)
    for problem in result.problems:
        click.echo(problem)
    for kind, count in result.connections.most_common():
        click.echo(f"{count:>9,}  {kind}")
    click.echo(str(result))
    sys.exit(not result.ok)


if __name__ == "__main__":
    main()
