"""What a member does with what its client prints, without a network."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.lan.faults.actors import ChatMember
from tests.lan.faults.file_traffic import FileTraffic
from tests.lan.faults.record import RunRecord
from tests.lan.lan import ROOT, Host
from tests.lan.process import TIMEOUT_S, Process

FILE = {"id": "file-8", "name": "x", "size": 3, "sha256": "aa"}
ANNOUNCEMENT = {
    "event": "message",
    "seq": 8,
    "id": "id-8",
    "member": "m",
    "name": "Ann",
    "text": "Ann#1 sends x\n[file] x (3 bytes)",
    "own": False,
    "file": FILE,
}
PRINT_AND_READ = "import sys; print(sys.argv[1], flush=True); sys.stdin.readline()"


class AnnouncingHost(Host):
    """A host on which each program prints the announcement of a file, and reads a line."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(
        self, command: Sequence[str], *, env: Mapping[str, str] = os.environ, cwd: Path = ROOT
    ) -> Process:
        """Start that program, which ignores the command."""
        program = [sys.executable, "-c", PRINT_AND_READ, json.dumps(ANNOUNCEMENT), *command]
        return Process(program, "announcing", env=env, cwd=cwd)


def test_a_file_is_asked_for_before_its_announcement_is_recorded(tmp_path: Path) -> None:
    """Between the two a run would believe that all files have arrived, and end."""
    record = RunRecord(tmp_path / "record.jsonl")
    files = FileTraffic("seed", tmp_path / "files", 60)
    ben = ChatMember(AnnouncingHost(tmp_path / "home"), "Ben", record, 1, proxied=False, files=files)
    ben.join()
    try:
        assert record.wait_until(lambda: record.highest_seq == {"Ben#1": 8}, TIMEOUT_S)
    finally:
        ben.process.stop()
        record.close()
    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()
    ]
    assert [row["what"] for row in rows] == ["gets", "told"]
    assert record.files.unfinished() == ["Ben#1 waits for the file file-8"]
