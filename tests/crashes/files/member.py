"""A member of a course as its parent sees it: a process, and all that it has ever said."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias
from unittest.mock import patch

from messango.client.files.downloads.partial_downloads import PartialDownload, PartialDownloads
from messango.protocol.limits import PART_KEPT_S
from tests.crashes.files.records import Announced, Content, Receiver, Visit

_STEP_BYTES: Final = 1 << 20

Said: TypeAlias = "tuple[FileMember, dict[str, Any]]"


class FileMember:
    """Owns the process and the thread that reads from it; events go to `said`. For one thread."""

    def __init__(self, name: str, folder: Path, said: queue.SimpleQueue[Said]) -> None:
        self.name = name
        self.visits: list[Visit] = []
        self.is_ready = False
        #: Own messages with files by their numbers, those that were deleted, and paths of saved files.
        self.own: dict[int, str] = {}
        self.saved: dict[str, Path] = {}
        self.missed: dict[str, str] = {}
        self._folder, self._home = folder / "downloads", folder / "home"
        self._folder.mkdir(parents=True)
        self._said = said
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def start(self, room: str) -> None:
        """Start the process; it joins."""
        self.is_ready = False
        self.visits.append(Visit(self.name))
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.crashes.files.member_program"),
                *(room, self.name, str(self._folder), *self.saved),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "MESSANGO_HOME": str(self._home)},
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), name=f"read-{self.name}")
        self._reader.start()

    def command(self, **fields: Any) -> None:
        """Have it do something."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(fields) + "\n")
            self.process.stdin.flush()

    def kill(self) -> None:
        """Kill it, and wait until all that it said was read."""
        self.process.kill()
        self._finish()

    def freeze(self, *, frozen: bool) -> None:
        """Stop it, as a computer that is too busy, or let it go on."""
        self.process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def leave(self) -> None:
        """Let it leave the room."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()

    def _finish(self) -> None:
        self.process.wait()
        assert self._reader is not None
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._said.put((self, json.loads(line)))

    def handle(self, said: dict[str, Any]) -> None:
        """Take in what it said."""
        match said["event"]:
            case "joined" | "ended":
                self._handle_session(said)
            case "announced":
                self.visits[-1].announced.append(announced(said))
                if said["own"]:
                    self.own[said["seq"]] = said["id"]
            case "deleted":
                self.visits[-1].deleted.add(said["target"])
                self.own.pop(said["target"], None)
            case "saved":
                self.saved[said["file"]] = Path(said["path"])
            case "missed":
                self.missed[said["file"]] = said["reason"]

    def _handle_session(self, said: dict[str, Any]) -> None:
        self.is_ready = said["event"] == "joined"
        if said["event"] == "ended" or (
            said["event"] == "joined" and not said["resumed"] and self.visits[-1].announced
        ):
            self.visits.append(Visit(self.name))

    def receiver(self) -> Receiver:
        """Return what is on its disk when partial downloads have had their hour."""
        return read_receiver(self.name, self._home, self._folder, self.saved, self.missed)


def read_receiver(
    name: str, home: Path, folder: Path, saved: Mapping[str, Path], failed: Mapping[str, str]
) -> Receiver:
    """Return what is in a member's folder when partial downloads have had their hour."""
    with patch.dict(os.environ, {"MESSANGO_HOME": str(home)}):
        other = PartialDownload("", "", "", 0, "", "", 0.0)
        PartialDownloads(lambda: time.time() + PART_KEPT_S + 1).resume(other)
    receiver = Receiver(name, failed=dict(failed))
    for file, path in saved.items():
        receiver.saved[file] = content_of(path) if path.exists() else None
    known = {path.name for path in saved.values()}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".part":
            receiver.left.append(path.name)
        elif path.name not in known:
            receiver.unreported[path.name] = content_of(path)
    return receiver


def announced(said: dict[str, Any]) -> Announced:
    """Return a message with a file."""
    file = said["file"]
    return Announced(said["seq"], said["id"], file["id"], Content(file["size"], file["sha256"]))


def content_of(path: Path) -> Content:
    """Return what is in a file."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while data := file.read(_STEP_BYTES):
            digest.update(data)
            size += len(data)
    return Content(size, digest.hexdigest())
