"""The records of a store, in an SQLite file: what its files are called, whose they are, and when they go."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeAlias

import msgspec

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo
from messango.protocol.limits import MAX_ID_CHARACTERS, MAX_TOKEN_CHARACTERS
from messango.room.files.kept_file import KeptFile, PartialFile
from messango.room.files.shared_file import Share, Uploader
from messango.room.history.file.migrations import Schema, migrate
from messango.room.history.file.stored_message import MAX_STORED_SEQ, ForeignValue

#: "Msgf", and the steps, which never change.
FILES: Final = Schema(
    0x4D736766,
    (
        # `blob` is the name of the file with the bytes, `upload` the id that the member has chosen.
        (
            "files",
            "CREATE TABLE file (id TEXT PRIMARY KEY, blob TEXT NOT NULL, info TEXT NOT NULL,"
            " member TEXT NOT NULL, address TEXT NOT NULL, upload TEXT NOT NULL, touched REAL NOT NULL)"
            " WITHOUT ROWID",
        ),
        # `seq` is the number of the message, `name` its sender's; negative: the history has no such message.
        (
            "shares",
            "CREATE TABLE share (seq INTEGER PRIMARY KEY, file TEXT NOT NULL, name TEXT NOT NULL,"
            " time REAL NOT NULL)",
        ),
        # `id` is the name of the file with the bytes, without its ending.
        (
            "unfinished uploads",
            "CREATE TABLE part (id TEXT PRIMARY KEY, put TEXT NOT NULL, member TEXT NOT NULL,"
            " address TEXT NOT NULL, touched REAL NOT NULL) WITHOUT ROWID",
        ),
    ),
)

#: How long to wait for another program that has locked the file, in seconds.
_BUSY_TIMEOUT_S: Final = 2.0

#: How the records are called in the store's folder.
RECORDS_NAME: Final = "files.sqlite"

#: The names of files on the disk are as many hexadecimal digits, which nobody can guess.
STORED_NAME_DIGITS: Final = 32

_info_decoder: Final = msgspec.json.Decoder(FileInfo)
_put_decoder: Final = msgspec.json.Decoder(Put)


class FileRecords:
    """Owns the connection; for one thread at a time. Every method may raise one of `DATABASE_ERRORS`."""

    def __init__(self, path: Path, now_s: float) -> None:
        """Open or create the file; `now_s` is in seconds since 1970 UTC."""
        path.touch(mode=0o600)
        self._database = sqlite3.connect(
            path.absolute(), timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(now_s)
        except BaseException:
            self._database.close()
            raise

    def _prepare(self, now_s: float) -> None:
        # A file is announced only when its record would survive a loss of power. Few changes are made, so a
        # journal that works on every drive is fast enough.
        self._database.execute("PRAGMA journal_mode = TRUNCATE")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.execute("PRAGMA secure_delete = ON")
        ((result,),) = self._database.execute("PRAGMA quick_check(1)").fetchall()
        if result != "ok":
            raise sqlite3.DatabaseError("the records are malformed")
        migrate(self._database, now_s, FILES)

    def files(self) -> list[KeptFile]:
        """Return the whole files with their shares; raises `ForeignValue` too."""
        rows = self._database.execute("SELECT id, blob, info, member, address, upload, touched FROM file")
        found = {file.info.id: file for file in map(_file_of, rows)}
        for seq, file_id, name, time_s in self._database.execute("SELECT seq, file, name, time FROM share"):
            if not (_are_texts(name) and _is_time(time_s) and 0 < abs(seq) <= MAX_STORED_SEQ):
                raise ForeignValue(f"share {seq} of the files has a value that Messango does not write")
            if file := found.get(file_id):
                file.shares[seq] = Share(seq, name, time_s)
        return [*found.values()]

    def parts(self) -> list[PartialFile]:
        """Return the unfinished uploads; raises `ForeignValue` too."""
        rows = self._database.execute("SELECT id, put, member, address, touched FROM part")
        return [*map(_part_of, rows)]

    def write(self, changes: Iterable[Change]) -> None:
        """Store changes, all or none."""
        with self._database:
            self._database.execute("BEGIN IMMEDIATE")
            for statement, values in changes:
                self._database.execute(statement, values)

    def close(self) -> None:
        """Close the file. Twice is harmless."""
        self._database.close()


#: A statement and its values: one change of the records, which waits until it is written.
Change: TypeAlias = tuple[str, tuple[Any, ...]]


def file_added(file: KeptFile) -> Change:
    """Return the record of a file."""
    values = (file.info.id, file.blob, _text(file.info), file.uploader.member, file.uploader.address)
    return (
        "INSERT OR REPLACE INTO file (id, blob, info, member, address, upload, touched)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*values, file.upload, file.touched_s),
    )


def file_removed(file_id: str) -> list[Change]:
    """Return what removes a file's record, and its shares'."""
    return [("DELETE FROM share WHERE file = ?", (file_id,)), ("DELETE FROM file WHERE id = ?", (file_id,))]


def share_added(file_id: str, share: Share) -> Change:
    """Return the record of a share."""
    return (
        "INSERT OR REPLACE INTO share (seq, file, name, time) VALUES (?, ?, ?, ?)",
        (share.seq, file_id, share.name, share.time_s),
    )


def share_removed(seq: int) -> Change:
    """Return what removes a share's record."""
    return "DELETE FROM share WHERE seq = ?", (seq,)


