"""A course of transfers: members send files to each other while the server, they and their lines break."""

from __future__ import annotations

import contextlib
import queue
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from messango.room.files.stored_files import files_folder
from messango.room.history.reading.public_reader import HISTORY_SUFFIX, room_file_stem
from messango.server.files.store.lazy_store import TEMPORARY_FOLDER
from messango.storage import home
from tests.crashes.files.checker import check, check_without_history
from tests.crashes.files.member import FileMember, Said, content_of
from tests.crashes.files.plan import Fault, sizes
from tests.crashes.files.records import Content, Evidence, Outcome, Sent
from tests.crashes.files.small_disk import SmallDisk
from tests.crashes.files.stored import files_of, read_history, read_later, read_store
from tests.support.program import Program, run
from tests.support.proxy import Proxy

ROOM: Final = "Files"
NAMES: Final = ("Ann", "Ben", "Cleo", "Dan")

#: So many reach the server through a machine in between, which can cut; the others find it by its name.
_BEHIND_PROXY: Final = 2

#: So many files may be on their way at once.
_MOST_OPEN: Final = 6

#: Longer than anything takes; then the course has failed.
_TIMEOUT_S: Final = 120.0

_KEPT_S: Final = 7 * 86_400.0
_AN_HOUR_S: Final = 3_700.0


@dataclass(slots=True)
class Result:
    """What came of a course."""

    found: list[str]
    faults: Counter[Fault]
    sent: dict[str, Sent]
    received: int
    #: The most memory that a server and a member took, in bytes.
    server_peak: int = 0
    member_peak: int = 0


