"""A course of faults: several members send requests of all kinds while the server dies and lines break."""

from __future__ import annotations

import contextlib
import enum
import random
import signal
from collections import Counter
from contextlib import closing
from typing import Final

from messango.protocol.codec import encode
from messango.protocol.frames import (
    AnyMessage,
    Delete,
    Earlier,
    Edit,
    Entry,
    React,
    Say,
    Search,
    Spoken,
    Tell,
    Told,
)
from messango.protocol.limits import MAX_ANSWER_MESSAGES
from messango.room.history.file.check import open_read_only
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.history.reading.public_reader import HISTORY_SUFFIX
from messango.room.request_check import EntryRequest
from messango.storage import home
from tests.crashes.checker import MemberRecord, check
from tests.crashes.member import CrashMember
from tests.support.program import Program

NAMES: Final = ("Ann", "Ben", "Cleo", "Dan")
EMOJI: Final = ("👍", "❤️", "🎉")

#: Requests of one member between two faults, at most.
_BURST: Final = 12


class Fault(enum.Enum):
    """What happens to the server, or to a member's connection."""

    KILLED = "server killed"
    STOPPED = "server stopped and started"
    CUT = "connection cut"
    CUT_IN_FRAME = "connection cut within a frame"
    REPLACED = "joined again while still connected"