def part_added(part: PartialFile) -> Change:
    """Return the record of an unfinished upload, without the session's secret."""
    put = msgspec.structs.replace(part.put, session="-")
    return (
        "INSERT OR REPLACE INTO part (id, put, member, address, touched) VALUES (?, ?, ?, ?, ?)",
        (part.id, _text(put), part.uploader.member, part.uploader.address, part.touched_s),
    )


def part_removed(part_id: str) -> Change:
    """Return what removes the record of an unfinished upload."""
    return "DELETE FROM part WHERE id = ?", (part_id,)


def _text(value: FileInfo | Put) -> str:
    return msgspec.json.encode(value).decode()


def _file_of(row: tuple[Any, ...]) -> KeptFile:
    file_id, blob, info, member, address, upload, touched_s = row
    if _are_texts(file_id, blob, member, address, upload) and is_stored_name(blob) and _is_time(touched_s):
        try:
            file = KeptFile(_info_decoder.decode(info), blob, Uploader(member, address), upload, touched_s)
        except (msgspec.DecodeError, TypeError, ValueError) as error:
            raise _foreign("file", file_id) from error
        if file.info.id == file_id:
            return file
    raise _foreign("file", file_id)


def _part_of(row: tuple[Any, ...]) -> PartialFile:
    part_id, put, member, address, touched_s = row
    if _are_texts(part_id, member, address) and is_stored_name(part_id) and _is_time(touched_s):
        try:
            return PartialFile(part_id, _put_decoder.decode(put), Uploader(member, address), touched_s)
        except (msgspec.DecodeError, TypeError, ValueError) as error:
            raise _foreign("upload", part_id) from error
    raise _foreign("upload", part_id)


def is_passing(error: Exception) -> bool:
    """Return whether an error is not about what is in the records: a lock, a full disk, permissions."""
    return isinstance(error, sqlite3.OperationalError) and not any(
        word in str(error) for word in ("malformed", "no such", "Could not decode", "not a database")
    )


def is_stored_name(name: str) -> bool:
    """Return whether the store gives such names to what it puts on the disk: nobody's path."""
    return len(name) == STORED_NAME_DIGITS and set(name) <= set("0123456789abcdef")


def _are_texts(*values: object) -> bool:
    return all(
        isinstance(value, str) and len(value) <= max(MAX_TOKEN_CHARACTERS, MAX_ID_CHARACTERS)
        for value in values
    )


def _is_time(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def _foreign(kind: str, name: object) -> ForeignValue:
    return ForeignValue(f"the record of {kind} {name} has a value that Messango does not write")
