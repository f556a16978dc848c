"""Runs a plan: a server and five members on a LAN, the plan's faults, and the check at the end."""

from __future__ import annotations

import contextlib
import math
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from messango.room.history.reading.public_reader import HistoryReader
from tests.crashes.files.checker import check as check_files
from tests.crashes.files.member import read_receiver
from tests.crashes.files.records import Receiver
from tests.lan.faults.actors import ChatMember, RoomServer, threads_and_descriptors
from tests.lan.faults.checker import GHOST_AFTER_S, RoomMessage, check
from tests.lan.faults.fault_injection import FaultInjector
from tests.lan.faults.file_traffic import FileTraffic
from tests.lan.faults.left_behind import read_end
from tests.lan.faults.measure import recoveries
from tests.lan.faults.plan import Fault
from tests.lan.faults.record import RunRecord
from tests.lan.faults.result import Result
from tests.lan.lan import Host, Lan, messango
from tests.lan.process import TIMEOUT_S

NAMES: Final = ("Ann", "Ben", "Cem", "Dua", "Eve")

#: Her connections go through the proxy.
PROXIED: Final = "Eve"

#: Longer than the longest pause between two reconnects, plus the silence limit before it.
_DELIVERY_TIMEOUT_S: Final = 90.0

#: Lookups and connections that were running have ended by then.
_SETTLE_TIMEOUT_S: Final = 20.0

#: As long as files of this run may be on their way after everything else: many want the large ones.
_FILES_TIMEOUT_S: Final = 180.0

#: A newcomer asks for the members a little after the last one must be gone.
_SPARE_S: Final = 1.0

#: A few more descriptors are not a leak: SQLite opens one more file when it writes, a log, an epoll.
_SPARE_DESCRIPTORS: Final = 3

_ERROR_MARKERS: Final = ("Traceback", "mistake of its own", "bug in Messango")


