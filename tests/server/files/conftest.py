"""A store for each test, closed at its end, as are the records of stores that a test has killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.room.files.file_records import FileRecords
from tests.server.files.stores import StoreHarness


@pytest.fixture(autouse=True)
def close_records(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the records of stores that a test has killed: only the end of a process does that by itself."""
    opened: list[FileRecords] = []
    really_open = FileRecords.__init__

    def open_records(records: FileRecords, path: Path, now_s: float) -> None:
        opened.append(records)
        really_open(records, path, now_s)

    monkeypatch.setattr(FileRecords, "__init__", open_records)
    yield
    for records in opened:
        records.close()


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[StoreHarness]:
    """A store that nobody has used yet."""
    made = StoreHarness(tmp_path / "room.files")
    yield made
    made.store.close()
