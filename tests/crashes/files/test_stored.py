"""A real store that was spoiled on the disk is noticed, as the laboratory reads it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from messango.room.files.file_records import FileRecords
from tests.crashes.files.checker import check
from tests.crashes.files.records import Announced, Content, Evidence, Outcome, Sent, Stored
from tests.crashes.files.stored import read_later, read_store
from tests.server.files.stores import KEPT_S, StoreHarness, sha256

DATA = b"the bytes of a file"
CONTENT = Content(len(DATA), sha256(DATA))


def evidence_of(folder: Path, spoil: Callable[[Path], object] = lambda _: None) -> Evidence:
    """Store and share a file, spoil the folder, and return what the laboratory would read of it."""
    harness = StoreHarness(folder)
    info = harness.upload(DATA)
    harness.share(info, 1)
    harness.store.close()
    spoil(folder)
    stored = read_store(folder)
    return Evidence(
        sent={"s1": Sent("Ann", CONTENT, Outcome.ACCEPTED)},
        visits=[],
        receivers=[],
        history=[Announced(1, "s1", info.id, CONTENT)],
        deleted=set(),
        stored=stored,
        after_an_hour=stored,
        after_all=Stored(),
    )


def blob_in(folder: Path) -> Path:
    """Return the file with the bytes."""
    (blob,) = (path for path in folder.iterdir() if "." not in path.name)
    return blob


def flip_a_byte(folder: Path) -> None:
    data = bytearray(blob_in(folder).read_bytes())
    data[7] ^= 1
    blob_in(folder).write_bytes(data)


def truncate(folder: Path) -> None:
    blob_in(folder).write_bytes(DATA[:-1])


def remove_the_bytes(folder: Path) -> None:
    blob_in(folder).unlink()


def remove_the_record(folder: Path) -> None:
    records = FileRecords(folder / "files.sqlite", 0.0)
    records.write([("DELETE FROM file", ())])
    records.close()


def remove_the_share(folder: Path) -> None:
    records = FileRecords(folder / "files.sqlite", 0.0)
    records.write([("DELETE FROM share", ())])
    records.close()


def test_a_whole_store(tmp_path: Path) -> None:
    """Nothing is found."""
    assert check(evidence_of(tmp_path / "store")) == []


@pytest.mark.parametrize(
    "spoil", [flip_a_byte, truncate, remove_the_bytes, remove_the_record, remove_the_share]
)
def test_a_spoiled_store_is_noticed(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    """Whatever is wrong with it."""
    found = check(evidence_of(tmp_path / "store", spoil))
    assert any(sentence.startswith("at the end the store has") for sentence in found), found


def test_what_is_left_later(tmp_path: Path) -> None:
    """A partial file is there now, and gone after an hour; everything is gone after its time."""
    folder = tmp_path / "store"
    evidence_of(folder, lambda store: (store / f"{7:032x}.part").write_bytes(b"half"))
    assert read_store(folder).parts == [f"{7:032x}.part"]
    assert read_later(folder, [], KEPT_S + 3_700.0, KEPT_S) == Stored()
