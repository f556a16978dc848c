"""Messango's folder, for keys, known rooms and settings; private files and locks.

The folder is `MESSANGO_HOME`, or the system's place for a program's settings. Folder and files are
for their owner only. A file is replaced completely or not at all, so a crash leaves the old one.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import logging
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import click

from messango.errors import StorageUnavailable

logger = logging.getLogger(__name__)

#: The name of a person of whom nothing is known.
GUEST: Final = "guest"

#: The error of a lock that another process holds: the first two from flock, the others from Windows.
_LOCK_HELD_ERRNOS: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})

#: A change takes milliseconds. A process that holds a lock for longer has been suspended.
_LOCK_TIMEOUT_S: Final = 2.0
_LOCK_RETRY_S: Final = 0.005


#: The permissions of everybody but the owner.
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

_ROOT: Final = 0

#: What Messango's folder contains; lock files, copies and temporary files begin with these too.
_OUR_NAMES: Final = (
    "certificate",
    "control",
    "downloads.json",
    "drafts.json",
    "host-secret.json",
    "ignored.json",
    "known-rooms.json",
    "links",
    "rooms",
    "settings.json",
    "temporary-files",
)


def home() -> Path:
    """Return the folder, created for its owner only if missing; raises `StorageUnavailable`.

    A folder that is open to others is closed, with the files in it; `home_warning` says what could not be.
    """
    folder = _home_path()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(folder, _why_no_folder(folder, error)) from error
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # `home_warning` finds it again, and says so.
            _close_to_others(folder)
    return folder


def _why_no_folder(folder: Path, error: OSError) -> str:
    if not isinstance(error, FileExistsError):
        return error.strerror or str(error)
    return "it is a file" if folder.exists() else "it is a link to a folder that does not exist"


def _home_path() -> Path:
    if configured := os.environ.get("MESSANGO_HOME"):
        return _expand_user(Path(configured))
    if sys.platform in ("win32", "darwin"):
        return _expand_user(Path(click.get_app_dir("messango")))
    # A relative value is invalid and counts as not set, an empty one too (XDG Base Directory Specification).
    config = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return _expand_user((config if config.is_absolute() else Path("~/.config")) / "messango")


def _expand_user(path: Path) -> Path:
    """Return the path without its `~`; raises `StorageUnavailable` for a user without a home folder."""
    try:
        return _user_folder().joinpath(*path.parts[1:]) if path.parts[:1] == ("~",) else path.expanduser()
    except (RuntimeError, KeyError) as error:
        # No HOME and no entry in the system's list of users, as in some containers and services.
        raise StorageUnavailable(path, "this user has no home folder") from error


def _user_folder() -> Path:
    """Return the user's folder; raises `RuntimeError` or `KeyError` if there is none."""
    if sys.platform == "win32" or Path(os.environ.get("HOME", "")).is_absolute():
        return Path.home()
    # An empty or relative HOME is none: where our files are must not depend on the current folder.
    import pwd

    return Path(pwd.getpwuid(os.getuid()).pw_dir)


def home_warning() -> tuple[str, str] | None:
    """Return how others on this computer can still reach the folder, and what to do; None if they can't."""
    return None if sys.platform == "win32" else _exposure(home())


def _exposure(folder: Path) -> tuple[str, str] | None:
    choose = "Choose a folder of your own with MESSANGO_HOME."
    link, status, parent = folder.lstat(), folder.stat(), folder.resolve().parent.stat()
    if not {link.st_uid, status.st_uid} <= {_user_id(), _ROOT}:
        return f"Messango's folder {folder} belongs to another user, who can read the key in it.", choose
    if status.st_mode & _OTHERS:
        cure = f"{choose} If nobody else needs this one, run: chmod 700 '{folder}'"
        return f"Others on this computer can open Messango's folder {folder}.", cure
    if parent.st_mode & stat.S_IWOTH and not parent.st_mode & stat.S_ISVTX:
        return f"Everybody on this computer can replace Messango's folder {folder}.", choose
    return None


def _close_to_others(folder: Path) -> None:
    """Take the permissions of others from the folder and the files in it; raises `OSError`.

    A folder that is not only Messango's stays open: others may need it.
    """
    entries = [entry for entry in folder.iterdir() if entry.name.startswith(_OUR_NAMES)]
    folders = [path for path in entries if path.is_dir() and not path.is_symlink()]
    for path in [*entries, *(path for inner in folders for path in inner.iterdir())]:
        with contextlib.suppress(OSError):  # Renamed meanwhile, or in a folder without permissions.
            _close_file(path)
    mode = folder.stat().st_mode
    if len(entries) == len([*folder.iterdir()]) and not mode & stat.S_ISVTX:
        _close_file(folder.resolve())


def _close_file(path: Path) -> None:
    status = path.lstat()
    is_ours = status.st_uid == _user_id() and not stat.S_ISLNK(status.st_mode)
    if is_ours and status.st_mode & _OTHERS:
        path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)


def _user_id() -> int:
    if sys.platform == "win32":
        return -1
    return os.geteuid()


def write_private(path: Path, data: bytes) -> None:
    """Replace the file `path` by `data` in one step, with mode 0600; raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp creates the file with mode 0600, so a key is not readable by others even for a moment.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


def try_lock(file: IO[Any]) -> bool:
    """Lock the file until it is closed, without waiting; return false if another process holds the lock.

    The system releases the lock with the process, even if it is killed. A file system without locks
    counts as locked: otherwise nobody could use it.
    """
    try:
        if sys.platform == "win32":
            import msvcrt

            # Windows locks byte ranges, even against other handles of the same process: not those in use.
            file.seek(1 << 20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _LOCK_HELD_ERRNOS:
            return False
        # Some network file systems have no locks: every file would seem to be in use forever.
        logger.warning("%s can't be locked: %s", file.name, error)
    return True


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock of `path` while it is read and replaced, so that no other process's change is lost.

    Goes on without the lock after 2 s: files are replaced completely, so the worst is one lost change.
    Raises `OSError` if the lock file beside `path` can't be created.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as lock:
        deadline_s = time.monotonic() + _LOCK_TIMEOUT_S
        while not try_lock(lock):
            if time.monotonic() > deadline_s:
                logger.warning("%s is locked by another process; changing it without the lock", path)
                break
            # Waiting for a lock in the system has no timeout.
            time.sleep(_LOCK_RETRY_S)
        yield


def default_user_name() -> str:
    """Return the name to suggest: `MESSANGO_NAME`, the login name, or `guest`."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return as_text(os.environ.get("MESSANGO_NAME") or getpass.getuser())
    return GUEST


def machine_name() -> str:
    """Return the first part of this computer's name; it may be empty."""
    import socket

    return as_text(socket.gethostname()).partition(".")[0]


def as_text(name: str) -> str:
    """Return a name of the system's as text: one that is not UTF-8 is taken for Latin-1.

    Python marks the bytes that it could not decode (PEP 383); such a text can't be sent or printed.
    """
    data = os.fsencode(name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
