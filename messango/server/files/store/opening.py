"""Opens a store that an earlier run has left, and compares what is on the disk with its records."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from messango.room.files.file_records import Change, FileRecords, file_removed, is_passing, part_removed
from messango.room.files.kept_file import KeptFile, PartialFile
from messango.room.files.shared_file import SharedFile
from messango.room.history.file.migrations import DATABASE_ERRORS, LaterVersion
from messango.server.files.store.store_folder import StoreFolder

_STEP_BYTES: Final = 1 << 20


@dataclass(slots=True)
class OpenedStore:
    """What was found. `orphans` are whole files without a record, by name with their sizes.

    Either the records were lost, or the server was killed between the last byte and the record.
    """

    records: FileRecords
    files: list[KeptFile] = field(default_factory=list)
    parts: list[PartialFile] = field(default_factory=list)
    orphans: dict[str, int] = field(default_factory=dict)
    #: Names of what has to be removed, and changes of the records.
    doomed: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    #: What the host should read; empty if all is well.
    notice: str = ""


def open_store(folder: StoreFolder, now_s: float) -> OpenedStore:
    """Open or create the records in a folder. Raises one of `DATABASE_ERRORS`, or `OSError`.

    Records that can't be read are set aside; those of a later version are not touched.
    """
    blobs, partial = folder.contents()
    try:
        opened = _load(folder, now_s)
    except LaterVersion:
        raise
    except DATABASE_ERRORS as error:
        if is_passing(error):
            raise
        moved_to = folder.set_records_aside()
        opened = _load(folder, now_s)
        opened.notice = (
            f"The records of the room's files were damaged, and are renamed to {moved_to}. Files of messages"
            " in the history are recovered; others are gone."
        )
    _keep_what_is_there(opened, blobs)
    _keep_partial(opened, partial, now_s)
    known = {file.blob for file in opened.files}
    opened.orphans = {name: size for name, size in blobs.items() if name not in known}
    return opened


def _load(folder: StoreFolder, now_s: float) -> OpenedStore:
    records = FileRecords(folder.records_path, now_s)
    try:
        return OpenedStore(records, records.files(), records.parts())
    except BaseException:
        records.close()
        raise


def _keep_what_is_there(opened: OpenedStore, blobs: dict[str, int]) -> None:
    """Drop the records of files that are not there whole."""
    for file in opened.files:
        if blobs.get(file.blob) != file.info.size:
            opened.changes += file_removed(file.info.id)
    opened.files = [file for file in opened.files if blobs.get(file.blob) == file.info.size]


def _keep_partial(opened: OpenedStore, partial: dict[str, tuple[int, float]], now_s: float) -> None:
    """Drop the records of uploads of which nothing is there, and what is there without a record."""
    known, opened.parts = opened.parts, []
    for part in known:
        if found := partial.pop(part.id, None):
            part.touched_s = min(max(part.touched_s, found[1]), now_s)
            opened.parts.append(part)
        else:
            opened.changes.append(part_removed(part.id))
    opened.doomed |= partial.keys()


def find_bytes(
    folder: StoreFolder,
    wanted: Collection[SharedFile],
    orphans: dict[str, int],
    is_cancelled: Callable[[], bool],
) -> dict[str, str]:
    """Return which of the files without a record have the bytes of shared files: their names, by digest.

    Reads those that have the size of a shared file.
    """
    digests = {(shared.file.sha256, shared.file.size) for shared in wanted}
    sizes = {size for _digest, size in digests}
    found: dict[str, str] = {}
    for name, size in orphans.items():
        if size in sizes and not is_cancelled():
            with contextlib.suppress(OSError):
                digest = _digest(folder, name, size, is_cancelled)
                if (digest, size) in digests:
                    found.setdefault(digest, name)
    return found


def _digest(folder: StoreFolder, name: str, size: int, is_cancelled: Callable[[], bool]) -> str:
    digest = hashlib.sha256()
    with folder.open_blob(name, size) as file:
        while (data := file.read(_STEP_BYTES)) and not is_cancelled():
            digest.update(data)
    return digest.hexdigest()
