"""The events of a run, as JSON lines on disk and as the runs that the checker reads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.crashes.files.records import Content
from tests.lan.faults.checker import (
    ClientRun,
    MemberEjected,
    MemberJoined,
    MessageSeen,
    RoomMessage,
    RunEvent,
)
from tests.lan.faults.file_record import FileRecord


class RunRecord:
    """Owns its file and the lock that guards its data; for any thread."""

    def __init__(self, path: Path) -> None:
        self.runs: dict[str, ClientRun] = {}
        #: The texts for which each member has a receipt, and the highest number that it has seen.
        self.received: dict[str, set[str]] = {}
        self.highest_seq: dict[str, int] = {}
        #: When the others last received that a member of this name left.
        self.left_at_s: dict[str, float] = {}
        self.files = FileRecord()
        self._began_s = time.monotonic()
        self._file = path.open("w", encoding="utf-8")
        self._changed = threading.Condition()
        self._is_checked = True

    def now_s(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self._began_s

    def log(self, what: str, **fields: Any) -> float:
        """Write an entry that the checker ignores; returns its time."""
        with self._changed:
            return self._write(what, fields)

    def message_sent(self, label: str, text: str) -> None:
        """A member was given a message to send."""
        with self._changed:
            self._write("said", {"who": label, "text": text})
            self._run(label).sent.append(text)

    def file_shared(self, label: str, line: int, caption: str, content: Content) -> None:
        """A member was given a file to send."""
        with self._changed:
            self._write("shares", {"who": label, "text": caption, "size": content.size})
            self.files.shared(label, line, caption, content)

    def file_asked(self, label: str, line: int, file: str) -> None:
        """A member was asked to get a file."""
        with self._changed:
            self._write("gets", {"who": label, "file": file})
            self.files.asked(label, line, file)

    def client_killed(self, label: str) -> None:
        """A member's client was killed."""
        with self._changed:
            self._run(label).killed_s = self._write("gone", {"who": label})
            self.files.killed(label)

    def client_event(self, label: str, line: str) -> None:
        """A member's client printed a line of JSON."""
        event = json.loads(line)
        with self._changed:
            at_s = self._write("told", {"who": label, **event})
            self._handle(label, event, at_s)

    def _handle(self, label: str, event: dict[str, Any], at_s: float) -> None:
        if event["event"] == "left":
            self.left_at_s[event["name"]] = at_s
        self.files.handle(label, event)
        run_event = _run_event(at_s, event)
        if run_event is not None and self._is_checked:
            self._add_event(label, run_event)

    def stop_checking(self) -> None:
        """Ignore later events: they belong to the end of the run."""
        with self._changed:
            self._is_checked = False

    def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until an entry makes `condition` true; returns whether one did."""
        with self._changed:
            return self._changed.wait_for(condition, timeout_s)

    def undelivered(self, labels: Iterable[str]) -> list[str]:
        """Return what these members have not sent or seen yet, in sentences. Call it in `wait_until`."""
        latest = max(self.highest_seq.values(), default=0)
        return [sentence for label in labels for sentence in self._undelivered_to(label, latest)]

    def _undelivered_to(self, label: str, latest: int) -> Iterator[str]:
        run = self.runs.get(label)
        if run is None or not run.joins:
            yield f"{label} has not joined"
            return
        if missing := len(run.sent) - len(self.received.get(label, ())):
            yield f"{label} has no receipts for {missing} of {len(run.sent)} messages"
        if (seen := self.highest_seq.get(label, 0)) < latest:
            yield f"{label} has seen the messages up to {seen} of {latest}"

    def close(self) -> None:
        """Close the file. Calling it twice is harmless."""
        self._file.close()

    def _write(self, what: str, fields: dict[str, Any]) -> float:
        at_s = self.now_s()
        if not self._file.closed:
            self._file.write(json.dumps({"t": round(at_s, 3), "what": what, **fields}) + "\n")
        self._changed.notify_all()
        return at_s

    def _run(self, label: str) -> ClientRun:
        return self.runs.setdefault(label, ClientRun(label))

    def _add_event(self, label: str, event: RunEvent) -> None:
        self._run(label).events.append(event)
        if isinstance(event, MessageSeen):
            self.highest_seq[label] = event.message.seq
            if event.own and not event.message.file:
                self.received.setdefault(label, set()).add(event.message.text)


def _run_event(at_s: float, event: dict[str, Any]) -> RunEvent | None:
    kind = event["event"]
    if kind == "message":
        file = (event.get("file") or {}).get("id", "")
        message = RoomMessage(event["seq"], event["id"], event["member"], event["name"], event["text"], file)
        return MessageSeen(at_s, message, event["own"])
    if kind == "entered":
        return MemberJoined(at_s, event["you"], tuple(event["members"]), event["latest"], event["back"])
    if kind in ("ended", "failed"):
        return MemberEjected(at_s, f"{kind}: {event['reason']}")
    return None
