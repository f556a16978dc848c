"""A file of another server on its way into our store, while our members read it."""

from __future__ import annotations

import contextlib
import logging
import queue
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from messango.link.files.fetch import Fetch, FetchFailure, Sending, Wanted
from messango.link.files.file_frames import AnyFileFrame, FilePost
from messango.link.files.window import MAX_PIECES
from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import (
    FileRefused,
    elsewhere_busy,
    elsewhere_unreachable,
    no_space_for_copy,
    storage_fault,
    unknown_file,
)
from messango.room.files.shared_file import OTHER_SERVERS, SharedFile
from messango.server.files.store.file_store import FileStore
from messango.server.files.store.upload import Upload
from messango.server.files.transfers.pace import Pace
from messango.server.files.transfers.receive_upload import pausing

logger = logging.getLogger(__name__)

#: A file that nobody reads is not fetched to its end; what has come stays as long as an upload that broke.
#: A browser asks for a ticket first, and comes for the bytes a moment later.
UNREAD_S: Final = 15.0

#: How long the thread waits at most, to notice that nobody reads.
_LOOK_EVERY_S: Final = 2.0

#: As many frames wait for the thread: all pieces that can be on their way, and some more.
_MAX_UNREAD: Final = 2 * MAX_PIECES

_REFUSALS: Final = {
    FetchFailure.GONE: unknown_file,
    FetchFailure.AWAY: elsewhere_unreachable,
    FetchFailure.BUSY: elsewhere_busy,
}


@dataclass(frozen=True, slots=True)
class FetchSide:
    """What all fetches of a server share.

    `server` is its id, `others` returns those of the other servers; `announced` returns the messages that
    announce a file now, and may raise `FileRefused`. Any thread may call.
    """

    server: str
    post: FilePost
    store: Callable[[], FileStore]
    announced: Callable[[str], list[SharedFile]]
    others: Callable[[], Collection[str]]
    pace: Pace


