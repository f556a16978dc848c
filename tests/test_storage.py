"""Messango's files are for their owner only, and are replaced completely or not at all."""

from __future__ import annotations

import os
import re
import stat
import sys
import threading
from pathlib import Path

import pytest

import messango
from messango.errors import StorageUnavailable
from messango.storage import (
    as_text,
    default_user_name,
    file_lock,
    home,
    home_warning,
    machine_name,
    write_private,
)

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="The XDG folders are Linux's")
posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")


def mode(path: Path) -> int:
    """Return the permission bits of `path`."""
    return stat.S_IMODE(path.stat().st_mode)


def test_home_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`MESSANGO_HOME` wins, and the folder is created with its parents."""
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "a" / "b"))
    assert home() == tmp_path / "a" / "b"
    assert home().is_dir()


def test_home_expands_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `~` that no shell has expanded is the user's home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("MESSANGO_HOME", "~/rooms")
    assert home() == tmp_path / "rooms"


@pytest.mark.parametrize("value", [None, ""])
def test_home_by_default(value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the variable is unset or empty, the folder is in the system's place for settings."""
    monkeypatch.setattr("click.get_app_dir", lambda program: str(tmp_path / "config" / program))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("MESSANGO_HOME")
    if value is not None:
        monkeypatch.setenv("MESSANGO_HOME", value)
    assert home() == tmp_path / "config" / "messango"


