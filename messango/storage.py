"""Where Messango keeps what outlives a run: keys, known rooms, settings.

The folder is `MESSANGO_HOME`, or the system's place for a program's settings. Folder and files are
for their owner alone, and a file is replaced whole or not at all, so a crash leaves the old one.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

import click

from messango.errors import StorageUnavailable

logger = logging.getLogger(__name__)

#: What the system says of a lock that another process holds: flock the first two, Windows the others.
_LOCK_HELD_ERRNOS: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK})

#: A change takes milliseconds. Who holds a file for longer was stopped in the middle of it.
_LOCK_TIMEOUT_S: Final = 2.0
_LOCK_RETRY_S: Final = 0.005


def home() -> Path:
    """Return the folder, made for its owner alone where it did not exist; raises `StorageUnavailable`."""
    folder = Path(os.environ.get("MESSANGO_HOME") or click.get_app_dir("messango")).expanduser()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageUnavailable(folder, error.strerror or str(error)) from error
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Replace `path` by `data` in one step, readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file 0600 from the start, so the key is never readable by others, not for a moment.
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
    """Lock the file for this process until it is closed, without waiting; false where another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            # Windows locks ranges and keeps even their owner's second handle from reading them.
            file.seek(1 << 20)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _LOCK_HELD_ERRNOS:
            return False
        # Some network file systems have no locks at all: everything would seem to be taken for ever.
        logger.warning("%s can't be locked: %s", file.name, error)
    return True


@contextlib.contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Read `path` and replace it in here, and no other process of ours that does so loses the change.

    Goes on all the same after 2 s, since a file is replaced whole: the worst is that a change is lost.
    Raises `OSError` where the lock beside the file can't be made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as lock:
        deadline_s = time.monotonic() + _LOCK_TIMEOUT_S
        while not try_lock(lock):
            if time.monotonic() > deadline_s:
                logger.warning("%s is held by another process; it is changed all the same", path)
                break
            # The system wakes nobody for a lock who is not ready to wait for it without an end.
            time.sleep(_LOCK_RETRY_S)
        yield


def default_user_name() -> str:
    """Return the name to offer: `MESSANGO_NAME`, else the system's for whoever runs us."""
    with contextlib.suppress(OSError, KeyError, ImportError):
        return os.environ.get("MESSANGO_NAME") or getpass.getuser()
    return "guest"
