"""Why a history file can't be used, and what helps: one sentence each, the same for every command."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.room.history.file.migrations import ForeignDatabase, LaterVersion
from messango.room.history.file.stored_message import ForeignValue

#: `os.statvfs` flag of a file system that is mounted read-only; Windows has neither.
_READ_ONLY_FLAG: Final = getattr(os, "ST_RDONLY", 0)

#: What follows from a cure while the room is open.
THEN_STORED: Final = "Messango then stores them."

#: Parts of SQLite's messages about contents; the last is about bytes that are not UTF-8.
_DAMAGE: Final = ("malformed", "no such", "Could not decode")

_RESCUE: Final = "save what can be read with `sqlite3 FILE .recover`"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file (`reason`), what helps (`cure`), and what members read (`for_members`).

    A fault that `passes` may end by itself or by what a person does while the room is open.
    `cure_while_open` is for the host of an open room: if it is empty, the room stores again after `cure`.
    """

    reason: str
    cure: str
    for_members: str
    passes: bool = False
    cure_while_open: str = ""
    #: Whether the contents are to blame: then the same file need not be tried again.
    is_bad_file: bool = False


class UnusableFile(sqlite3.DatabaseError):
    """The file is not a history that this version of Messango can use; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


_MOVE_AWAY: Final = "Move the file away: Messango then stores them in a new one."
_MEMBERS_BAD_FILE: Final = "The host's history file can't be used."


def _bad_file(reason: str, cure: str) -> Fault:
    return Fault(reason, cure, _MEMBERS_BAD_FILE, cure_while_open=_MOVE_AWAY, is_bad_file=True)


def not_a_history(path: Path) -> Fault:
    """Return the fault of a file that is not a database."""
    reason = f"The file {path} is not a Messango history, or its beginning is damaged."
    return _bad_file(reason, "Choose another file. If it was one, restore it from a backup.")


def empty(path: Path) -> Fault:
    """Return the fault of a file that has no message and no table, for somebody who wants to read it."""
    return _bad_file(f"The file {path} is empty: no room has stored anything in it.", "Choose another file.")


def foreign(path: Path) -> Fault:
    """Return the fault of another program's database."""
    reason = f"The file {path} is not a Messango history, but the database of another program."
    return _bad_file(reason, "Choose another file.")


def later_version(path: Path) -> Fault:
    """Return the fault of a file that a later version has changed."""
    reason = f"The history {path} was written by a later version of Messango."
    cure = "Update Messango: `pip install --upgrade messango`."
    while_open = f"{cure} To store messages until then, move the file away."
    return Fault(reason, cure, _MEMBERS_BAD_FILE, cure_while_open=while_open, is_bad_file=True)


def cut_off(path: Path, size: int, expected: int) -> Fault:
    """Return the fault of a file that ends too early; sizes in bytes."""
    reason = f"The history {path} is cut off: it has {size:,} of {expected:,} bytes."
    return _bad_file(reason, f"Restore it from a backup, or {_RESCUE}.")


def damaged(path: Path) -> Fault:
    """Return the fault of a file whose contents contradict each other."""
    reason = f"The history {path} is damaged: not all of it can be read."
    return _bad_file(reason, f"Restore it from a backup, or {_RESCUE}.")


def foreign_value(path: Path, detail: str) -> Fault:
    """Return the fault of a value that no version of Messango writes; `detail` says which."""
    reason = f"The history {path} is damaged, or somebody has changed it: {detail}."
    return _bad_file(reason, f"Restore it from a backup, or {_RESCUE}.")


def not_a_file(path: Path) -> Fault:
    """Return the fault of a folder, a pipe or a device."""
    kind = "a folder" if path.is_dir() else "a pipe or a device"
    return _bad_file(f"There is {kind} at {path}, not a file.", "Choose a file.")


def _locked(path: Path, _detail: str) -> Fault:
    reason = f"Another program holds the history {path}."
    return Fault(reason, "Close that program.", "Another program holds the host's history file.", passes=True)


def _full(path: Path, _detail: str) -> Fault:
    reason = f"The disk is full, so the history {path} can't be written."
    return Fault(reason, "Free some space.", "The host's disk is full.", passes=True)


def _full_for_reader(path: Path) -> Fault:
    reason = f"The disk is full, so the history {path} can't be read: the files that SQLite needs do not fit."
    return Fault(reason, "Free some space.", "The host's disk is full.", passes=True)


def _over_quota(path: Path, _detail: str) -> Fault:
    reason = f"Your disk quota is used up, so the history {path} can't be written."
    return Fault(
        reason, "Free some space, or ask for more.", "The host's disk quota is used up.", passes=True
    )


def _forbidden(path: Path, _detail: str) -> Fault:
    if not os.path.lexists(path) or os.access(path, os.R_OK | os.W_OK):
        reason = f"You have no permission to write in {path.parent}, the folder of the history {path.name}."
        fix = "Get permission to write in the folder"
    else:
        reason = f"You have no permission to use the history {path}."
        fix = "Get permission to read and write it"
    return _needs_fix(reason, fix, "The host has no permission to write the history.")


def _read_only(path: Path, _detail: str) -> Fault:
    reason = f"The history {path} can't be written, because its drive or the file is read-only."
    return _needs_fix(reason, "Make it writable", "The host's history file is read-only.")


