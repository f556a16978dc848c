"""The store of a room's files: takes uploads, gives shared files, and removes what has had its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from typing import IO, Final

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo
from messango.room.files.file_ledger import FileLedger, Place
from messango.room.files.file_records import FileRecords
from messango.room.files.quota import FileLimits, disk_refusal
from messango.room.files.refusals import FileRefused, no_files, storage_fault, unknown_file
from messango.room.files.shared_file import Announcements, SharedFile, Uploader
from messango.room.history.file.migrations import DATABASE_ERRORS, LaterVersion
from messango.room.host.host_events import FileList, RoomEvent
from messango.server.files.store.housekeeper import Housekeeper
from messango.server.files.store.opening import OpenedStore, find_bytes, open_store
from messango.server.files.store.store_folder import StoreFolder, new_name
from messango.server.files.store.store_notices import StoreNotices
from messango.server.files.store.upload import Upload, refusal_of

#: Smaller uploads begin again after a restart, so they need no record before they are complete.
_RECORDED_PART_BYTES: Final = 1_000_000

#: Seconds until the disk is tried again after an error.
_RETRY_S: Final = 60.0

#: How long the disk may take for what was begun, when the room closes.
_CLOSE_WAIT_S: Final = 1.0


class FileStore:
    """Owns the folder, the records in it, and the lock that guards what is in memory. Any thread may call.

    The lock is never held while a file is read, written, hashed or removed, so the room's thread never waits
    for a disk. `_disk_lock` orders what is written to the records and removed from the disk; the other may be
    taken while it is held, not the other way around. Nothing is created before the first upload: no folder,
    no database, no thread.
    """

    def __init__(
        self,
        folder: StoreFolder,
        limits: FileLimits | None,
        kept_s: float,
        publish: Callable[[RoomEvent], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Without `limits`, nobody can send or get files. Shared files stay for `kept_s` seconds."""
        self._folder = folder
        self._limits = limits
        self._kept_s = kept_s
        self._notices = StoreNotices(publish, clock)
        self._clock = clock
        self._lock = threading.Lock()
        self._disk_lock = threading.Lock()
        self._records: FileRecords | None = None
        self._housekeeper = Housekeeper(self.expire)
        # Under the lock: all files, and the uploads that a connection writes to.
        self._ledger = FileLedger(kept_s)
        self._active: dict[tuple[str, str], Upload] = {}
        #: Whole files without a record; and the messages that may be about them, once the history was read.
        self._orphans: dict[str, int] = {}
        self._wanted: list[SharedFile] | None = None
        #: The messages that were deleted since the start, while the store could not be opened; else None.
        self._deleted_meanwhile: list[int] | None = None
        self._is_closed = False

    @property
    def largest_file(self) -> int | None:
        """The largest file that members can send, in bytes; None if the host has switched files off."""
        return None if self._limits is None else self._limits.largest

    # Opening and closing.

    def open_existing(self, announcements: Callable[[float, Collection[int]], Announcements | None]) -> None:
        """Open what an earlier run has left, if anything.

        `announcements` returns what the history says about files from a time on, and about messages with
        these numbers; None if it can't be read. What is wrong with the store never raises: the host reads it.
        """
        if not self._folder.exists:
            return
        try:
            self._open()
        except FileRefused as refused:
            self._notices.warn(f"The room's files can't be used now. {refused.reason}")
            self._deleted_meanwhile = []
            self._housekeeper.wake()
            return
        with self._lock:
            seqs = [abs(share.seq) for _file, share in self._ledger.catalog.shares()]
        said = announcements(self._clock() - self._kept_s, seqs)
        if said is not None:
            self.reconcile(said)
        self._housekeeper.wake()

    def reconcile(self, announcements: Announcements) -> None:
        """Follow the history: between its transactions and the store's, the server may have been killed."""
        with self._lock:
            self._wanted = self._ledger.reconcile(announcements, self._clock())

    def _open(self) -> None:
        """Open the store, and create it if there is none; raises `FileRefused`."""
        with self._disk_lock:
            if self._is_closed:
                raise storage_fault("the room is closing")
            if self._records is not None:
                return
            try:
                self._folder.create()
                opened = open_store(self._folder, self._clock())
            except LaterVersion as error:
                raise storage_fault("a later version of Messango has written them") from error
            except DATABASE_ERRORS as error:
                raise storage_fault("its records can't be opened") from error
            except OSError as error:
                raise refusal_of(error) from error
            self._records = opened.records
            with self._lock:
                self._take_over(opened)
        if opened.notice:
            self._notices.warn(opened.notice)

    def _take_over(self, opened: OpenedStore) -> None:
        self._ledger.load(opened.files, opened.parts, self._clock())
        self._ledger.changes += opened.changes
        self._ledger.doomed |= opened.doomed
        self._orphans = opened.orphans
        for seq in self._deleted_meanwhile or ():
            self._ledger.remove_share(seq)
        self._deleted_meanwhile = None

    def close(self) -> None:
        """Write the records, and end the thread. Uploads raise from now on. Twice is harmless.

        A disk that does not answer is not waited for: what it keeps from being written, `reconcile` mends.
        """
        self._is_closed = True
        self._housekeeper.stop()
        with self._lock:
            active = [*self._active.values()]
        deadline_s = time.monotonic() + _CLOSE_WAIT_S
        for upload in active:
            upload.pause(max(0.0, deadline_s - time.monotonic()))
        closing = threading.Thread(target=self._close, name="messango-files-closing", daemon=True)
        closing.start()
        closing.join(max(_CLOSE_WAIT_S / 2, deadline_s - time.monotonic()))

    def _close(self) -> None:
        self._housekeeper.close()
        if self._records is not None:
            self.expire()
        with self._disk_lock:
            records, self._records = self._records, None
            if records is not None:
                records.close()
        self._folder.close()

    # Members' connections.

    def begin_upload(self, uploader: Uploader, put: Put) -> Upload | FileInfo:
        """Begin an upload, or go on with one; return the file if it is stored already.

        Only the connection that has begun it last goes on with an upload. Raises `FileRefused`.
        """
        if self._limits is None:
            raise no_files()
        try:
            self._open()
            if self._notices.is_failing:
                self._write_records()
            begun = self._take_place(uploader, put, self._limits)
        except FileRefused as refused:
            self._notices.refused(uploader, put, refused)
            raise
        if isinstance(begun, Upload):
            self._open_part(begun)
        return begun

    def _take_place(self, uploader: Uploader, put: Put, limits: FileLimits) -> Upload | FileInfo:
        try:
            place = Place(limits, self._folder.free_bytes())
        except OSError as error:
            raise refusal_of(error) from error
        while True:
            with self._lock:
                active = self._active.get((uploader.member, put.upload))
                if active is None:
                    begun = self._ledger.begin(uploader, put, place, new_name(), self._clock())
                    if isinstance(begun, FileInfo):
                        return begun
                    upload = self._active[begun.key] = Upload(begun, self)
                    return upload
            # Outside the lock: the other connection may be in the middle of a write.
            active.pause()

    def _open_part(self, upload: Upload) -> None:
        try:
            upload.open(self._folder.open_part(upload.part.id))
            if upload.size >= _RECORDED_PART_BYTES:
                with self._lock:
                    self._ledger.record_part(upload.part)
                self._write_records()
        except (OSError, FileRefused) as error:
            upload.discard()
            raise refusal_of(error) from error

    def begun_upload(self, member: str, upload: str) -> Put | None:
        """Return how this member has begun an upload that is not complete; None if they have not."""
        with self._lock:
            part = self._ledger.catalog.parts.get((member, upload))
        return None if part is None else part.put

    def cancel_upload(self, member: str, upload: str) -> None:
        """Drop an upload of this member that is not shared, if there is one."""
        with self._lock:
            active = self._active.get((member, upload))
        if active is not None:
            active.discard()
        with self._lock:
            self._ledger.cancel((member, upload))
        self._remove_doomed()
        self._housekeeper.wake()

    def open_shared(self, file_id: str) -> tuple[FileInfo, IO[bytes]]:
        """Open a shared file, which can be read to its end also if it is removed meanwhile.

        The caller closes it. Raises `FileRefused`.
        """
        if self._limits is None:
            raise no_files()
        with self._lock:
            file = self._ledger.catalog.files.get(file_id)
        if file is None or not file.shares:
            raise unknown_file()
        try:
            return file.info, self._folder.open_blob(file.blob, file.info.size)
        except FileNotFoundError as error:
            if self._folder.exists:  # Else the disk may be there again later.
                self.remove(file_id)
            raise unknown_file() from error
        except OSError as error:
            raise storage_fault(error.strerror or str(error)) from error

    # The room's thread.

    def uploaded(self, member: str, file_id: str) -> FileInfo | None:
        """Return the file that this member has uploaded under this id; None if there is none."""
        with self._lock:
            return self._ledger.claim(member, file_id, self._clock())

    def abandon_uploads(self, member: str) -> None:
        """Drop what this member, who does not come back, has not finished."""
        with self._lock:
            had_some = self._ledger.abandon(member)
        if had_some:
            self._housekeeper.wake()

    def add_share(self, shared: SharedFile) -> None:
        """Keep the file for everybody: a message that is stored announces it."""
        with self._lock:
            self._ledger.add_share(shared)
        self._housekeeper.wake()

    def remove_share(self, seq: int) -> None:
        """The message `seq` was deleted: its file goes, unless another message announces it too."""
        with self._lock:
            is_known = self._ledger.remove_share(seq)
            if self._deleted_meanwhile is not None:
                self._deleted_meanwhile.append(seq)
        if is_known:
            self._housekeeper.wake()

    def listing(self) -> FileList:
        """Return the shared files, the oldest first."""
        with self._lock:
            return self._ledger.listing(self._limits)

    def remove(self, file_id: str) -> None:
        """Remove a file; the messages that announce it stay."""
        with self._lock:
            self._ledger.remove_file(file_id)
        self._housekeeper.wake()

    # An upload's own calls.

    def require_space(self, needed: int) -> None:
        """Raise `FileRefused` or `OSError` unless the disk has space for `needed` more bytes."""
        if refused := disk_refusal(self._folder.free_bytes(), needed):
            raise refused

    def store(self, upload: Upload, sha256: str) -> FileInfo:
        """Make the partial file, whose bytes are on the disk, a whole one; may raise `FileRefused`."""
        part = upload.part
        try:
            self._folder.complete_part(part.id)
        except OSError as error:
            raise refusal_of(error) from error
        info = part.info(new_name(), sha256)
        with self._lock:
            self._ledger.complete(part, info, self._clock())
            self._active.pop(part.key, None)
        try:
            self._write_records()
        except FileRefused:
            self.remove(info.id)
            raise
        self._housekeeper.wake()
        return info

    def end(self, upload: Upload, refused: FileRefused | None = None, *, keep: bool = False) -> None:
        """The upload is over: keep the partial file for a while, or remove it; `refused` is why it failed."""
        part = upload.part
        with self._lock:
            if self._active.get(part.key) is upload:
                del self._active[part.key]
            if keep:
                self._ledger.pause(part, self._clock())
            else:
                self._ledger.remove_part(part)
        if refused is not None:
            self._notices.refused(part.uploader, part.put, refused)
        self._housekeeper.wake()

    # The store's thread, and once more at the end.

    def expire(self) -> float | None:
        """Remove what has had its time, and write the records; return in how many seconds to do it again."""
        if self._deleted_meanwhile is not None:
            try:
                self._open()
            except FileRefused:
                return _RETRY_S
        self._recover()
        now_s = self._clock()
        with self._lock:
            next_s = self._ledger.drop_expired(now_s)
        # In this order: what has no record may be recovered.
        is_done = self._remove_doomed()
        try:
            self._write_records()
        except FileRefused:
            is_done = False
        if not is_done:
            next_s = now_s + _RETRY_S
        return None if next_s is None else max(0.0, next_s - now_s)

    def _write_records(self) -> None:
        """Write all changes, in their order; raises `FileRefused`. What could not be written waits."""
        with self._disk_lock:
            with self._lock:
                changes, self._ledger.changes = self._ledger.changes, []
            if changes and self._records is None:
                raise storage_fault("the room is closed")
            try:
                if changes and self._records is not None:
                    self._records.write(changes)
                failure = None
            except DATABASE_ERRORS as error:
                with self._lock:
                    self._ledger.changes[:0] = changes
                failure = error
        self._notices.records_written(failure)
        if failure is not None:
            raise storage_fault("its records can't be written") from failure

    def _remove_doomed(self) -> bool:
        """Remove from the disk what is not needed any more; return false if something is left."""
        with self._disk_lock:
            with self._lock:
                doomed, self._ledger.doomed = self._ledger.doomed, set()
            left = self._folder.remove_all(doomed)
        with self._lock:
            self._ledger.doomed |= left
        return not left

    def _recover(self) -> None:
        """Find the bytes of files whose records were lost, as far as messages announce them.

        Meanwhile uploads wait.
        """
        with self._disk_lock:
            with self._lock:
                if self._wanted is None or not self._orphans:
                    return
                orphans, self._orphans = self._orphans, {}
                wanted, self._wanted = self._wanted, None
            found = find_bytes(self._folder, wanted, orphans, lambda: self._housekeeper.is_stopping)
            with self._lock:
                self._ledger.recover(wanted, found)
                if not self._housekeeper.is_stopping:
                    self._ledger.doomed |= orphans.keys() - self._ledger.catalog.blobs().keys()
