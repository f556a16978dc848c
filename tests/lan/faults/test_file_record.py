"""Files of made-up runs: a good one passes, and each broken promise is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.crashes.files.checker import check
from tests.crashes.files.records import Announced, Content, Receiver, Stored, StoredFile
from tests.lan.faults.file_record import FileRecord, StoredEnd

REPORT, PHOTO, LATE = Content(3, "aa"), Content(4, "bb"), Content(5, "cc")
SENDS = {"Ann#1 sends one": REPORT, "Ann#1 sends two": PHOTO}


def message(seq: int, caption: str, content: Content, *, own: bool, id_: str = "") -> dict[str, Any]:
    """Return what `chat --json` prints for a message with a file."""
    file = {"id": f"file-{seq}", "size": content.size, "sha256": content.sha256}
    text = f"{caption}\n[file] x ({content.size} bytes)"
    return {"event": "message", "seq": seq, "id": id_ or f"id-{seq}", "text": text, "own": own, "file": file}


@dataclass
class Run:
    """A run's events for the record, in order, and what the room and the members have at the end."""

    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    history: list[tuple[str, Announced]] = field(default_factory=list)
    store: Stored = field(default_factory=Stored)
    disk: dict[str, Content] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)

    def found(self) -> list[str]:
        """Return every broken promise."""
        record = FileRecord()
        for line, (caption, content) in enumerate(SENDS.items(), start=1):
            record.shared("Ann#1", line, caption, content)
        for line, seq in enumerate((1, 2), start=1):
            record.asked("Ben#1", line, f"file-{seq}")
        for label, event in self.events:
            record.handle(label, event)
        for label in self.killed:
            record.killed(label)
        end = StoredEnd(self.history, self.store, self.store, Stored())
        evidence = record.evidence(("Ann", "Ben"), end, self._read)
        return [*record.unfinished(), *record.unexpected_refusals(), *check(evidence)]

    def _read(self, name: str, saved: dict[str, Path], failed: dict[str, str]) -> Receiver:
        return Receiver(name, {file: self.disk.get(file) for file in saved}, failed, self.left)


def announced(seq: int, caption: str, content: Content) -> tuple[str, Announced]:
    """Return what the history has."""
    return caption, Announced(seq, f"id-{seq}", f"file-{seq}", content)


def saved(seq: int, line: int) -> tuple[str, dict[str, Any]]:
    """Let Ben save a file."""
    return "Ben#1", {"event": "saved", "file": f"file-{seq}", "path": f"/downloads/{seq}", "line": line}


def good_run() -> Run:
    """Return a run in which Ann sent two files, and Ben has both."""
    run = Run()
    for seq, (caption, content) in enumerate(SENDS.items(), start=1):
        run.events += [("Ann#1", message(seq, caption, content, own=True))]
        run.events += [("Ben#1", message(seq, caption, content, own=False)), saved(seq, seq)]
        run.history.append(announced(seq, caption, content))
        run.store.files.append(StoredFile(f"file-{seq}", f"blob-{seq}", content, {seq}))
        run.store.blobs[f"blob-{seq}"] = content
        run.disk[f"file-{seq}"] = content
    return run


def test_a_good_run_passes() -> None:
    """Nothing is found if nothing is wrong."""
    assert good_run().found() == []


def refused(code: str) -> tuple[str, dict[str, Any]]:
    """Return that Ann's second file was refused."""
    return "Ann#1", {"event": "file-failed", "id": "id-2", "reason": "No.", "code": code, "line": 2}


def without_the_second(run: Run) -> None:
    """Let nobody see Ann's second file."""
    run.events = [
        (label, event)
        for label, event in run.events
        if event.get("seq", 0) != 2 and event.get("file") != "file-2"
    ]
    run.history.pop()
    run.store.files.pop()
    del run.store.blobs["blob-2"]


def test_a_file_that_was_refused_as_the_disk_was_full_is_none() -> None:
    """Its sender has read why, and nobody has seen it; Ben was never asked to get it."""
    run = good_run()
    without_the_second(run)
    run.events.append(refused("store-full"))
    assert run.found() == ["Ben#1 waits for the file file-2"]


def test_what_a_killed_client_had_not_finished_is_not_expected() -> None:
    """Neither what it sent nor what it got."""
    run = good_run()
    without_the_second(run)
    run.killed = ["Ann#1", "Ben#1"]
    assert run.found() == []


def test_a_killed_sender_need_not_know_that_a_file_was_announced() -> None:
    """It was sent by them nevertheless."""
    run = good_run()
    run.events = [(label, event) for label, event in run.events if label != "Ann#1"]
    run.killed = ["Ann#1"]
    assert run.found() == []


def a_file_arrives_damaged(run: Run) -> None:
    run.disk["file-1"] = LATE


def a_saved_file_is_gone(run: Run) -> None:
    del run.disk["file-1"]


def a_file_never_arrives(run: Run) -> None:
    run.events.remove(saved(2, 2))


def a_download_fails(run: Run) -> None:
    run.events.remove(saved(2, 2))
    run.events.append(
        ("Ben#1", {"event": "file-failed", "reason": "Gone.", "code": "unknown-entry", "line": 2})
    )


def a_sender_is_told_nothing(run: Run) -> None:
    without_the_second(run)


def a_refusal_has_no_reason(run: Run) -> None:
    without_the_second(run)
    run.events.append(refused("fault"))


def a_refused_file_is_announced(run: Run) -> None:
    run.events = [(label, event) for label, event in run.events if label != "Ann#1" or event["seq"] != 2]
    run.events.append(refused("store-full"))


def an_accepted_file_is_lost(run: Run) -> None:
    run.history.pop()


def a_file_is_announced_twice(run: Run) -> None:
    run.history.append((run.history[0][0], Announced(3, "id-1", "file-1", REPORT)))


def nobody_sent_it(run: Run) -> None:
    run.history.append(announced(3, "Ann#1 sends three", LATE))


def the_store_lacks_its_bytes(run: Run) -> None:
    del run.store.blobs["blob-1"]


def a_part_is_left(run: Run) -> None:
    run.left.append("one.bin.part")


def an_upload_is_left(run: Run) -> None:
    run.store.parts.append("blob-9.part")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (a_file_arrives_damaged, "Ben has Content(size=5"),
        (a_saved_file_is_gone, "Ben has None"),
        (a_file_never_arrives, "Ben#1 waits for the file file-2"),
        (a_download_fails, "unknown-entry: Gone."),
        (a_sender_is_told_nothing, "has neither sent “Ann#1 sends two”"),
        (a_refusal_has_no_reason, "could not send “Ann#1 sends two”: fault: No."),
        (a_refused_file_is_announced, "was told that id-2 is not sent"),
        (an_accepted_file_is_lost, "Ann saw id-2 announced"),
        (a_file_is_announced_twice, "id id-1 2 times"),
        (nobody_sent_it, "nobody sent"),
        (the_store_lacks_its_bytes, "at the end the store has None"),
        (a_part_is_left, "Ben has partial files left"),
        (an_upload_is_left, "after an hour partial files are there"),
    ],
)
def test_a_broken_promise_is_noticed(spoil: Callable[[Run], None], sentence: str) -> None:
    """Each of them, in a sentence that names it."""
    run = good_run()
    spoil(run)
    found = run.found()
    assert any(sentence in each for each in found), found
