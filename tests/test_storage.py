"""What Messango keeps is for its owner alone, and is replaced whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from messango.errors import StorageUnavailable
from messango.storage import default_user_name, file_lock, home, write_private

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")


def mode(path: Path) -> int:
    """Return who may do what with `path`."""
    return stat.S_IMODE(path.stat().st_mode)


def test_home_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`MESSANGO_HOME` wins, and the folder is made, its parents too."""
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "a" / "b"))
    assert home() == tmp_path / "a" / "b"
    assert home().is_dir()


def test_home_understands_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `~` that no shell has replaced is the person's own folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("MESSANGO_HOME", "~/rooms")
    assert home() == tmp_path / "rooms"


@pytest.mark.parametrize("value", [None, ""])
def test_home_is_the_systems_place_otherwise(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unset or empty, settings go where the system keeps them."""
    monkeypatch.setattr("click.get_app_dir", lambda program: str(tmp_path / "config" / program))
    monkeypatch.delenv("MESSANGO_HOME")
    if value is not None:
        monkeypatch.setenv("MESSANGO_HOME", value)
    assert home() == tmp_path / "config" / "messango"


def test_a_home_that_can_not_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file is in the way, the sentence names the folder and the system's reason."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StorageUnavailable, match="can't use its folder") as caught:
        home()
    assert caught.value.folder == tmp_path / "file" / "home"
    assert caught.value.hint


@posix
def test_home_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else on the machine may look in."""
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "kept"))
    assert mode(home()) == 0o700


@posix
def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    """A key is readable by its owner alone, also where it replaces a file that was not."""
    path = tmp_path / "folder" / "key"
    write_private(path, b"secret")
    assert (path.read_bytes(), mode(path), mode(path.parent)) == (b"secret", 0o600, 0o700)
    path.chmod(0o644)
    write_private(path, b"newer")
    assert (path.read_bytes(), mode(path)) == (b"newer", 0o600)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs the new content, not the old, and leaves no litter."""
    path = tmp_path / "key"
    write_private(path, b"old")

    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_one_change_at_a_time(tmp_path: Path) -> None:
    """A second change begins when the first is done."""
    path = tmp_path / "file"
    order: list[str] = []

    def change() -> None:
        with file_lock(path):
            order.append("second")

    second = threading.Thread(name="messango-test", target=change)
    with file_lock(path):
        second.start()
        second.join(0.05)
        order.append("first")
    second.join()
    assert order == ["first", "second"]


def test_who_was_stopped_in_a_change_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while it goes on all the same."""
    monkeypatch.setattr("messango.storage._LOCK_TIMEOUT_S", 0.02)
    with file_lock(tmp_path / "file"), file_lock(tmp_path / "file"):
        pass


def test_the_name_offered_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    """`MESSANGO_NAME` wins over the system's name for the person."""
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    assert default_user_name() == "ann"
    monkeypatch.setenv("MESSANGO_NAME", "Ann Lee")
    assert default_user_name() == "Ann Lee"


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_somebody_the_system_does_not_know_is_a_guest(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container the user may have no name; each Python says so by another error."""

    def nobody() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nobody)
    assert default_user_name() == "guest"