class CrashCourse:
    """Owns the server's process and the members. A context manager."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (the same seed must give the same course)
        self.members = [CrashMember(name) for name in NAMES]
        self.faults: Counter[Fault] = Counter()
        self._port = 0
        self._count = 0
        self._resources = contextlib.ExitStack()

    def __enter__(self) -> CrashCourse:
        self._server = self._resources.enter_context(contextlib.ExitStack())
        self._start_server()
        for member in self.members:
            self._resources.callback(member.close)
            member.connect(self._port)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._resources.close()

    def run(self, faults: int) -> list[str]:
        """Let this many faults happen, then stop the server; return the broken promises."""
        for _ in range(faults):
            self._send_requests()
            self._read_some()
            self._break(self.random.choice(list(Fault)))
            for member in self.members:
                if not member.is_connected:
                    member.connect(self._port)
        self._settle()
        found = [*self._check_reading()]
        for member in self.members:
            member.close()
        self._stop_server(signal.SIGTERM)
        return found + check([member.record for member in self.members], self.history())

    def history(self) -> list[Entry]:
        """Return all entries of the room's file, which must be whole."""
        (path,) = (home() / "rooms").glob(f"*{HISTORY_SUFFIX}")
        with closing(open_read_only(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return StoredEntries(database).since(0)

    # The server.

    def _start_server(self) -> None:
        options = ["--name", "Crashes", "--host", "127.0.0.1", "--port", str(self._port), "--no-advertise"]
        self._program = self._server.enter_context(Program("server", *options, "--rate-limit", "0"))
        self._port = int(self._program.wait_for(r"^Address +127\.0\.0\.1:(\d+)$")[1])
        self._program.wait_for("Ctrl-C closes the room")

    def _stop_server(self, how: signal.Signals) -> None:
        self._program.process.send_signal(how)
        self._program.wait_for_exit()
        self._server.close()
        bugs = [line for line in self._program.printed if "Traceback" in line or "bug in" in line]
        assert not bugs, bugs

    # What happens.

    def _break(self, fault: Fault) -> None:
        self.faults[fault] += 1
        member = self.random.choice(self.members)
        if fault in (Fault.KILLED, Fault.STOPPED):
            self._stop_server(signal.SIGKILL if fault is Fault.KILLED else signal.SIGTERM)
            for each in self.members:
                while each.is_connected:
                    each.read()
            self._start_server()
        elif fault is Fault.REPLACED:
            member.forget_connection()
        else:
            if fault is Fault.CUT_IN_FRAME:
                member.send(encode(Say("never", "whole"))[:-3])
            member.cut()

    def _send_requests(self) -> None:
        for member in self.random.sample(self.members, self.random.randint(1, len(self.members))):
            requests = [self._request(member) for _ in range(self.random.randint(1, _BURST))]
            member.record.sent += [request.id for request in requests]
            member.request(*requests)

    def _read_some(self) -> None:
        """Read until one member has had some of what is under way; it varies where the fault strikes."""
        member = self.random.choice(self.members)
        wanted = member.taken + self.random.randint(0, len(member.pending))
        while member.taken < wanted and member.is_connected:
            member.read()

    def _request(self, member: CrashMember) -> EntryRequest:
        self._count += 1
        chance, number, request_id = self.random.random(), self._count, f"r{self._count}"
        target = self._target(member)
        reply_to = target.seq if target is not None and self.random.random() < 0.3 else None
        if chance < 0.3 or target is None:
            secret = isinstance(target, Told) and reply_to is not None
            return Say(request_id, self._text(target if secret else None, number), reply_to)
        if chance < 0.5:
            other = self.random.choice([each for each in self.members if each is not member])
            text = f"secret {member.record.name} {other.record.name} word{number % 7} {number}"
            is_theirs = isinstance(target, Told) and other.record.member in (target.to, target.member)
            is_public = not isinstance(target, Told)
            return Tell(request_id, other.record.member, text, reply_to if is_theirs or is_public else None)
        if chance < 0.72:
            return React(request_id, target.seq, self.random.choice(EMOJI), on=self.random.random() < 0.7)
        if chance < 0.9:
            return Edit(request_id, target.seq, self._text(target, number))
        return Delete(request_id, target.seq)

    def _target(self, member: CrashMember) -> Spoken | None:
        seen = [entry for entry in member.record.entries if isinstance(entry, AnyMessage)]
        recent = seen[-30:]
        return self.random.choice(recent) if recent else None

    def _text(self, target: Spoken | None, number: int) -> str:
        words = f"word{number % 7} {number}"
        if not isinstance(target, Told):
            return f"public {words}"
        names = {each.record.member: each.record.name for each in self.members}
        return f"secret {names[target.member]} {names[target.to]} {words}"

    # The end.

    def _settle(self) -> None:
        """Read until everybody has all answers and has seen what the others have."""
        for member in self.members:
            while member.pending:
                assert member.read() or member.is_connected, "the server is there"
        # The last entry of all, which everybody gets.
        last = Say("the last", "public the last")
        self.members[0].record.sent.append(last.id)
        self.members[0].request(last)
        for member in self.members:
            while not any(entry.id == last.id for entry in member.record.entries[-1:]):
                assert member.read() or member.is_connected, "the server is there"

    def _check_reading(self) -> list[str]:
        """Paging to the beginning and searching find what a member has seen, with nothing else."""
        found: list[str] = []
        for member in self.members:
            texts = {seq: message.text for seq, message in member.record.messages().items()}
            if self._earlier(member) != texts:
                found.append(f"{member.record.name} pages through other messages than they have seen")
            hits = {seq: text for seq, text in texts.items() if "word3" in text}
            if (searched := self._searched(member, "word3")) != hits:
                found.append(f"{member.record.name} finds {searched} and not {hits}")
        return found

    def _earlier(self, member: CrashMember) -> dict[int, str]:
        texts: dict[int, str] = {}
        before = member.record.last_seq + 1
        while True:
            member.send(encode(Earlier(f"earlier {before}", before, MAX_ANSWER_MESSAGES)))
            (answer,) = member.answers(f"earlier {before}")
            texts |= {message.seq: message.text for message in answer.messages}
            if not answer.more:
                return texts
            before = answer.messages[0].seq

    def _searched(self, member: CrashMember, words: str) -> dict[int, str]:
        texts: dict[int, str] = {}
        before: int | None = None
        while True:
            member.send(encode(Search(f"search {before}", words, before)))
            (answer,) = member.answers(f"search {before}")
            texts |= {message.seq: message.text for message in answer.messages}
            if not answer.more:
                return texts
            before = answer.messages[0].seq


def run_course(seed: int, faults: int) -> tuple[list[str], Counter[Fault], list[MemberRecord]]:
    """Run a course; return the broken promises, the faults, and what the members have seen."""
    with CrashCourse(seed) as course:
        found = course.run(faults)
    return found, course.faults, [member.record for member in course.members]