class FileCourse:
    """Owns the server's process, the members, the machine in between and the disk. A context manager."""

    def __init__(
        self, seed: int, folder: Path, sizes_: list[int], faults: int, *, keep_history: bool = True
    ) -> None:
        self.random = random.Random(seed)  # noqa: S311 (the same seed must give the same course)
        self.faults: Counter[Fault] = Counter()
        self.sent: dict[str, Sent] = {}
        self._folder, self._sizes, self._fault_count = folder, sizes_, faults
        self._keep_history = keep_history
        self._said: queue.SimpleQueue[Said] = queue.SimpleQueue()
        self.members = [FileMember(name, folder / name, self._said) for name in NAMES]
        #: The shares whose transfer's id is not known yet, by the tag of the command.
        self._asked: dict[int, tuple[FileMember, Content]] = {}
        self._uploading: dict[str, FileMember] = {}
        self._tag = 0
        self._port = 0
        self.server_peak = self.member_peak = 0
        self._resources = contextlib.ExitStack()

    def __enter__(self) -> FileCourse:
        with contextlib.ExitStack() as undo:
            rooms = home() / "rooms"
            self.history_path = rooms / f"{room_file_stem(ROOM)}{HISTORY_SUFFIX}"
            self._store_folder = files_folder(self.history_path)
            if not self._keep_history:
                self._store_folder = home() / TEMPORARY_FOLDER
            self._disk = undo.enter_context(SmallDisk(self._store_folder))
            self._server = undo.enter_context(contextlib.ExitStack())
            self._start_server()
            self._proxy = undo.enter_context(Proxy(self._port))
            for member in self.members:
                member.start(self._room(member))
                undo.callback(member.kill)
            self._await(lambda: all(member.is_ready for member in self.members))
            self._resources = undo.pop_all()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._resources.close()

    def run(self) -> list[str]:
        """Send all files while faults happen, stop everything, and return the broken promises."""
        strikes = {self.random.randrange(len(self._sizes)) for _ in range(self._fault_count)}
        while len(strikes) < min(self._fault_count, len(self._sizes)):
            strikes.add(self.random.randrange(len(self._sizes)))
        for number, size in enumerate(self._sizes):
            self._send(size)
            if number in strikes:
                self._await_some()
                self._break(self.random.choice(self._possible_faults()))
            self._await(lambda: len(self._asked) + len(self._uploading) < _MOST_OPEN)
        self._settle()
        for member in self.members:
            self.member_peak = max(self.member_peak, _peak_bytes(member.process.pid))
            member.leave()
        self._stop_server(signal.SIGTERM)
        return check(self._evidence()) if self._keep_history else check_without_history(self._evidence())

    # The server.

    def _start_server(self, port: int = 0) -> None:
        options = ["--name", ROOM, "--host", "127.0.0.1", "--port", str(port), "--rate-limit", "0"]
        options += [] if self._keep_history else ["--no-history"]
        self._program = self._server.enter_context(Program("server", *options, "--max-clients", "20"))
        self._port = int(self._program.wait_for(r"^Address +127\.0\.0\.1:(\d+)$")[1])
        self._program.wait_for("Ctrl-C closes the room")

    def _stop_server(self, how: signal.Signals) -> None:
        self.server_peak = max(self.server_peak, _peak_bytes(self._program.process.pid))
        self._program.process.send_signal(how)
        self._program.wait_for_exit()
        self._server.close()
        bugs = [line for line in self._program.printed if "Traceback" in line or "bug in" in line]
        assert not bugs, bugs

    def _restart(self, how: signal.Signals, *, elsewhere: bool = False) -> None:
        port = self._port
        self._stop_server(how)
        self._start_server(0 if elsewhere else port)
        self._proxy.redirect_to(self._port)

    # Members.

    def _room(self, member: FileMember) -> str:
        """Return how a member names the room."""
        return f"127.0.0.1:{self._proxy.port}" if self.members.index(member) < _BEHIND_PROXY else ROOM

    def _send(self, size: int) -> None:
        """Have a member share a new file."""
        member = self.random.choice(self.members)
        self._tag += 1
        path = self._folder / "sources" / f"file {self._tag}.bin"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(self.random.randbytes(size))
        self._asked[self._tag] = member, content_of(path)
        member.command(share=str(path), text=f"number {self._tag}", tag=self._tag)

    def _settle(self) -> None:
        """Wait until everybody has everything that is there."""
        self._await(lambda: not self._asked and not self._uploading)
        self._await(lambda: all(member.is_ready for member in self.members))
        with contextlib.suppress(AssertionError):  # The checker says what is missing.
            self._await(self._has_everybody_everything)

    def _has_everybody_everything(self) -> bool:
        deleted = {seq for member in self.members for visit in member.visits for seq in visit.deleted}
        there = {
            each.file: each
            for member in self.members
            for visit in member.visits
            for each in visit.announced
            if each.seq not in deleted
        }
        return all(
            file in member.saved or file in member.missed or self.sent[each.id].sender == member.name
            for member in self.members
            for file, each in there.items()
        )

    # What they say.

    def _await(self, is_true: Callable[[], bool], timeout_s: float = _TIMEOUT_S) -> None:
        """Take in what members say until something is true."""
        deadline_s = time.monotonic() + timeout_s
        while not is_true():
            left_s = deadline_s - time.monotonic()
            assert left_s > 0, f"asked {self._asked}, uploading {self._uploading}"
            with contextlib.suppress(queue.Empty):
                self._handle(*self._said.get(timeout=min(left_s, 1.0)))

    def _await_some(self) -> None:
        """Take in a random number of events: it varies where a fault strikes."""
        wanted = self.random.randint(0, 6)
        with contextlib.suppress(queue.Empty):
            for _ in range(wanted):
                self._handle(*self._said.get(timeout=0.5))

    def _drain(self) -> None:
        """Take in all that was said."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._handle(*self._said.get_nowait())

    def _handle(self, member: FileMember, said: dict[str, Any]) -> None:
        member.handle(said)
        sent_id = said.get("id", "")
        if said["event"] == "shared":
            asker, content = self._asked.pop(said["tag"])
            self.sent[sent_id] = Sent(asker.name, content)
            self._uploading[sent_id] = member
        elif said["event"] == "announced" and said["own"] and sent_id in self.sent:
            self._uploading.pop(sent_id, None)
            self.sent[sent_id].outcome = Outcome.ACCEPTED
        elif said["event"] in ("refused", "problem") and sent_id in self._uploading:
            self._refused(sent_id, said)
        elif said["event"] == "ended":
            self._forget_uploads(member)

    def _refused(self, sent_id: str, said: dict[str, Any]) -> None:
        del self._uploading[sent_id]
        sent = self.sent[sent_id]
        sent.reason = f"{said['code']}: {said['reason']}"
        if said.get("cancelled"):
            sent.outcome = Outcome.CANCELLED
        elif said["code"]:
            sent.outcome = Outcome.REFUSED
        # Without a code the session has ended: the sender was told that nothing is known.

    # What breaks.

    def _possible_faults(self) -> list[Fault]:
        impossible = set() if self._disk.is_mounted else {Fault.DISK_FULL}
        return [fault for fault in Fault if fault not in impossible]

    def _break(self, fault: Fault) -> None:
        self.faults[fault] += 1
        member = self.random.choice(self.members)
        match fault:
            case Fault.SERVER_KILLED:
                self._restart(signal.SIGKILL)
            case Fault.SERVER_RESTARTED:
                self._restart(signal.SIGTERM)
            case Fault.SERVER_MOVED:
                how = self.random.choice((signal.SIGKILL, signal.SIGTERM))
                self._restart(how, elsewhere=True)
            case Fault.CUT:
                self._proxy.cut()
            case Fault.KICKED:
                run("host", "--room", ROOM, "kick", member.name)
            case Fault.MEMBER_KILLED:
                self._kill(member)
            case _:
                self._disturb(fault, member)

    def _disturb(self, fault: Fault, member: FileMember) -> None:
        if fault is Fault.FROZEN:
            member.freeze(frozen=True)
            self._wait()
            member.freeze(frozen=False)
        elif fault is Fault.DISK_FULL:
            self._disk.fill()
            self._wait()
            self._disk.empty()
        elif fault is Fault.CANCELLED and self._uploading:
            sent_id = self.random.choice([*self._uploading])
            self._uploading[sent_id].command(cancel=sent_id)
        elif fault is Fault.DELETED and member.own:
            member.command(delete=self.random.choice([*member.own]))

    def _wait(self) -> None:
        """Let some time go by, and take in what is said meanwhile."""
        with contextlib.suppress(AssertionError):
            self._await(lambda: False, timeout_s=self.random.uniform(0.2, 2.0))

    def _kill(self, member: FileMember) -> None:
        """Kill a member and start it again: what it sent and did not see may be there or not."""
        self.member_peak = max(self.member_peak, _peak_bytes(member.process.pid))
        member.kill()
        self._drain()
        for tag, (asker, _content) in [*self._asked.items()]:
            if asker is member:
                del self._asked[tag]
        self._forget_uploads(member)
        member.start(self._room(member))

    def _forget_uploads(self, member: FileMember) -> None:
        """Wait no longer for what this member was sending: its session has ended."""
        for sent_id, sender in [*self._uploading.items()]:
            if sender is member:
                del self._uploading[sent_id]

    # The end.

    def _evidence(self) -> Evidence:
        entries = read_history(self.history_path) if self._keep_history else []
        history, deleted = files_of(entries)
        folder = self._store_folder
        return Evidence(
            sent=self.sent,
            visits=[visit for member in self.members for visit in member.visits],
            receivers=[member.receiver() for member in self.members],
            history=history,
            deleted=deleted,
            stored=read_store(folder),
            after_an_hour=read_later(folder, entries, _AN_HOUR_S, _KEPT_S),
            after_all=read_later(folder, [], _KEPT_S + _AN_HOUR_S, _KEPT_S),
        )


def _peak_bytes(pid: int) -> int:
    """Return the most memory that a process has had; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(fields["VmHWM"].split()[0]) * 1024 if "VmHWM" in fields else 0


def run_course(
    seed: int,
    folder: Path,
    *,
    transfers: int,
    faults: int,
    most_bytes: int,
    largest: int,
    keep_history: bool = True,
) -> Result:
    """Run a course; `most_bytes` is the sum of all files, `largest` the size of the largest."""
    planned = sizes(random.Random(seed), transfers, most_bytes, largest)  # noqa: S311 (as above)
    with FileCourse(seed, folder, planned, faults, keep_history=keep_history) as course:
        found = course.run()
    received = sum(len(member.saved) for member in course.members)
    return Result(found, course.faults, course.sent, received, course.server_peak, course.member_peak)
