"""The same name is the same room, and never open twice."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.errors import CorruptFile, FileInUse, RoomInUse, StorageUnavailable
from messango.server import room_lock
from messango.server.room_lock import lock_history, lock_room


def room_file() -> Path:
    """Return the only file there is."""
    (path,) = (Path(os.environ["MESSANGO_HOME"]) / "rooms").iterdir()
    return path


@pytest.fixture(autouse=True)
def _no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """No room here is just closing."""
    monkeypatch.setattr(room_lock, "_WAIT_FOR_CLOSE_S", 0.0)


def test_the_same_name_is_the_same_room() -> None:
    """However the name is written this time."""
    first = lock_room("Tea")
    first.release()
    again = lock_room("TEA")
    again.release()
    assert first.tag == again.tag
    assert len(bytes.fromhex(first.tag)) == 4


def test_a_room_that_an_earlier_version_has_named_is_still_the_same() -> None:
    """Its rule kept invisible characters such as the one after this emoji; the id stays."""
    name = "Tea \N{HOT BEVERAGE}\ufe0f"
    first = lock_room(name)
    first.release()
    former = hashlib.sha256("tea \N{HOT BEVERAGE}\ufe0f".encode()).hexdigest()[:16]
    first.path.rename(first.path.with_name(f"{former}.room"))
    again = lock_room(name)
    again.release()
    assert (again.tag, again.path.stem) == (first.tag, former)


def test_another_name_is_another_room() -> None:
    """Each name has its own tag, and both may be open at once."""
    tea, coffee = lock_room("Tea"), lock_room("Coffee")
    tea.release()
    coffee.release()
    assert tea.tag != coffee.tag


def test_an_open_room_is_not_opened_twice() -> None:
    """It is not another room with an empty history either; the error names our own process."""
    first = lock_room("Tea")
    with pytest.raises(RoomInUse, match="“tea” is already open in this process") as caught:
        lock_room("tea")
    assert (caught.value.pid, caught.value.exit_status) == (os.getpid(), 1)
    first.release()
    again = lock_room("Tea")
    again.release()
    assert (again.name, again.tag) == ("Tea", first.tag)


def test_a_room_open_in_another_process_is_not_opened_twice() -> None:
    """The error names the process. The lock ends with it, even if it is killed."""
    program = (
        "from messango.server.room_lock import lock_room; "
        "h = lock_room('Tea')\nprint(h.name, flush=True)\ninput()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "Tea\n"
        with pytest.raises(RoomInUse, match=rf"already open in process {other.pid},"):
            lock_room("Tea")
        other.kill()
        other.wait()
    lock_room("Tea").release()


def test_a_room_that_is_just_closing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member may take it over at once, and a service restarts without a pause."""
    first = lock_room("Tea")
    monkeypatch.setattr(room_lock, "_WAIT_FOR_CLOSE_S", 60.0)
    monkeypatch.setattr("messango.server.room_lock.time.sleep", lambda _: first.release())
    again = lock_room("Tea")
    again.release()
    assert again.tag == first.tag


def test_a_history_in_use_names_the_process(tmp_path: Path) -> None:
    """Two rooms must not write into one file."""
    first = lock_history(tmp_path / "tea.sqlite")
    assert first is not None
    with contextlib.closing(first):
        with pytest.raises(FileInUse, match="in this process") as caught:
            lock_history(tmp_path / "tea.sqlite")
        assert caught.value.pid == os.getpid()
    again = lock_history(tmp_path / "tea.sqlite")
    assert again is not None
    again.close()


@pytest.mark.parametrize("stored", ["5a0c7be2d1f4e893\n", "5a0c7be2", "5a0c7be2" * 4 + "\npid 1\n"])
def test_a_file_of_another_version_keeps_its_tag(stored: str) -> None:
    """Ids used to be 16 digits: the tag is how they began."""
    lock_room("Tea").release()
    room_file().write_text(stored)
    room = lock_room("Tea")
    room.release()
    assert room.tag == "5a0c7be2"
    assert room_file().read_text() == f"{stored.split()[0]}\npid {os.getpid()}\n"


def test_release_twice_is_harmless() -> None:
    """Also later."""
    held = lock_room("Tea")
    held.release()
    held.release()


@pytest.mark.parametrize("damaged", [b"not hex", b"\xff\xfe", b"3f", b"0" * 400, b"5A0C7BE2", b"5a0c7be2 "])
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
    with pytest.raises(StorageUnavailable):
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


@contextlib.contextmanager
def no_file_beyond(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond this size, as on a full disk."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_known_room_opens_without_space_for_its_process() -> None:
    """The lock holds; nobody reads the number of an earlier process."""
    tag = lock_and_release()
    room_file().write_text(f"{tag}\npid 1\n")
    with no_file_beyond(len(tag) + 1):
        room = lock_room("Tea")
        assert (room.tag, room_file().read_text()) == (tag, f"{tag}\n")
        with pytest.raises(RoomInUse, match="already open in another process"):
            lock_room("Tea")
        room.release()


def test_a_history_is_locked_without_space_for_its_process(tmp_path: Path) -> None:
    """The same for the lock beside a history."""
    (tmp_path / "tea.sqlite.lock").write_text("pid 1\n")
    with no_file_beyond(0):
        lock = lock_history(tmp_path / "tea.sqlite")
        assert lock is not None
        with pytest.raises(FileInUse, match="in another process"):
            lock_history(tmp_path / "tea.sqlite")
        lock.close()


def lock_and_release() -> str:
    """Return the tag of the room."""
    room = lock_room("Tea")
    room.release()
    return room.tag
