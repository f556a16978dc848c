"""What became of each file of a run: who sent it, who asked for it, and what they were told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from messango.protocol.error_codes import STORE_FULL
from tests.crashes.files.records import Announced, Content, Evidence, Outcome, Receiver, Sent, Stored, Visit

#: Reads what a member has on the disk: their name, paths by file, and reasons by file.
ReadReceiver = Callable[[str, dict[str, Path], dict[str, str]], Receiver]

#: The only refusal that a run can cause: its disk is full for a while.
_EXPECTED_REFUSALS: Final = frozenset({STORE_FULL})


@dataclass(slots=True)
class _SharedFile:
    """A file that a member was given to send; its caption is in no other message."""

    label: str
    sent: Sent
    ids: set[str] = field(default_factory=set)
    code: str = ""


@dataclass(frozen=True, slots=True)
class StoredEnd:
    """What the room has left: its messages with files with their captions, and its store, now and later."""

    history: list[tuple[str, Announced]]
    stored: Stored
    after_an_hour: Stored
    after_all: Stored


class FileRecord:
    """Fed with what members are given to do and what their clients print. No lock: the owner has one."""

    def __init__(self) -> None:
        self._shared: dict[str, _SharedFile] = {}
        self._captions: dict[tuple[str, int], str] = {}
        self._asked: dict[tuple[str, int], str] = {}
        self._visits: dict[str, Visit] = {}
        #: By member: where each file is, and why another is not there.
        self._saved: dict[str, dict[str, Path]] = {}
        self._failed: dict[str, dict[str, str]] = {}
        self._killed: set[str] = set()
        self.received = 0

    def shared(self, label: str, line: int, caption: str, content: Content) -> None:
        """A member was given a file to send, as this line of their input."""
        self._shared[caption] = _SharedFile(label, Sent(_name(label), content))
        self._captions[label, line] = caption

    def asked(self, label: str, line: int, file: str) -> None:
        """A member was asked to get a file, by this line of their input."""
        self._asked[label, line] = file

    def killed(self, label: str) -> None:
        """A member's client was killed: what it had not finished may be there or not."""
        self._killed.add(label)

    def handle(self, label: str, event: dict[str, Any]) -> None:
        """Take in what a member's client printed."""
        kind = event["event"]
        if kind == "message" and event.get("file"):
            self._announced(label, event)
        elif kind == "saved":
            self._saved.setdefault(_name(label), {})[event["file"]] = Path(event["path"])
            self.received += 1
        elif kind == "file-failed":
            self._refused(label, event)

    def _announced(self, label: str, event: dict[str, Any]) -> None:
        file = event["file"]
        content = Content(file["size"], file["sha256"])
        announced = Announced(event["seq"], event["id"], file["id"], content)
        self._visits.setdefault(label, Visit(label)).announced.append(announced)
        caption = event["text"].partition("\n")[0]
        if event["own"] and caption in self._shared:
            self._shared[caption].ids.add(event["id"])
            self._shared[caption].sent.outcome = Outcome.ACCEPTED

    def _refused(self, label: str, event: dict[str, Any]) -> None:
        place = label, event.get("line", 0)
        reason = f"{event['code']}: {event['reason']}"
        if place in self._captions:
            shared = self._shared[self._captions[place]]
            shared.sent.outcome, shared.sent.reason, shared.code = Outcome.REFUSED, reason, event["code"]
        elif place in self._asked:
            self._failed.setdefault(_name(label), {})[self._asked[place]] = reason

    def has(self, name: str, file: str) -> bool:
        """Return whether a member has saved a file."""
        return file in self._saved.get(name, {})

    def uploads_on_their_way(self, label: str) -> int:
        """Return how many files a member has to send that were neither announced nor refused."""
        return sum(
            shared.label == label and shared.sent.outcome is Outcome.UNKNOWN
            for shared in self._shared.values()
        )

    def unfinished(self) -> list[str]:
        """Return what is still on its way, in sentences; nothing of clients that were killed."""
        uploads = [
            f"{shared.label} has neither sent “{caption}” nor been told why not"
            for caption, shared in self._shared.items()
            if shared.sent.outcome is Outcome.UNKNOWN and shared.label not in self._killed
        ]
        downloads = [
            f"{label} waits for the file {file}"
            for (label, _line), file in self._asked.items()
            if label not in self._killed
            and not self.has(_name(label), file)
            and file not in self._failed.get(_name(label), {})
        ]
        return [*uploads, *downloads]

    def unexpected_refusals(self) -> list[str]:
        """Return the refusals for which there was no reason in this run."""
        return [
            f"{shared.label} could not send “{caption}”: {shared.sent.reason}"
            for caption, shared in self._shared.items()
            if shared.sent.outcome is Outcome.REFUSED and shared.code not in _EXPECTED_REFUSALS
        ]

    def outcomes(self) -> dict[str, int]:
        """Return how many files were announced, and how many were refused, by the reason's code."""
        found: dict[str, int] = {}
        for shared in self._shared.values():
            kind = shared.code if shared.sent.outcome is Outcome.REFUSED else shared.sent.outcome.value
            found[kind] = found.get(kind, 0) + 1
        return found

    def evidence(self, names: Iterable[str], end: StoredEnd, read: ReadReceiver) -> Evidence:
        """Return everything for the checker of transfers."""
        return Evidence(
            sent=self._sent_by_id(end.history),
            visits=[*self._visits.values()],
            receivers=[self._receiver(name, read) for name in names],
            history=[announced for _caption, announced in end.history],
            deleted=set(),
            stored=end.stored,
            after_an_hour=end.after_an_hour,
            after_all=end.after_all,
        )

    def _sent_by_id(self, history: list[tuple[str, Announced]]) -> dict[str, Sent]:
        for caption, announced in history:
            if caption in self._shared:
                self._shared[caption].ids.add(announced.id)
        return {
            one_id: shared.sent
            for caption, shared in self._shared.items()
            for one_id in shared.ids or {f"“{caption}”"}
        }

    def _receiver(self, name: str, read: ReadReceiver) -> Receiver:
        saved = self._saved.get(name, {})
        receiver = read(name, saved, self._failed.get(name, {}))
        asked = {
            file
            for (label, _line), file in self._asked.items()
            if _name(label) == name and label not in self._killed
        }
        receiver.wanted = asked | saved.keys()
        return receiver


def _name(label: str) -> str:
    return label.partition("#")[0]