class FileFetch:
    """Owns its thread, which stores the file, and the condition on which its readers wait.

    What is read has not been compared with the digest yet, so the last byte is held back until it was.
    """

    def __init__(self, file: FileInfo, side: FetchSide, on_over: Callable[[FileFetch], None]) -> None:
        """`on_over` is called once in the end, in the thread."""
        self.file = file
        self.transfer = secrets.token_hex(16)
        self._side, self._on_over = side, on_over
        #: Frames of other servers; None to wake the thread.
        self._inbox: queue.Queue[AnyFileFrame | None] = queue.Queue(_MAX_UNREAD)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-link-fetch", daemon=True)
        #: Guards all below; notified about each change.
        self._changed = threading.Condition()
        self._upload: Upload | None = None
        self._has_begun = self._is_over = False
        self._refused: FileRefused | None = None
        self._readers = 0
        self._unread_since_s = time.monotonic()

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def close(self) -> None:
        """End at once: readers are refused. Twice is harmless."""
        self._closing.set()
        with contextlib.suppress(queue.Full):
            self._inbox.put_nowait(None)

    def join(self, timeout_s: float) -> None:
        """Wait for the thread, which may wait for a disk."""
        self._thread.join(timeout_s)

    def deliver(self, frame: AnyFileFrame) -> None:
        """Take a frame of another server, or drop it if too many wait; for the link's thread."""
        with contextlib.suppress(queue.Full):
            self._inbox.put_nowait(frame)

    # Readers.

    def begin_reading(self) -> bool:
        """Count one more reader; false if the fetch is over."""
        with self._changed:
            if not self._is_over:
                self._readers += 1
            return not self._is_over

    def end_reading(self) -> None:
        """Count one reader less."""
        with self._changed:
            self._readers -= 1
            self._unread_since_s = time.monotonic()

    def wait_until_begun(self) -> None:
        """Wait until a server sends the file, or raise `FileRefused`."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_begun or self._is_over)
            if self._refused is not None:
                raise self._refused

    def read(self, offset: int, size: int) -> bytes | None:
        """Wait for bytes at this offset and return them; None if the file is stored whole now.

        Raises `FileRefused`.
        """
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_over or self._ready() > offset)
                if self._refused is not None:
                    raise self._refused
                if self._is_over or self._upload is None:
                    return None
                upload, ready = self._upload, self._ready()
            try:
                return upload.read(offset, min(size, ready - offset))
            except FileRefused:
                # It has just become a whole file, or has failed: the thread says which.
                with self._changed:
                    self._changed.wait_for(lambda: self._is_over)

    def _ready(self) -> int:
        """Return how far the file can be read; holds the condition."""
        return 0 if self._upload is None else min(self._upload.offset, self.file.size - 1)

    # The thread.

    def _run(self) -> None:
        refused: FileRefused | None = None
        try:
            self._fetch()
        except FileRefused as error:
            refused = error
        except Exception:  # The edge of the thread: those who wait read that it failed.
            logger.exception("getting a file from another server failed")
            refused = storage_fault("a bug in Messango")
        with self._changed:
            self._is_over, self._refused = True, refused
            self._changed.notify_all()
        self._on_over(self)

    def _fetch(self) -> None:
        store = self._side.store()
        try:
            begun = store.begin_upload(OTHER_SERVERS, _put_of(self.file))
        except FileRefused as refused:
            if refused.code in (error_codes.TOO_LARGE, error_codes.STORE_FULL):
                raise no_space_for_copy(refused) from refused
            raise
        if isinstance(begun, Upload):
            with pausing(begun):
                self._receive(begun)
        self._share(store)

    def _receive(self, upload: Upload) -> None:
        with self._changed:
            self._upload = upload
        for size in upload.read_prefix():
            self._rest(size)
        wanted = Wanted(self.file.id, self.file.size, frozenset(self._side.others()))
        fetch = Fetch(self._side.server, self.transfer, wanted, upload.offset, time.monotonic())
        try:
            while not fetch.is_done:
                self._step(fetch, upload)
        finally:
            self._send(fetch.last_words())
        try:
            upload.finish(self.file.sha256)
        except FileRefused as refused:
            if refused.code == error_codes.WRONG_DIGEST:
                raise _damaged() from refused
            raise

    def _step(self, fetch: Fetch, upload: Upload) -> None:
        self._send(fetch.due(time.monotonic()))
        if fetch.failure is None:
            try:
                frame_or_none = self._inbox.get(timeout=min(fetch.wait_s(time.monotonic()), _LOOK_EVERY_S))
            except queue.Empty:
                frame_or_none = None
            if frame_or_none is not None:
                self._store(fetch.handle(frame_or_none, time.monotonic()), upload)
        if fetch.failure is not None:
            raise _REFUSALS[fetch.failure]()
        self._rest(0)
        with self._changed:
            self._has_begun |= fetch.has_begun
            self._changed.notify_all()
            if not self._readers and time.monotonic() - self._unread_since_s > UNREAD_S:
                # Who comes later begins another fetch, where this one ends.
                self._is_over, self._refused = True, elsewhere_busy()
        if self._is_over:
            raise elsewhere_busy()

    def _send(self, sendings: list[Sending]) -> None:
        for to, frame in sendings:
            self._side.post.send_file_frame(to, frame)

    def _store(self, pieces: list[bytes], upload: Upload) -> None:
        for piece in pieces:
            upload.write(piece)
            self._rest(len(piece))

    def _rest(self, size: int) -> None:
        """Let talk go first after work on `size` bytes; raises `FileRefused` if the room closes."""
        if delay_s := self._side.pace.delay_s(size) if size else 0.0:
            self._closing.wait(delay_s)
        if self._closing.is_set():
            raise FileRefused(error_codes.CLOSING, "The host is closing the room.", "Try again later.")

    def _share(self, store: FileStore) -> None:
        """Let the file be had here for as long as a message announces it.

        Messages may be deleted meanwhile: the room tells the store so after the history has it. So the store
        has the file first, and the history is asked again last.
        """
        announced = self._side.announced(self.file.id)
        for shared in announced:
            store.add_share(shared)
        left = {shared.seq for shared in self._side.announced(self.file.id)}
        for shared in announced:
            if shared.seq not in left:
                store.remove_share(shared.seq)
        if not left:
            store.remove(self.file.id)
            raise unknown_file()


def _put_of(file: FileInfo) -> Put:
    return Put("-", file.id, file.name, file.size, file.sha256, file.width, file.height)


def _damaged() -> FileRefused:
    return FileRefused(
        error_codes.FAULT,
        "What another server of this room has sent is not the file that was announced.",
        "Try again. If it stays so, ask its sender to send it again.",
    )
