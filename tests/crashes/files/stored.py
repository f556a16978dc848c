"""Reads what a server that was stopped has left: the history, and the store beside it, now and later."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from messango.protocol.frames import Deleted, Entry, Message
from messango.protocol.limits import DEFAULT_FILE_BYTES
from messango.room.files.file_records import FileRecords
from messango.room.files.quota import FileLimits
from messango.room.files.shared_file import Announcements, SharedFile
from messango.room.history.file.check import open_read_only
from messango.room.history.file.stored_entries import StoredEntries
from messango.room.host.host_events import RoomEvent
from messango.server.files.store.file_store import FileStore
from messango.server.files.store.store_folder import StoreFolder
from tests.crashes.files.member import content_of
from tests.crashes.files.records import Announced, Content, Stored, StoredFile


def read_history(path: Path) -> list[Entry]:
    """Return all entries of the room's file, which must be whole."""
    with closing(open_read_only(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return StoredEntries(database).since(0)


def files_of(entries: Sequence[Entry]) -> tuple[list[Announced], set[int]]:
    """Return the messages with files that are there, and the numbers of all messages that were deleted."""
    there = [
        Announced(entry.seq, entry.id, entry.file.id, Content(entry.file.size, entry.file.sha256))
        for entry in entries
        if isinstance(entry, Message) and entry.file is not None
    ]
    return there, {entry.target for entry in entries if isinstance(entry, Deleted)}


def read_store(folder: Path) -> Stored:
    """Return what is in the folder of a store that nobody has open."""
    stored = Stored()
    if not folder.is_dir():
        return stored
    records_path = folder / "files.sqlite"
    if records_path.exists():
        records = FileRecords(records_path, 0.0)
        for file in records.files():
            content = Content(file.info.size, file.info.sha256)
            stored.files.append(StoredFile(file.info.id, file.blob, content, set(file.shares)))
        records.close()
    for path in folder.iterdir():
        if path.suffix == ".part" or path.is_dir():
            stored.parts.append(path.name)
        elif not path.name.startswith("files.sqlite"):
            stored.blobs[path.name] = content_of(path)
    return stored


def read_later(folder: Path, entries: Sequence[Entry], seconds: float, kept_s: float) -> Stored:
    """Return what is in the folder when a server with this history opens it so many seconds from now."""
    published: list[RoomEvent] = []
    store = FileStore(
        StoreFolder(folder),
        FileLimits(DEFAULT_FILE_BYTES),
        kept_s,
        published.append,
        clock=lambda: time.time() + seconds,
    )
    messages = {entry.seq: entry for entry in entries if isinstance(entry, Message)}
    shared = shared_files(entries)

    def announcements(since_s: float, seqs: Collection[int]) -> Announcements:
        asked = {seq: messages[seq] for seq in seqs if seq in messages}
        return Announcements([each for each in shared if each.time_s >= since_s], asked)

    store.open_existing(announcements)
    store.expire()
    store.close()
    return read_store(folder)


def shared_files(entries: Sequence[Entry]) -> list[SharedFile]:
    """Return the messages with files as a server tells its store of them."""
    return [
        SharedFile(entry.seq, entry.member, entry.name, entry.time, entry.file)
        for entry in entries
        if isinstance(entry, Message) and entry.file is not None
    ]
