"""Runs a plan: a server and five members on a LAN, what the plan breaks, and the check in the end."""

from __future__ import annotations

import contextlib
import math
import shutil
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from messango.room.history_reader import HistoryReader
from tests.lan.faults.actors import Person, RoomServer, threads_and_descriptors
from tests.lan.faults.breakage import Breakage
from tests.lan.faults.checker import GHOST_AFTER_S, Said, check
from tests.lan.faults.measure import recoveries
from tests.lan.faults.plan import Fault
from tests.lan.faults.record import Record
from tests.lan.faults.result import Result
from tests.lan.lan import Lan, messango
from tests.lan.process import PATIENCE_S

NAMES: Final = ("Ann", "Ben", "Cem", "Dua", "Eve")

#: She speaks through the proxy.
PROXIED: Final = "Eve"

#: Longer than the longest pause between two attempts to come back, and the silence that goes before it.
_QUIET_WITHIN_S: Final = 90.0

#: Look-ups and connections that were under way have ended by then.
_SETTLED_WITHIN_S: Final = 20.0

#: A newcomer asks who is in the room a little after nobody may be that is gone.
_SPARE_S: Final = 1.0

#: A descriptor more or less is no leak: SQLite opens one more file when it writes, a log, an epoll.
_SPARE_DESCRIPTORS: Final = 3

_TROUBLE: Final = ("Traceback", "mistake of its own")