@on_linux
@pytest.mark.parametrize("config", ["", "relative/config", None])
def test_an_invalid_config_folder_counts_as_not_set(
    config: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty or relative XDG_CONFIG_HOME (its specification): no key in the current folder."""
    monkeypatch.delenv("MESSANGO_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "ann"))
    monkeypatch.chdir(tmp_path)
    if config is None:
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CONFIG_HOME", config)
    assert home() == tmp_path / "ann" / ".config" / "messango"
    assert [path.name for path in tmp_path.iterdir()] == ["ann"]


@on_linux
@pytest.mark.parametrize("inherited", [None, "", "relative"])
def test_without_a_home_folder(inherited: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whom the system does not know, without a usable HOME: a sentence that says what to set."""

    def unknown(uid: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {uid}")

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for name in ("MESSANGO_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    if inherited is not None:
        monkeypatch.setenv("HOME", inherited)
    with pytest.raises(StorageUnavailable, match="no home folder") as caught:
        home()
    assert "MESSANGO_HOME" in caught.value.hint
    monkeypatch.setenv("MESSANGO_HOME", "~/folder")
    with pytest.raises(StorageUnavailable, match="no home folder"):
        home()


def test_a_file_in_place_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says so."""
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("MESSANGO_HOME", str(file))
    with pytest.raises(StorageUnavailable, match="it is a file"):
        home()


@pytest.mark.parametrize(
    ("name", "text"),
    [("ann", "ann"), ("grüß", "grüß"), (b"caf\xe9".decode("utf-8", "surrogateescape"), "café")],
)
def test_a_name_of_the_system_is_text(name: str, text: str) -> None:
    """One that is not UTF-8 is taken for Latin-1."""
    assert as_text(name) == text


@pytest.mark.parametrize(
    ("name", "first"),
    [("desk.example.org", "desk"), ("", ""), (b"caf\xe9".decode("utf-8", "surrogateescape"), "café")],
)
def test_the_machine_name(name: str, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first part, as text that can be sent."""
    monkeypatch.setattr("socket.gethostname", lambda: name)
    assert machine_name() == first


def test_a_home_that_can_not_be_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the folder and the system's reason."""
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StorageUnavailable, match="can't use its folder") as caught:
        home()
    assert caught.value.folder == tmp_path / "file" / "home"
    assert caught.value.hint


@posix
def test_home_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mode is 0700."""
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "home"))
    assert mode(home()) == 0o700


def open_home(monkeypatch: pytest.MonkeyPatch, folder: Path, mode_bits: int = 0o755) -> Path:
    """Return Messango's folder as a backup or an older program left it: others can read it."""
    monkeypatch.setenv("MESSANGO_HOME", str(folder))
    (folder / "rooms").mkdir(parents=True)
    for name in ("certificate.pem", "known-rooms.json.lock", "rooms/1f.sqlite-wal"):
        (folder / name).touch(mode=0o644)
        (folder / name).chmod(0o644)
    folder.chmod(mode_bits)
    return folder


@posix
@pytest.mark.parametrize("mode_bits", [0o755, 0o777, 0o750, 0o2775])
def test_a_home_that_others_can_read_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode_bits: int
) -> None:
    """With all that is in it: the key, the rooms and their files."""
    folder = open_home(monkeypatch, tmp_path / "home", mode_bits)
    assert mode(home()) & 0o777 == 0o700
    assert mode(folder / "rooms") == 0o700
    for name in ("certificate.pem", "known-rooms.json.lock", "rooms/1f.sqlite-wal"):
        assert mode(folder / name) == 0o600
    assert home_warning() is None


def our_file_names() -> list[str]:
    """Return the names of the files in Messango's folder: constants called `FILE_NAME` or so."""
    constant = re.compile(r'^\w*FILE_NAME: Final = "([^"]+)"', re.MULTILINE)
    sources = Path(messango.__file__).parent.rglob("*.py")
    return [name for path in sources for name in constant.findall(path.read_text(encoding="utf-8"))]


@posix
def test_each_file_of_ours_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that a later part of Messango has added: an unknown file keeps the folder open."""
    folder = open_home(monkeypatch, tmp_path / "home")
    names = our_file_names()
    assert {"certificate.pem", "host-secret.json"} <= {*names}
    for name in names:
        (folder / name).touch()
        (folder / name).chmod(0o644)
    assert mode(home()) == 0o700
    assert [name for name in names if mode(folder / name) != 0o600] == []


@posix
@pytest.mark.parametrize("mode_bits", [0o755, 0o1777])
def test_a_folder_that_others_need_stays_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode_bits: int
) -> None:
    """Only Messango's own files in it are closed, and the host is told."""
    folder = open_home(monkeypatch, tmp_path / "home", mode_bits)
    if mode_bits == 0o755:
        (folder / "thesis.txt").touch()
    assert mode(home()) == mode_bits
    assert mode(folder / "certificate.pem") == 0o600
    warning = home_warning()
    assert warning is not None
    assert str(folder) in warning[0]
    assert "MESSANGO_HOME" in warning[1]


@posix
def test_a_home_behind_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder itself is closed; a linked file elsewhere is not ours to close."""
    folder = open_home(monkeypatch, tmp_path / "real")
    (tmp_path / "shared.json").touch()
    (tmp_path / "shared.json").chmod(0o644)
    (folder / "settings.json").symlink_to(tmp_path / "shared.json")
    (tmp_path / "link").symlink_to(folder)
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "link"))
    assert home() == tmp_path / "link"
    assert (mode(folder), mode(tmp_path / "shared.json")) == (0o700, 0o644)
    assert home_warning() is None


@posix
def test_a_home_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left as it is, and the host is told."""
    folder = open_home(monkeypatch, tmp_path / "home")
    monkeypatch.setattr("os.geteuid", lambda: folder.stat().st_uid + 1)
    monkeypatch.setattr("messango.storage._ROOT", -1)
    assert mode(home()) == 0o755
    warning = home_warning()
    assert warning is not None
    assert "another user" in warning[0]


@posix
def test_a_home_that_others_can_replace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder in which everybody can write, and that is not as /tmp is."""
    open_home(monkeypatch, tmp_path / "home")
    tmp_path.chmod(0o777)
    warning = home_warning()
    assert warning is not None
    assert "can replace" in warning[0]
    tmp_path.chmod(0o1777)
    assert home_warning() is None


@posix
def test_a_home_that_can_not_be_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a memory stick, which has no permissions: the host is told."""
    open_home(monkeypatch, tmp_path / "home")

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    assert home_warning() is not None


@posix
def test_a_file_is_private(tmp_path: Path) -> None:
    """Its mode is 0600, even if it replaces a file that others could read."""
    path = tmp_path / "folder" / "key"
    write_private(path, b"secret")
    assert (path.read_bytes(), mode(path), mode(path.parent)) == (b"secret", 0o600, 0o700)
    path.chmod(0o644)
    write_private(path, b"newer")
    assert (path.read_bytes(), mode(path)) == (b"newer", 0o600)


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk the old content stays, and no temporary file is left."""
    path = tmp_path / "key"
    write_private(path, b"old")

    def no_space(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        write_private(path, b"new")
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]


def test_file_lock_allows_one_change_at_a_time(tmp_path: Path) -> None:
    """The second change begins after the first."""
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


def test_file_lock_does_not_wait_forever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the holder is suspended, the change is made after a timeout."""
    monkeypatch.setattr("messango.storage._LOCK_TIMEOUT_S", 0.02)
    with file_lock(tmp_path / "file"), file_lock(tmp_path / "file"):
        pass


def test_the_user_name_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`MESSANGO_NAME` wins over the login name."""
    monkeypatch.setattr("getpass.getuser", lambda: "ann")
    assert default_user_name() == "ann"
    monkeypatch.setenv("MESSANGO_NAME", "Ann Lee")
    assert default_user_name() == "Ann Lee"


@pytest.mark.parametrize("error", [OSError, KeyError, ImportError])
def test_a_user_without_a_name_is_a_guest(error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container the user may have no name; the error differs between Python versions."""

    def nobody() -> str:
        raise error

    monkeypatch.setattr("getpass.getuser", nobody)
    assert default_user_name() == "guest"
