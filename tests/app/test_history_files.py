"""The files of printed messages, copied out of a room's store."""

from __future__ import annotations

import hashlib
import stat
import sys
from pathlib import Path

import pytest

from messango.app.history_files import CopyFailed, HistoryFiles
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import FileInfo, Message
from messango.room.files.file_records import FileRecords, file_added
from messango.room.files.kept_file import KeptFile
from messango.room.files.shared_file import Uploader
from messango.room.files.stored_files import StoredFiles

THEN_S = 1_700_000_000.0


class Store:
    """A store on the disk, with the records that a server writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._count = 0

    def add(self, name: str, data: bytes, *, is_stored: bool = True) -> Message:
        """Store a file, and return the message that announces it."""
        self._count += 1
        file = FileInfo(f"f{self._count}", name, len(data), hashlib.sha256(data).hexdigest())
        blob = f"{self._count:032x}"
        if is_stored:
            (self.folder / blob).write_bytes(data)
            records = FileRecords(self.folder / "files.sqlite", THEN_S)
            records.write([file_added(KeptFile(file, blob, Uploader("m1", "10.0.0.1"), "u1", THEN_S))])
            records.close()
        text = text_with_file("", file)
        return Message(self._count, f"{self._count}", "m1", THEN_S, "Ann", text, file=file)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "room.files")


@pytest.fixture
def files(store: Store, tmp_path: Path) -> HistoryFiles:
    """A folder for its files, which does not exist yet."""
    return HistoryFiles(StoredFiles(store.folder), tmp_path / "out" / "files")


def contents(tmp_path: Path) -> dict[str, bytes]:
    """Return what was copied."""
    return {path.name: path.read_bytes() for path in (tmp_path / "out" / "files").iterdir()}


def test_files_are_copied_with_the_time_of_their_message(
    store: Store, files: HistoryFiles, tmp_path: Path
) -> None:
    """Every message is yielded; one without a file, too."""
    plain = Message(9, "9", "m1", THEN_S, "Ann", "hello")
    messages = [store.add("a.txt", b"aaa"), plain, store.add("empty", b"")]
    assert list(files.collect(messages)) == messages
    assert contents(tmp_path) == {"a.txt": b"aaa", "empty": b""}
    status = (tmp_path / "out" / "files" / "a.txt").stat()
    assert status.st_mtime == THEN_S
    assert sys.platform == "win32" or stat.S_IMODE(status.st_mode) == 0o600
    assert files.missing == []


def test_nothing_is_overwritten(store: Store, files: HistoryFiles, tmp_path: Path) -> None:
    """Two files of one name are numbered; a file of the person's stays as it is."""
    (tmp_path / "out" / "files" / "a.txt").write_bytes(b"mine")
    list(files.collect([store.add("a.txt", b"one"), store.add("a.txt", b"two")]))
    assert contents(tmp_path) == {"a.txt": b"mine", "a (2).txt": b"one", "a (3).txt": b"two"}


def test_a_second_run_copies_only_what_is_new(store: Store, files: HistoryFiles, tmp_path: Path) -> None:
    """A file that is there with the same bytes is not copied again."""
    first = store.add("a.txt", b"one")
    list(files.collect([first]))
    again = HistoryFiles(StoredFiles(store.folder), tmp_path / "out" / "files")
    list(again.collect([first, store.add("b.txt", b"two")]))
    assert contents(tmp_path) == {"a.txt": b"one", "b.txt": b"two"}


@pytest.mark.parametrize("name", ["../../escaped", "/etc/passwd", "..", "con", "a\nb", "x" * 600])
def test_a_name_is_never_a_path(store: Store, files: HistoryFiles, tmp_path: Path, name: str) -> None:
    """A history of another computer may name anything."""
    list(files.collect([store.add(name, b"data")]))
    assert list(contents(tmp_path).values()) == [b"data"]
    assert not (tmp_path / "escaped").exists()


def test_what_is_missing_or_damaged_is_named(store: Store, files: HistoryFiles, tmp_path: Path) -> None:
    """The others are copied; nothing is left of a damaged one."""
    expired = store.add("old.txt", b"old", is_stored=False)
    gone = store.add("gone.txt", b"gone")
    (store.folder / f"{2:032x}").unlink()
    flipped = store.add("flipped.txt", b"flipped")
    (store.folder / f"{3:032x}").write_bytes(b"Flipped")
    list(files.collect([expired, gone, flipped, store.add("good.txt", b"good")]))
    assert contents(tmp_path) == {"good.txt": b"good"}
    assert files.missing == [
        "old.txt (3 bytes): the room does not have it any more.",
        "gone.txt (4 bytes): the room does not have it any more.",
        "flipped.txt (7 bytes): the stored file is damaged.",
    ]


def test_records_that_name_a_path_open_nothing(store: Store, files: HistoryFiles, tmp_path: Path) -> None:
    """A history and its files may come from somebody else."""
    message = store.add("a.txt", b"one")
    (tmp_path / "secret").write_bytes(b"one")
    records = FileRecords(store.folder / "files.sqlite", THEN_S)
    records.write([("UPDATE file SET blob = ?", ("../secret",))])
    records.close()
    list(files.collect([message]))
    assert contents(tmp_path) == {}


def test_records_that_can_not_be_read(store: Store, files: HistoryFiles, tmp_path: Path) -> None:
    """They are a reason, not a traceback."""
    message = store.add("a.txt", b"one")
    (store.folder / "files.sqlite").write_bytes(b"no database" * 99)
    list(files.collect([message]))
    assert contents(tmp_path) == {}
    assert "can't be read" in files.missing[0]


def test_a_folder_that_can_not_be_used(store: Store, tmp_path: Path) -> None:
    """It is said before anything is printed."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CopyFailed, match="can't be saved"):
        HistoryFiles(StoredFiles(store.folder), tmp_path / "file" / "below")


def test_while_the_server_has_the_records_open(store: Store, files: HistoryFiles, tmp_path: Path) -> None:
    """Reading needs no server, and disturbs none."""
    message = store.add("a.txt", b"one")
    records = FileRecords(store.folder / "files.sqlite", THEN_S)
    before = (store.folder / "files.sqlite").stat().st_mtime_ns
    list(files.collect([message]))
    assert contents(tmp_path) == {"a.txt": b"one"}
    assert (store.folder / "files.sqlite").stat().st_mtime_ns == before
    records.close()