class Laboratory:
    """Owns the LAN and all that runs on it; a context manager. Record and history are left in `folder`."""

    def __init__(self, seed: int, folder: Path, tell: Callable[[str], None]) -> None:
        self._seed = seed
        self._folder = folder
        self._tell = tell
        self._cleanup = contextlib.ExitStack()
        self._true_faults: list[Fault] = []
        self._counts: dict[str, list[tuple[int, int]]] = {}

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
        self.record = Record(self._folder / "record.jsonl")
        self._cleanup.callback(self.record.close)
        self._lan = self._cleanup.enter_context(Lan(len(NAMES) + 1))
        first, *others = self._lan.hosts
        self.server = RoomServer(first, self.record)
        self.server.start()
        # A busy machine may take longer to open the room than a newcomer looks for it.
        found = others[0].run(messango("discover", "--first", "--timeout", str(PATIENCE_S)))
        assert found.returncode == 0, found.stderr
        self.people = {
            name: Person(host, name, self.record, self._seed, proxied=name == PROXIED)
            for name, host in zip(NAMES, others, strict=True)
        }

    def run(self, plan: Sequence[Fault], seconds: float) -> Result:
        """Let people talk for so long while the plan breaks things, then judge."""
        for person in self.people.values():
            self._bring_in(person)
        self._count()
        for person in self.people.values():
            person.talk()
            self._cleanup.callback(person.hush)
        began_s = self.record.now_s()
        self._follow(plan, began_s)
        self._wait_until_s(began_s + seconds)
        for person in self.people.values():
            person.hush()
        self._wait_for_quiet()
        self._wait_until_settled()
        talked_s = self.record.now_s() - began_s
        return self._judge(talked_s, self._see_who_is_gone())

    def _bring_in(self, person: Person) -> None:
        person.join()
        label = person.label
        assert self.record.wait_until(lambda: label in self.record.stays, PATIENCE_S), f"{label} is not in"

    def _follow(self, plan: Sequence[Fault], began_s: float) -> None:
        breakage = Breakage(self.server, self.people)
        steps = sorted(
            [(fault.at_s, True, fault) for fault in plan] + [(fault.until_s, False, fault) for fault in plan],
            key=lambda step: (step[0], not step[1]),
        )
        begun: dict[Fault, float] = {}
        for at_s, begins, fault in steps:
            self._wait_until_s(began_s + at_s)
            words = f"{fault.kind.value}: {fault.target}, {fault.duration_s:.1f} s"
            if begins:
                self._tell(f"{at_s:7.1f} s  {words}")
                begun[fault] = self.record.note("breaks", fault=words)
                breakage.begin(fault)
            else:
                breakage.end(fault)
                until_s = self.record.note("mended", fault=words)
                true = replace(fault, at_s=begun[fault], duration_s=until_s - begun[fault])
                self._true_faults.append(true)

    def _wait_until_s(self, at_s: float) -> None:
        while (left_s := at_s - self.record.now_s()) > 0:
            self.record.wait_until(lambda: self.record.now_s() >= at_s, left_s)

    def _wait_for_quiet(self) -> None:
        """Wait until everybody has the receipts for what they said, and has seen the same."""
        labels = [person.label for person in self.people.values()]

        def quiet() -> bool:
            # Nobody is quiet who has not come yet.
            stays = [self.record.stays.get(label) for label in labels]
            received = [len(self.record.received.get(label, ())) for label in labels]
            all_said = [len(stay.said) if stay and stay.came else math.inf for stay in stays]
            return received == all_said and len({self.record.highest.get(label) for label in labels}) == 1

        began_s = self.record.now_s()
        done = self.record.wait_until(quiet, _QUIET_WITHIN_S)
        took_s = self.record.now_s() - began_s
        self._tell(f"{'all is said' if done else 'NOT all arrived'} after {took_s:.1f} s")

    def _count(self) -> None:
        pids = {"server": self.server.process.pid}
        pids.update({person.name: person.process.pid for person in self.people.values()})
        for name, pid in pids.items():
            self._counts.setdefault(name, []).append(threads_and_descriptors(pid))

    def _wait_until_settled(self) -> None:
        """Count threads and descriptors once they are as before, or the time is up."""
        before = {name: counts[0] for name, counts in self._counts.items()}
        until_s = self.record.now_s() + _SETTLED_WITHIN_S
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

    def _see_who_is_gone(self) -> dict[str, float]:
        """Return for how long a member is seen whose client was killed, and one whose cable was pulled.

        When the first must be gone, a newcomer is told who is in the room.
        """
        killed, pulled, *_ = self.people.values()
        gone = {"client killed": killed.name, "cable pulled": pulled.name}
        pulled.host.link("down")
        killed.kill()
        began_s = self.record.now_s()
        self._wait_until_s(began_s + GHOST_AFTER_S + _SPARE_S)
        newcomer = Person(self._lan.hosts[0], "Zoe", self.record, self._seed, proxied=False)
        self._bring_in(newcomer)
        highest = max(self.record.highest.values())
        self.record.wait_until(lambda: self.record.highest.get(newcomer.label) == highest, PATIENCE_S)
        left = self.record.left
        self.record.wait_until(lambda: all(left.get(name, 0) > began_s for name in gone.values()), PATIENCE_S)
        return {how: left.get(name, math.inf) - began_s for how, name in gone.items()}

    def _judge(self, talked_s: float, seen_after_s: dict[str, float]) -> Result:
        self.record.judge_no_more()
        self.server.process.send_signal(signal.SIGTERM)
        self.server.process.wait()
        kept_path = shutil.copy(self.server.history, self._folder / "history.sqlite")
        with HistoryReader(Path(kept_path)) as archive:
            kept = [Said(one.seq, one.id, one.member, one.name, one.text) for one in archive.messages()]
        stays = self.record.stays
        return Result(
            seed=self._seed,
            faults=self._true_faults,
            messages=len(kept),
            seconds=talked_s,
            violations=check(list(stays.values()), kept),
            troubles=[*self._leaks(), *self._complaints()],
            recovered=recoveries(self._true_faults, stays),
            seen_after_s=seen_after_s,
            server_starts=len(self.server.processes),
            counts=self._counts,
        )

    def _complaints(self) -> list[str]:
        """Return what servers and clients have said of faults of their own."""
        processes = [*self.server.processes, *(person.process for person in self.people.values())]
        texts = [
            text for process in processes for text in (process.err.text_so_far(), process.out.text_so_far())
        ]
        return [text[-2000:] for text in texts if any(word in text for word in _TROUBLE)]
