"""The events of a run of a linked room: as of any room, and who was removed, and what has no answer yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from messango.protocol import error_codes
from tests.lan.faults.record import RunRecord
from tests.support.linked.checker import Removal

#: A kept seat ends 30 s after the connection broke, but only while the link is up; and a server that has
#: died is declared gone by the others.
GHOST_AFTER_S: Final = 150.0

_REMOVED: Final = (error_codes.KICKED, error_codes.BANNED)


class LinkedRecord(RunRecord):
    """A `RunRecord` that also knows whose ends are no fault. For any thread."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._expected_ends: set[str] = set()
        #: The codes with which runs have ended, by their labels.
        self.ends: dict[str, str] = {}
        #: The public ids of those who have joined, by their labels.
        self.member_ids: dict[str, str] = {}
        #: The lines of requests without an answer, by the labels of those who asked.
        self.unanswered: dict[str, set[int]] = {}
        #: The names of the servers where they are, by their labels.
        self.servers: dict[str, str] = {}
        self._removals: dict[str, Removal] = {}
        #: The highest number of any entry that each has seen.
        self._highest_entry: dict[str, int] = {}

    @property
    def removals(self) -> list[Removal]:
        """Return who was removed, each as of the witness who has seen most before."""
        with self._changed:
            return [*self._removals.values()]

    def expect_end(self, label: str) -> None:
        """What this run does from now on is as if its client had been killed."""
        with self._changed:
            self._expected_ends.add(label)

    def expect_stay(self, label: str) -> None:
        """It is a fault again if this run ends."""
        with self._changed:
            self._expected_ends.discard(label)

    def request_sent(self, label: str, line: int) -> None:
        """A member was given a request to send that has an answer."""
        with self._changed:
            self.unanswered.setdefault(label, set()).add(line)

    def sent_counts(self, labels: Iterable[str]) -> dict[str, int]:
        """Return how many messages these were given."""
        with self._changed:
            return {label: len(self._run(label).sent) for label in labels}

    def present_name(self, label: str) -> str:
        """Return what the member of this run is called."""
        with self._changed:
            run = self._run(label)
            return run.later_names[-1] if run.later_names else run.joins[-1].you

    def unconfirmed(self, wanted: Mapping[str, int]) -> list[str]:
        """Return who lacks receipts for how many of the messages that they sent first.

        Call this and what follows in `wait_until`.
        """
        received = {label: self.received.get(label, set()) for label in wanted}
        missing = {
            label: number - len(received[label].intersection(self._run(label).sent[:number]))
            for label, number in wanted.items()
        }
        return [f"{label} lacks {number} receipts" for label, number in missing.items() if number]

    def unseen(self, labels: Iterable[str], latest: int) -> list[str]:
        """Return who has not seen the messages up to this number."""
        return [
            f"{label} has seen {seen} of {latest}"
            for label in labels
            if (seen := self.highest_seq.get(label, 0)) < latest
        ]

    def open_requests(self, labels: Iterable[str]) -> list[str]:
        """Return whose requests have no answer."""
        return [
            f"{label} has no answers to {lines}" for label in labels if (lines := self.unanswered.get(label))
        ]

    def latest_for_all(self) -> int:
        """Return the highest number of a message that anybody has seen."""
        return max(self.highest_seq.values(), default=0)

    def _handle(self, label: str, event: dict[str, Any], at_s: float) -> None:
        kind = event["event"]
        self.unanswered.get(label, set()).discard(event.get("line", 0))
        if "seq" in event:
            self._highest_entry[label] = max(self._highest_entry.get(label, 0), event["seq"])
        if kind == "entered":
            self.servers[label] = event["server"]
            self.member_ids[label] = next(
                person["id"] for person in event["people"] if person["name"] == event["you"]
            )
        if kind == "renamed" and event["you"]:
            self._run(label).later_names.append(event["name"])
        if kind == "left" and event["reason"] in _REMOVED:
            self._note_removal(label, event["member"])
        if kind == "ended":
            self.ends[label] = event.get("code", "")
            if label in self._expected_ends:
                run = self._run(label)
                run.killed_s, run.ghost_after_s = at_s, GHOST_AFTER_S
                return
        if kind == "failed" and event["code"] == error_codes.UNKNOWN_MEMBER:
            return  # Whom they whispered to has gone.
        super()._handle(label, event, at_s)

    def _note_removal(self, witness: str, member: str) -> None:
        after = self._highest_entry.get(witness, 0)
        known = self._removals.get(member)
        if known is None or known.after < after:
            self._removals[member] = Removal(member, after, witness)
