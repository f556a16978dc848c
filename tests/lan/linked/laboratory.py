"""Runs a plan: a linked room on a LAN, one fault after the other, and the check at the end."""

from __future__ import annotations

import contextlib
import shutil
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from messango.link.engine.find_engine import EngineProgram
from messango.link.link_file import write_link_file
from tests.lan.faults.actors import ROOM
from tests.lan.lan import Host, Lan
from tests.lan.linked.actors import LinkedMember, LinkedServer
from tests.lan.linked.engines import EngineHost, Keys
from tests.lan.linked.fault_injection import Injector
from tests.lan.linked.plan import Fault
from tests.lan.linked.record import LinkedRecord
from tests.lan.linked.result import LinkedResult, Recovery
from tests.lan.process import TIMEOUT_S
from tests.support.linked.checker import check_linked, public_messages
from tests.support.linked.replica_record import ReplicaRecord, read_replica

SERVERS: Final = 3
NAMES: Final = ("Ann", "Ben", "Cem", "Dua", "Eve", "Fay")

#: The longest that a linked room may take until everybody has everything again.
RECOVERED_WITHIN_S: Final = 60.0

#: A seat that ended while the link was down, and whatever else is late.
_SETTLE_S: Final = 2.0

_ERROR_MARKERS: Final = ("Traceback", "mistake of its own", "bug in Messango")
_MARKER_BYTES: Final = 2_000