def _no_folder(path: Path, _detail: str) -> Fault:
    folder = Path(os.path.realpath(path)).parent if path.is_symlink() else path.parent
    reason = f"There is no folder {folder} for the history {path.name}."
    return _needs_fix(reason, "Create the folder", "The history's folder is missing.")


def _link_circle(path: Path, _detail: str) -> Fault:
    return _bad_file(f"The link {path} leads back to itself, not to a file.", "Choose a file.")


def _name_too_long(path: Path, _detail: str) -> Fault:
    reason = f"The name of the history {path} is too long."
    return Fault(reason, "Choose a shorter name with --history.", _MEMBERS_BAD_FILE)


def _too_many_files(path: Path, _detail: str) -> Fault:
    reason = f"Too many files and connections are open, so the history {path} can't be used."
    cure = "Close other programs, or raise the limit (`ulimit -n`)."
    return Fault(reason, cure, "The host's computer can't open more files.", passes=True)


def _drive_error(path: Path, detail: str) -> Fault:
    reason = f"The drive of the history {path} reports an error ({detail})."
    fix = "Check the drive and its connection"
    return _needs_fix(reason, fix, "The host's drive reports an error.", passes=True)


def _no_locks(path: Path, _detail: str) -> Fault:
    reason = f"The drive of the history {path} does not support locks, which a history needs."
    cure = "Choose a file on another drive with --history."
    while_open = "Save the conversation before the room closes, and open it with --history on another drive."
    return Fault(reason, cure, "The host's drive can't store a history.", cure_while_open=while_open)


def _needs_fix(reason: str, fix: str, for_members: str, *, passes: bool = False) -> Fault:
    cure = f"{fix}, or choose another file with --history."
    return Fault(reason, cure, for_members, passes, cure_while_open=f"{fix}. {THEN_STORED}")


_BY_ERRNO: Final[dict[int, Callable[[Path, str], Fault]]] = {
    errno.ENOSPC: _full,
    getattr(errno, "EDQUOT", errno.ENOSPC): _over_quota,
    errno.EACCES: _forbidden,
    errno.EPERM: _forbidden,
    errno.EROFS: _read_only,
    errno.ENOENT: _no_folder,
    errno.ENOTDIR: _no_folder,
    errno.ENOLCK: _no_locks,
    errno.ELOOP: _link_circle,
    errno.ENAMETOOLONG: _name_too_long,
    errno.EMFILE: _too_many_files,
    errno.ENFILE: _too_many_files,
}


def explain(error: Exception, path: Path, *, writing: bool = True) -> Fault:
    """Return why `error` happened with the history at `path`; `writing` or only reading it."""
    if isinstance(error, UnusableFile):
        return error.fault
    if isinstance(error, LaterVersion):
        return later_version(path)
    if isinstance(error, ForeignDatabase):
        return foreign(path)
    if isinstance(error, ForeignValue):
        return foreign_value(path, str(error))
    if isinstance(error, OSError):
        return _by_errno(error.errno, path, error.strerror or str(error))
    return _explain_sqlite(str(error), isinstance(error, sqlite3.OperationalError), path, writing=writing)


def _explain_sqlite(message: str, operational: bool, path: Path, *, writing: bool) -> Fault:  # noqa: FBT001
    if "locked" in message:
        # SQLite says the same about a drive without locks, such as some network drives.
        number = _system_error(path, writing=writing)
        return (_no_locks if number == errno.ENOLCK else _locked)(path, message)
    if "is full" in message:
        return _full(path, message)
    if not operational or any(words in message for words in _DAMAGE):
        return damaged(path)
    # SQLite has one message for many causes, so ask the system for the cause.
    number = _system_error(path, writing=writing)
    if number is None and not writing and _system_error(path, writing=True) == errno.ENOSPC:
        # Only with its index can SQLite read a log, and for that there is no space.
        return _full_for_reader(path)
    if number is None and "readonly" in message:
        number = errno.EROFS
    return _by_errno(number, path, os.strerror(number) if number else message)


def _by_errno(number: int | None, path: Path, detail: str) -> Fault:
    return _BY_ERRNO.get(number or 0, _drive_error)(path, detail)


def _system_error(path: Path, *, writing: bool) -> int | None:
    """Return the number of the error that stops us from using the file, or None if there is none now.

    It never opens the file itself: closing it again would drop the locks of an open connection to it
    (sqlite.org/howtocorrupt.html, section 2.2).
    """
    try:
        exists = path.exists()
        (path if exists else path.parent).stat()
        if exists and not os.access(path, os.R_OK | (os.W_OK if writing else 0)):
            return errno.EROFS if os.access(path, os.R_OK) and _on_read_only_drive(path) else errno.EACCES
        if writing:
            with tempfile.TemporaryFile(dir=path.parent, buffering=0) as probe:
                probe.write(bytes(65_536))
                os.fsync(probe.fileno())
                _try_lock(probe.fileno())
    except OSError as error:
        return error.errno
    return None


def _try_lock(descriptor: int) -> None:
    """Lock a new file as SQLite does; raises `OSError` with `ENOLCK` if the drive has no locks."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from error


def _on_read_only_drive(path: Path) -> bool:
    with contextlib.suppress(OSError, AttributeError):
        return bool(os.statvfs(path).f_flag & _READ_ONLY_FLAG)
    return False
