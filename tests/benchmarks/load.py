"""Runs a load against a server, and returns what arrived."""

from __future__ import annotations

import json
import string
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from tests.benchmarks.contestants import NUMBER, Contestant
from tests.benchmarks.processes import RunningServer

#: The most that a sender has under way: so servers are measured by what they pass on, and not by what they
#: can queue.
MAX_UNDER_WAY_BYTES: Final = 256 * 1024

#: A sender that writes batches writes this many messages at once, but no more than this many bytes.
_BATCH = 64
_BATCH_BYTES = 64 * 1024

#: Clients per address: a server may limit connections that have not joined yet.
_CLIENTS_PER_ADDRESS = 16

_LOAD_TIMEOUT_S = 30.0


Kind: TypeAlias = Literal["fan-out", "latency", "joining", "storm"]


@dataclass(frozen=True)
class Case:
    """A load. With `rate` 0, a sender sends on when its own receipts come back."""

    name: str
    clients: int
    senders: int
    size: int = 100
    #: How many messages of each sender are under way; 0 stands for `MAX_UNDER_WAY_BYTES`.
    under_way: int = 0
    #: Whether a sender writes all that it may send at once, or one message at a time.
    batches: bool = True
    seconds: float = 0.5
    rate: float = 0.0
    #: The load waits this long for outstanding messages.
    patience_s: float = 3.0
    #: Whether all clients join at the same moment, and do nothing else.
    storm: bool = False
    #: How often the last client joins, sees a message, and leaves.
    visits: int = 0

    @property
    def kind(self) -> Kind:
        """What is measured."""
        if self.storm:
            return "storm"
        if self.visits:
            return "joining"
        return "latency" if self.rate else "fan-out"

    @property
    def window(self) -> int:
        """How many messages of each sender are under way."""
        most = max(1, MAX_UNDER_WAY_BYTES // self.size)
        return min(self.under_way or most, most)


@dataclass(frozen=True)
class Outcome:
    """The result of a load; the fields are those of load.c."""

    setup_ms: float
    slowest_ms: float
    retries: int
    seconds: float
    expected: int
    fine: int
    twice: int
    disordered: int
    damaged: int
    parted: int
    one_order: bool
    load_cpu_s: float
    server_cpu_s: float
    idle_kb: int
    busy_kb: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    #: From connecting to the end of the join, and to the first message; medians of all visits.
    welcome_ms: float
    seen_ms: float

    @property
    def missing(self) -> int:
        """Deliveries that never arrived whole."""
        return self.expected - self.fine

    @property
    def rate(self) -> float:
        """Whole deliveries per second."""
        return self.fine / self.seconds if self.seconds else 0.0

    @property
    def rate_per_cpu(self) -> float:
        """Whole deliveries per second of the server's CPU: least affected by a busy machine."""
        return self.fine / self.server_cpu_s if self.server_cpu_s else 0.0

    @property
    def load_share(self) -> float:
        """How much of a core the load itself took."""
        return self.load_cpu_s / self.seconds if self.seconds else 0.0

    @property
    def flawless(self) -> bool:
        """Whether each message reached everybody, whole, once and in its sender's order."""
        return not (self.missing or self.twice or self.disordered or self.damaged or self.parted)


def run_load(load: Path, contestant: Contestant, server: RunningServer, case: Case) -> Outcome:
    """Run the case; raises `RuntimeError` if the clients can't join or the load does not end."""
    plan = "\n".join(_plan(contestant, server, case)) + "\n"
    try:
        done = subprocess.run(
            [str(load)], input=plan, capture_output=True, text=True, timeout=_LOAD_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"{contestant.name}, {case.name}: no end after {_LOAD_TIMEOUT_S:.0f} s") from error
    if done.returncode != 0:
        raise RuntimeError(f"{contestant.name}, {case.name}: {done.stderr.strip() or done.returncode}")
    return Outcome(**json.loads(done.stdout))


def _plan(contestant: Contestant, server: RunningServer, case: Case) -> Iterator[str]:
    filler = _filler(case.size)
    messages = [contestant.message(sender, _body(sender, filler)) for sender in range(case.senders)]
    at_once = case.clients if case.storm else contestant.at_once
    yield f"host 127.0.0.1\nport {server.port}\nserver_pid {server.pid}\ntls {int(contestant.tls)}"
    yield f"echo {int(contestant.echo)}\nsize {case.size}\nfiller {filler}\nat_once {at_once}"
    yield f"duration_ms {case.seconds * 1_000:.0f}\npatience_ms {case.patience_s * 1_000:.0f}"
    yield f"rate {case.rate}\nalive {contestant.alive.hex()}\nleave {contestant.leave.hex()}"
    yield f"batch {_batch(case, messages)}\nwindow {case.window}\nvisits {case.visits}"
    for client in range(case.clients):
        yield f"client 127.0.1.{1 + client // _CLIENTS_PER_ADDRESS}"
        for step in contestant.steps(client):
            yield f"send {step.send.hex()}\nexpect {step.expect.hex()}"
    for message in messages:
        yield f"message {message.hex()}"


def _filler(size: int) -> str:
    """Return the filler between the sender and the number at both ends of a message; see load.c."""
    length = size - len("^") - 2 * len("SSSSNNNNNNNN")
    return (string.ascii_lowercase * (length // len(string.ascii_lowercase) + 1))[:length]


def _body(sender: int, filler: str) -> bytes:
    ids = b"%04d%s" % (sender, NUMBER)
    return b"^%s%s%s" % (ids, filler.encode(), ids)


def _batch(case: Case, messages: list[bytes]) -> int:
    if not case.batches or not messages:
        return 1
    return max(1, min(_BATCH, _BATCH_BYTES // len(messages[0])))