class Laboratory:
    """Owns the LAN and everything on it; a context manager. Leaves record and histories in `folder`."""

    def __init__(
        self, seed: int, folder: Path, program: EngineProgram, engines: int, report: Callable[[str], None]
    ) -> None:
        self._seed = seed
        self._folder = folder
        self._program = program
        self._engine_count = engines
        self._report = report
        self._cleanup = contextlib.ExitStack()
        self._recoveries: list[Recovery] = []
        self._problems: list[str] = []

    def __enter__(self) -> Laboratory:
        try:
            self._build()
        except BaseException:
            self._cleanup.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._cleanup.close()

    def _build(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self.record = LinkedRecord(self._folder / "record.jsonl")
        self._cleanup.callback(self.record.close)
        self._lan = self._cleanup.enter_context(Lan(self._engine_count + SERVERS + len(NAMES)))
        hosts = iter(self._lan.hosts)
        self.engines = self._new_engines([next(hosts) for _ in range(self._engine_count)])
        for engine in self.engines:
            engine.start()
        for engine in self.engines:
            engine.wait_until_ready()
        self.servers = [LinkedServer(next(hosts), self.record, self._link_file) for _ in range(SERVERS)]
        for server in self.servers:
            server.start()
        assert self.record.wait_until(self._all_open, TIMEOUT_S), "the servers are not open"
        self.members = [LinkedMember(next(hosts), name, self.record, self._seed) for name in NAMES]

    def _new_engines(self, hosts: Sequence[Host]) -> list[EngineHost]:
        keys = Keys(ROOM)
        self._link_file = self._lan.hosts[0].home.with_name("room.link")
        addresses = [host.address for host in hosts]
        write_link_file(self._link_file, keys.link_file(addresses, replicas=len(hosts)))
        return [
            EngineHost(host, [other for other in hosts if other is not host], self._program, keys)
            for host in hosts
        ]

    def run(self, plan: Sequence[Fault], seconds: float) -> LinkedResult:
        """Let members chat while one fault comes after the other, for this long at most; then check."""
        for number, member in enumerate(self.members):
            member.join_at(self.servers[number % SERVERS].address)
        self._wait_until_joined({member.label for member in self.members})
        for server in self.servers:
            server.copy_history()
        for member in self.members:
            member.start_sending()
            self._cleanup.callback(member.stop_sending)
        injector = Injector(self._lan, self.record, self.servers, self.engines, self.members)
        began_s = self.record.now_s()
        for number, fault in enumerate(plan, 1):
            if self.record.now_s() - began_s > seconds:
                break
            self._break_and_recover(number, fault, injector)
        for member in self.members:
            member.stop_sending()
        self._wait_until_quiet()
        self._problems += injector.notes
        return self._check(self.record.now_s() - began_s)

    def _all_open(self) -> bool:
        return all(server.is_open for server in self.servers)

    def _wait_until_joined(self, labels: set[str]) -> None:
        joined = self.record.member_ids
        done = self.record.wait_until(lambda: labels <= joined.keys(), TIMEOUT_S)
        assert done, f"{labels - joined.keys()} are not in"

    def _break_and_recover(self, number: int, fault: Fault, injector: Injector) -> None:
        injector.spread()
        self._pause(fault.after_s)
        self.record.log("breaks", fault=str(fault))
        injector.begin(fault)
        self._pause(fault.duration_s)
        injector.end()
        mended_s = self.record.log("mended", fault=str(fault))
        left = self._wait_until_recovered()
        after_s = self.record.now_s() - mended_s
        self._recoveries.append(Recovery(fault, after_s))
        self._report(f"{mended_s:7.1f} s  {number:3}  {fault}; recovered after {after_s:.1f} s")
        self._problems += [f"{mended_s:.1f} s, {fault}: {sentence}" for sentence in left]

    def _pause(self, seconds: float) -> None:
        until_s = self.record.now_s() + seconds
        while (left_s := until_s - self.record.now_s()) > 0:
            self.record.wait_until(lambda: self.record.now_s() >= until_s, left_s)

    def _wait_until_recovered(self) -> list[str]:
        """Wait until everybody has what was sent so far, and one message of each more; return what lacks."""
        record, labels = self.record, [member.label for member in self.members]
        wanted = {label: count + 1 for label, count in record.sent_counts(labels).items()}
        left: list[str] = []

        def all_confirmed() -> bool:
            left[:] = record.unconfirmed(wanted)
            left.extend(f"{server.name} is not open" for server in self.servers if not server.is_open)
            return not left

        until_s = record.now_s() + RECOVERED_WITHIN_S
        if record.wait_until(all_confirmed, RECOVERED_WITHIN_S):
            latest = record.latest_for_all()

            def all_seen() -> bool:
                left[:] = record.unseen(labels, latest)
                return not left

            record.wait_until(all_seen, max(0.0, until_s - record.now_s()))
        return left

    def _wait_until_quiet(self) -> None:
        """Wait until everybody has everything, and the servers have the same."""
        labels = [member.label for member in self.members]
        left: list[str] = []

        def all_delivered() -> bool:
            left[:] = [*self.record.undelivered(labels), *self.record.open_requests(labels)]
            return not left

        if not self.record.wait_until(all_delivered, RECOVERED_WITHIN_S):
            self._problems += [f"in the end {sentence}" for sentence in left]
        self._pause(_SETTLE_S)

    def _check(self, seconds: float) -> LinkedResult:
        self.record.stop_checking()
        for server in self.servers:
            # Nobody says goodbye to those who are stopped already.
            server.process.send_signal(signal.SIGSTOP)
        for server in self.servers:
            server.kill()
        replicas = [self._read_replica(server) for server in self.servers]
        runs = [*self.record.runs.values()]
        return LinkedResult(
            seed=self._seed,
            engine=f"{len(self.engines)} of nats-server {self._program.version_text}",
            seconds=seconds,
            messages=len(public_messages(replicas[0])),
            entries=len(replicas[0].entries),
            recoveries=self._recoveries,
            violations=check_linked(runs, replicas, self.record.removals),
            problems=[*self._problems, *self._internal_errors()],
        )

    def _read_replica(self, server: LinkedServer) -> ReplicaRecord:
        path = self._folder / f"{server.name}.sqlite"
        history = server.history
        for suffix in ("", "-wal"):
            source = history.with_name(history.name + suffix)
            target = path.with_name(path.name + suffix)
            target.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, target)
        return read_replica(server.name, path)

    def _internal_errors(self) -> list[str]:
        """Return the logs of bugs in servers and clients."""
        actors: list[LinkedServer | LinkedMember] = [*self.servers, *self.members]
        processes = [process for actor in actors for process in actor.processes]
        texts = [
            text for process in processes for text in (process.err.text_so_far(), process.out.text_so_far())
        ]
        return [text[-_MARKER_BYTES:] for text in texts if any(word in text for word in _ERROR_MARKERS)]
