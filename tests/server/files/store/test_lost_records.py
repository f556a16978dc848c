"""Whatever happens to the folder between two runs, the room opens, and files that are announced are whole."""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol import error_codes
from messango.room.files import file_records
from messango.room.files.refusals import FileRefused
from messango.room.host.host_events import ServerWarning
from tests.server.files.stores import BEN, DAY_S, FakeFolder, StoreHarness


def spoil_header(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1_000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def delete(path: Path) -> None:
    path.unlink()


def spoil_pages(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4_096] + b"\xa5" * (len(data) - 4_096))


def drop_table(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("DROP TABLE file")


def foreign_value(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE file SET info = '{}'")


def foreign_blob(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE file SET blob = '../../../etc/passwd'")


def foreign_share(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("UPDATE share SET time = 'noon'")


SPOILERS = [
    spoil_header,
    cut_off,
    empty,
    delete,
    spoil_pages,
    drop_table,
    foreign_value,
    foreign_blob,
    foreign_share,
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_files_of_undeleted_messages_are_recovered(
    harness: StoreHarness, spoil: Callable[[Path], None]
) -> None:
    kept = harness.share(harness.upload(b"kept" * 1_000), 1)
    same = harness.share(harness.upload(b"kept" * 1_000, uploader=BEN), 2, "ben")
    harness.share(harness.upload(b"deleted", "u2"), 3)
    harness.upload(b"never shared", "u3")
    harness.store.close()
    spoil(harness.folder.records_path)
    harness.open([kept, same])
    harness.store.expire()
    assert harness.read(kept.file.id) == b"kept" * 1_000
    assert harness.read(same.file.id) == b"kept" * 1_000
    assert len(harness.on_disk()) == 1
    is_noticed = spoil not in (delete, empty)
    assert [type(event) for event in harness.events] == [ServerWarning] * is_noticed
    harness.reopen([kept, same])
    assert harness.read(kept.file.id) == b"kept" * 1_000
    harness.now_s += 8 * DAY_S
    assert harness.on_disk() == []


@pytest.mark.parametrize("spoil", SPOILERS)
def test_without_the_history_nothing_is_removed(harness: StoreHarness, spoil: Callable[[Path], None]) -> None:
    """It may be readable the next time."""
    harness.share(harness.upload(b"kept"), 1)
    harness.store.close()
    spoil(harness.folder.records_path)
    harness.open(None)
    assert len(harness.on_disk()) == 1


def test_damaged_records_are_renamed_and_never_deleted(harness: StoreHarness) -> None:
    harness.upload(b"x")
    for number in (1, 2):
        harness.store.close()
        spoil_header(harness.folder.records_path)
        harness.open([])
        assert harness.path.joinpath(f"files.sqlite.damaged-{number}").read_bytes().startswith(b"no database")


def test_records_of_a_later_version_are_left_alone(harness: StoreHarness) -> None:
    info = harness.upload(b"kept")
    harness.share(info, 1)
    harness.store.close()
    with closing(sqlite3.connect(harness.folder.records_path, isolation_level=None)) as database:
        database.execute("INSERT INTO step VALUES ('of the future', 1.0)")
    before = harness.folder.records_path.read_bytes()
    harness.open([])
    with pytest.raises(FileRefused) as error:
        harness.upload(b"more", "u2")
    assert error.value.code == error_codes.FAULT
    assert "later version" in str(error.value)
    assert harness.folder.records_path.read_bytes() == before
    assert [type(event) for event in harness.events] == [ServerWarning]


def test_a_share_that_was_not_recorded_is_mended_from_the_history(harness: StoreHarness) -> None:
    """The server was killed after the message was stored."""
    info = harness.upload(b"hello")
    shared = harness.share(info, 1)
    with closing(sqlite3.connect(harness.folder.records_path, isolation_level=None)) as database:
        database.execute("DELETE FROM share")
    harness.store.expire()
    harness.reopen([shared])
    assert harness.read(info.id) == b"hello"


def test_a_deletion_that_was_not_recorded_is_mended_from_the_history(harness: StoreHarness) -> None:
    harness.share(harness.upload(b"hello"), 1)
    harness.reopen([])
    assert harness.on_disk() == []


def test_what_a_killed_server_has_left_goes(harness: StoreHarness) -> None:
    """A whole file without a record, a partial one without, and strangers' files that stay."""
    harness.upload(b"x")
    harness.store.close()
    (harness.path / ("a" * 32)).write_bytes(b"orphan")
    (harness.path / f"{'b' * 32}.part").write_bytes(b"part")
    (harness.path / "notes.txt").write_bytes(b"not ours")
    harness.open([])
    harness.now_s += DAY_S
    assert harness.on_disk() == ["notes.txt"]


def test_a_file_that_lost_bytes_is_not_given(harness: StoreHarness) -> None:
    shared = harness.share(harness.upload(b"hello"), 1)
    (name,) = harness.on_disk()
    harness.store.close()
    (harness.path / name).write_bytes(b"hell")
    harness.open([shared])
    with pytest.raises(FileRefused):
        harness.read(shared.file.id)


def test_a_folder_that_is_a_file_refuses_uploads(harness: StoreHarness) -> None:
    harness.path.write_bytes(b"in the way")
    with pytest.raises(FileRefused) as error:
        harness.begin(b"hello")
    assert error.value.code == error_codes.FAULT


class EndlessFile(io.BytesIO):
    """A file so large that nobody has ever read it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_read = threading.Event()

    def read(self, size: int | None = -1) -> bytes:
        self.is_read.set()
        return bytes(size or 0)


def test_a_store_closes_while_it_looks_for_bytes(
    harness: StoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To hash all files of a large store takes minutes; what was not found yet is for the next start."""
    shared = harness.share(harness.upload(b"kept" * 1_000), 1)
    harness.store.close()
    delete(harness.folder.records_path)
    endless = EndlessFile()
    with monkeypatch.context() as patched:
        patched.setattr(FakeFolder, "open_blob", lambda _folder, _name, _size: endless)
        harness.open([shared])
        assert endless.is_read.wait(10)
        ending = threading.Thread(target=harness.store.close, daemon=True)
        ending.start()
        ending.join(5)
        assert not ending.is_alive()
    harness.open([shared])
    harness.store.expire()
    assert harness.read(shared.file.id) == b"kept" * 1_000


def test_records_that_are_locked_at_the_start(harness: StoreHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program has them open: the store opens when it can, and knows what was deleted meanwhile."""
    kept = harness.share(harness.upload(b"kept"), 1)
    harness.share(harness.upload(b"deleted", "u2"), 2)
    harness.store.close()
    monkeypatch.setattr(file_records, "_BUSY_TIMEOUT_S", 0.0)
    with closing(sqlite3.connect(harness.folder.records_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        harness.open([kept])
        assert [type(event) for event in harness.events] == [ServerWarning]
        assert harness.store.expire() is not None
        harness.store.remove_share(2)
        other.execute("ROLLBACK")
    harness.store.expire()
    assert harness.read(kept.file.id) == b"kept"
    assert len(harness.on_disk()) == 1
