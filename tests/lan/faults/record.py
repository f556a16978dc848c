"""What happened in a run, as JSON lines on disk and as the stays that the checker reads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lan.faults.checker import Came, Happening, PutOut, Said, Saw, Stay


class Record:
    """Owns its file and the lock that guards all it knows; for any thread."""

    def __init__(self, path: Path) -> None:
        self.stays: dict[str, Stay] = {}
        #: The texts that each member has the receipt for, and the highest number it has seen.
        self.received: dict[str, set[str]] = {}
        self.highest: dict[str, int] = {}
        #: When the others were last told that somebody of this name has left.
        self.left: dict[str, float] = {}
        self._began_s = time.monotonic()
        self._file = path.open("w", encoding="utf-8")
        self._changed = threading.Condition()
        self._judged = True

    def now_s(self) -> float:
        """Return the seconds since the run began."""
        return time.monotonic() - self._began_s

    def note(self, what: str, **fields: Any) -> float:
        """Write down something that is no business of the checker; returns when it was."""
        with self._changed:
            return self._write(what, fields)

    def said(self, label: str, text: str) -> None:
        """A member is given something to say."""
        with self._changed:
            self._write("said", {"who": label, "text": text})
            self._stay(label).said.append(text)

    def gone(self, label: str) -> None:
        """A member's client was killed."""
        with self._changed:
            self._stay(label).gone_s = self._write("gone", {"who": label})

    def told(self, label: str, line: str) -> None:
        """A member's client has printed a line of JSON."""
        event = json.loads(line)
        with self._changed:
            at_s = self._write("told", {"who": label, **event})
            if event["event"] == "left":
                self.left[event["name"]] = at_s
            happening = _happening(at_s, event)
            if happening is not None and self._judged:
                self._take(label, happening)

    def judge_no_more(self) -> None:
        """What comes now is the end of the run, and belongs to it."""
        with self._changed:
            self._judged = False

    def wait_until(self, holds: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something that is written down makes `holds` true; tell whether it did."""
        with self._changed:
            return self._changed.wait_for(holds, timeout_s)

    def close(self) -> None:
        """Close the file. Twice is harmless."""
        self._file.close()

    def _write(self, what: str, fields: dict[str, Any]) -> float:
        at_s = self.now_s()
        if not self._file.closed:
            self._file.write(json.dumps({"t": round(at_s, 3), "what": what, **fields}) + "\n")
        self._changed.notify_all()
        return at_s

    def _stay(self, label: str) -> Stay:
        return self.stays.setdefault(label, Stay(label))

    def _take(self, label: str, happening: Happening) -> None:
        self._stay(label).happenings.append(happening)
        if isinstance(happening, Saw):
            self.highest[label] = happening.message.seq
            if happening.own:
                self.received.setdefault(label, set()).add(happening.message.text)


def _happening(at_s: float, event: dict[str, Any]) -> Happening | None:
    kind = event["event"]
    if kind == "message":
        message = Said(event["seq"], event["id"], event["member"], event["name"], event["text"])
        return Saw(at_s, message, event["own"])
    if kind == "entered":
        return Came(at_s, event["you"], tuple(event["members"]), event["latest"], event["back"])
    if kind in ("ended", "failed"):
        return PutOut(at_s, f"{kind}: {event['reason']}")
    return None
