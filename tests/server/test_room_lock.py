"""The same name is the same room, and never open twice."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from messango.errors import CorruptFile
from messango.protocol.limits import MAX_NAME_CHARACTERS
from messango.server.room_lock import lock_room


def room_file() -> Path:
    """Return the only file there is."""
    (path,) = (Path(os.environ["MESSANGO_HOME"]) / "rooms").iterdir()
    return path


def test_the_same_name_is_the_same_room() -> None:
    """However the name is written this time."""
    first = lock_room("Tea")
    first.release()
    again = lock_room("TEA")
    again.release()
    assert first.room_id == again.room_id
    assert len(bytes.fromhex(first.room_id)) == 8


def test_a_room_that_an_earlier_version_has_named_is_still_the_same() -> None:
    """Its rule kept invisible characters such as the one after this emoji; the id stays."""
    name = "Tea \N{HOT BEVERAGE}\ufe0f"
    first = lock_room(name)
    first.release()
    former = hashlib.sha256("tea \N{HOT BEVERAGE}\ufe0f".encode()).hexdigest()[:16]
    first.path.rename(first.path.with_name(f"{former}.room"))
    again = lock_room(name)
    again.release()
    assert (again.room_id, again.path.stem) == (first.room_id, former)


def test_another_name_is_another_room() -> None:
    """Each name has its own id."""
    tea, coffee = lock_room("Tea"), lock_room("Coffee")
    tea.release()
    coffee.release()
    assert tea.room_id != coffee.room_id


def test_an_open_room_is_not_opened_twice() -> None:
    """The second gets a number; after the first has closed its name is free again."""
    first, second = lock_room("Tea"), lock_room("tea")
    assert (first.name, second.name) == ("Tea", "tea 2")
    assert first.room_id != second.room_id
    first.release()
    third = lock_room("Tea")
    assert (third.name, third.room_id) == ("Tea", first.room_id)
    second.release()
    third.release()


def test_a_room_open_in_another_process_is_not_opened_twice() -> None:
    """The lock ends with the process, even if that is killed."""
    program = (
        "from messango.server.room_lock import lock_room; "
        "h = lock_room('Tea')\nprint(h.name, flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "Tea\n"
        ours = lock_room("Tea")
        ours.release()
        assert ours.name == "Tea 2"
        other.kill()
        other.wait()
    ours = lock_room("Tea")
    ours.release()
    assert ours.name == "Tea"


def test_a_long_name_with_a_number() -> None:
    """The number replaces the end of the name."""
    first, second = lock_room("x" * MAX_NAME_CHARACTERS), lock_room("x" * MAX_NAME_CHARACTERS)
    first.release()
    second.release()
    assert second.name == "x" * (MAX_NAME_CHARACTERS - 2) + " 2"


def test_release_twice_is_harmless() -> None:
    """Also later."""
    held = lock_room("Tea")
    held.release()
    held.release()


@pytest.mark.parametrize("damaged", [b"not hex", b"\xff\xfe", b"3f", b"0" * 400])
def test_a_damaged_file(damaged: bytes) -> None:
    """The error names the file and what to do; the file is not changed."""
    lock_room("Tea").release()
    path = room_file()
    path.write_bytes(damaged)
    with pytest.raises(CorruptFile) as caught:
        lock_room("Tea")
    assert str(path) in str(caught.value)
    assert caught.value.hint
    assert path.read_bytes() == damaged


def test_an_empty_file() -> None:
    """It gets an id: the process was killed between creating and writing it."""
    lock_room("Tea").release()
    room_file().write_bytes(b"")
    lock_room("Tea").release()
    assert len(room_file().read_bytes()) > 8


def test_a_folder_without_permission(monkeypatch: pytest.MonkeyPatch) -> None:
    """For example one that root has created: an error in a sentence, no traceback."""

    def denied(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    with pytest.raises(CorruptFile):
        lock_room("Tea")


@pytest.mark.skipif(sys.platform == "win32", reason="flock is Unix's")
def test_a_file_system_without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems have none: the room opens under its own name."""

    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    held = lock_room("Tea")
    held.release()
    assert held.name == "Tea"
