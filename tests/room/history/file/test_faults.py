"""Why a history file can't be used, and what helps."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from messango.room.history.file.faults import explain


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is there."""
    path = tmp_path / "room.sqlite"
    path.touch()
    return path


@pytest.mark.parametrize(
    ("number", "words", "passes"),
    [
        (errno.ENOSPC, "disk is full", True),
        (getattr(errno, "EDQUOT", errno.ENOSPC), "full|quota is used up", True),
        (errno.EACCES, "no permission", False),
        (errno.EROFS, "read-only", False),
        (errno.ENOENT, "no folder", False),
        (errno.EIO, "reports an error", True),
        (errno.ENOLCK, "does not support locks", False),
        (errno.ELOOP, "leads back to itself", False),
        (errno.ENAMETOOLONG, "is too long", False),
        (errno.EMFILE, "Too many files", True),
    ],
)
def test_each_error_of_the_system_has_its_sentence(
    path: Path,
    number: int,
    words: str,
    passes: bool,  # noqa: FBT001 (a parameter)
) -> None:
    """With a cure, and with a sentence for members, which has no path of the host's."""
    fault = explain(OSError(number, os.strerror(number)), path)
    assert any(word in fault.reason for word in words.split("|"))
    assert fault.passes is passes
    assert fault.cure
    assert str(path.parent) not in fault.for_members


@pytest.mark.parametrize("message", ["disk I/O error", "unable to open database file", "database is locked"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOLCK])
def test_the_system_is_asked_where_sqlite_does_not_say(
    path: Path, monkeypatch: pytest.MonkeyPatch, message: str, number: int
) -> None:
    """SQLite has one message for a full disk, a missing permission and a drive without locks."""
    monkeypatch.setattr("messango.room.history.file.faults._system_error", lambda *_, **__: number)
    fault = explain(sqlite3.OperationalError(message), path)
    if message == "database is locked" and number != errno.ENOLCK:
        assert "Another program holds" in fault.reason
    else:
        assert fault == explain(OSError(number, os.strerror(number)), path)


@pytest.mark.parametrize("message", ["no such table: message", "database disk image is malformed"])
def test_damage_is_not_tried_again(path: Path, message: str) -> None:
    """It does not pass, and the host of an open room reads what helps at once."""
    fault = explain(sqlite3.OperationalError(message), path)
    assert "is damaged" in fault.reason
    assert (fault.passes, fault.is_bad_file) == (False, True)
    assert "Move the file away" in fault.cure_while_open


def test_a_missing_folder_and_a_folder_in_its_place(tmp_path: Path) -> None:
    """The system says which."""
    fault = explain(sqlite3.OperationalError("unable to open database file"), tmp_path / "no" / "room.sqlite")
    assert "There is no folder" in fault.reason


def test_a_reader_on_a_full_disk(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite calls it an error of the drive: it has no space for what it needs to read a log."""

    def fail(_probe: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("messango.room.history.file.faults._try_lock", fail)
    fault = explain(sqlite3.OperationalError("disk I/O error"), path, writing=False)
    assert "The disk is full" in fault.reason
    assert fault.cure == "Free some space."