class FaultHarness:
    """Owns the LAN and everything on it; a context manager. Leaves the record and the history in `folder`."""

    def __init__(self, seed: int, folder: Path, seconds: float, report: Callable[[str], None]) -> None:
        self._seed = seed
        self._seconds = seconds
        self._unfinished: list[str] = []
        self._folder = folder
        self._report = report
        self._cleanup = contextlib.ExitStack()
        self._actual_faults: list[Fault] = []
        self._counts: dict[str, list[tuple[int, int]]] = {}

    def __enter__(self) -> FaultHarness:
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
        self.record = RunRecord(self._folder / "record.jsonl")
        self._cleanup.callback(self.record.close)
        self._lan = self._cleanup.enter_context(Lan(len(NAMES) + 1))
        first, *others = self._lan.hosts
        self.server = RoomServer(first, self.record)
        self.server.start()
        # A busy machine may take longer to open the room than a new member searches for it.
        found = others[0].run(messango("discover", "--first", "--timeout", str(TIMEOUT_S)))
        assert found.returncode == 0, found.stderr
        self.members = {
            name: ChatMember(
                host,
                name,
                self.record,
                self._seed,
                proxied=name == PROXIED,
                files=self._new_traffic(host, name),
            )
            for name, host in zip(NAMES, others, strict=True)
        }

    def _new_traffic(self, host: Host, name: str) -> FileTraffic:
        return FileTraffic(f"{self._seed} {name}", host.home.with_name(f"{name} files"), self._seconds)

    def run(self, plan: Sequence[Fault]) -> Result:
        """Let members chat for this long while the plan breaks things, then check."""
        for member in self.members.values():
            self._join_and_wait(member)
        self._send_first_file()
        self._count()
        for member in self.members.values():
            member.start_sending()
            self._cleanup.callback(member.stop_sending)
        began_s = self.record.now_s()
        self._run_plan(plan, began_s)
        self._wait_until_s(began_s + self._seconds)
        for member in self.members.values():
            member.stop_sending()
        self._wait_until_delivered()
        self._wait_until_settled()
        sending_s = self.record.now_s() - began_s
        return self._check(sending_s, self._measure_departures())

    def _join_and_wait(self, member: ChatMember) -> None:
        member.join()
        label = member.label
        assert self.record.wait_until(lambda: label in self.record.runs, TIMEOUT_S), f"{label} is not in"

    def _send_first_file(self) -> None:
        """Have everybody get a file: what only files need is there when threads are counted."""
        first, *others = self.members.values()
        first.send_file(for_everybody=True)
        files = self.record.files
        others_count = len(others)
        assert self.record.wait_until(lambda: files.received == others_count, TIMEOUT_S), files.unfinished()

    def _run_plan(self, plan: Sequence[Fault], began_s: float) -> None:
        injector = FaultInjector(self.server, self.members)
        steps = sorted(
            [(fault.at_s, True, fault) for fault in plan] + [(fault.until_s, False, fault) for fault in plan],
            key=lambda step: (step[0], not step[1]),
        )
        began_at_s: dict[Fault, float] = {}
        for at_s, begins, fault in steps:
            self._wait_until_s(began_s + at_s)
            text = f"{fault.kind.value}: {fault.target}, {fault.duration_s:.1f} s"
            if begins:
                self._report(f"{at_s:7.1f} s  {text}")
                began_at_s[fault] = self.record.log("breaks", fault=text)
                injector.begin(fault)
            else:
                injector.end(fault)
                until_s = self.record.log("mended", fault=text)
                actual = replace(fault, at_s=began_at_s[fault], duration_s=until_s - began_at_s[fault])
                self._actual_faults.append(actual)

    def _wait_until_s(self, at_s: float) -> None:
        while (left_s := at_s - self.record.now_s()) > 0:
            self.record.wait_until(lambda: self.record.now_s() >= at_s, left_s)

    def _wait_until_delivered(self) -> None:
        """Wait until everybody has seen the same messages, and has the files that they want."""
        labels = [member.label for member in self.members.values()]
        undelivered, files = self.record.undelivered, self.record.files

        def all_finished() -> bool:
            # A file is announced to its sender first: the others may still have to see it and ask for it.
            self._unfinished = [*undelivered(labels), *files.unfinished()]
            return not self._unfinished

        began_s = self.record.now_s()
        self._wait_and_report("all arrived", lambda: not undelivered(labels), _DELIVERY_TIMEOUT_S, began_s)
        self._wait_and_report("all files arrived", all_finished, _FILES_TIMEOUT_S, began_s)

    def _wait_and_report(
        self, what: str, condition: Callable[[], bool], timeout_s: float, began_s: float
    ) -> None:
        done = self.record.wait_until(condition, timeout_s)
        took_s = self.record.now_s() - began_s
        self._report(f"{'' if done else 'NOT '}{what} after {took_s:.1f} s")

    def _count(self) -> None:
        pids = {"server": self.server.process.pid}
        pids.update({member.name: member.process.pid for member in self.members.values()})
        for name, pid in pids.items():
            self._counts.setdefault(name, []).append(threads_and_descriptors(pid))

    def _wait_until_settled(self) -> None:
        """Count threads and descriptors once they are as before, or the time is up."""
        before = {name: counts[0] for name, counts in self._counts.items()}
        until_s = self.record.now_s() + _SETTLE_TIMEOUT_S
        while True:
            self._counts = {name: [count] for name, count in before.items()}
            self._count()
            if not self._leaks() or self.record.now_s() > until_s:
                return
            self._wait_until_s(self.record.now_s() + 1)

    def _leaks(self) -> list[str]:
        return [
            f"{name} had {before[0]} threads and {before[1]} descriptors, and has {after[0]} and {after[1]}"
            for name, (before, after) in self._counts.items()
            if after[0] > before[0] or after[1] > before[1] + _SPARE_DESCRIPTORS
        ]

    def _measure_departures(self) -> dict[str, float]:
        """Return how long a member stays listed after a killed client, and after an unplugged cable.

        When the first must be gone, a new member joins and sees who is listed.
        """
        killed, pulled, *_ = self.members.values()
        left_names = {"client killed": killed.name, "cable pulled": pulled.name}
        pulled.host.link("down")
        killed.kill()
        began_s = self.record.now_s()
        self._wait_until_s(began_s + GHOST_AFTER_S + _SPARE_S)
        newcomer = ChatMember(self._lan.hosts[0], "Zoe", self.record, self._seed, proxied=False)
        self._join_and_wait(newcomer)
        highest = max(self.record.highest_seq.values())
        self.record.wait_until(lambda: self.record.highest_seq.get(newcomer.label) == highest, TIMEOUT_S)
        left = self.record.left_at_s
        self.record.wait_until(
            lambda: all(left.get(name, 0) > began_s for name in left_names.values()), TIMEOUT_S
        )
        return {how: left.get(name, math.inf) - began_s for how, name in left_names.items()}

    def _check(self, sending_s: float, seen_after_s: dict[str, float]) -> Result:
        self.record.stop_checking()
        self.server.process.send_signal(signal.SIGTERM)
        self.server.process.wait()
        history_path = shutil.copy(self.server.history, self._folder / "history.sqlite")
        with HistoryReader(Path(history_path)) as archive:
            history = [
                RoomMessage(one.seq, one.id, one.member, one.name, one.text, one.file.id if one.file else "")
                for one in archive.messages()
            ]
        runs = self.record.runs
        files = self.record.files
        broken = check_files(
            files.evidence(NAMES, read_end(Path(history_path), self._copy_store()), self._read_receiver)
        )
        return Result(
            seed=self._seed,
            faults=self._actual_faults,
            messages=len(history),
            seconds=sending_s,
            violations=check(list(runs.values()), history),
            problems=[
                *self._leaks(),
                *self._internal_errors(),
                *self._unfinished,
                *files.unexpected_refusals(),
                *broken,
            ],
            files=files.outcomes(),
            files_received=files.received,
            recoveries=recoveries(self._actual_faults, runs),
            left_after_s=seen_after_s,
            server_starts=len(self.server.processes),
            counts=self._counts,
        )

    def _copy_store(self) -> Path:
        """Return a copy of the store: SQLite resolves paths, and those of the server are its own."""
        copy = self._folder / "store"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.server.store, copy)
        return copy

    def _read_receiver(self, name: str, saved: dict[str, Path], failed: dict[str, str]) -> Receiver:
        member = self.members[name]
        assert member.files is not None
        return read_receiver(name, member.host.home, member.files.folder, saved, failed)

    def _internal_errors(self) -> list[str]:
        """Return the logs of bugs in servers and clients."""
        processes = [
            *self.server.processes,
            *(one for member in self.members.values() for one in member.processes),
        ]
        texts = [
            text for process in processes for text in (process.err.text_so_far(), process.out.text_so_far())
        ]
        return [text[-2000:] for text in texts if any(word in text for word in _ERROR_MARKERS)]
