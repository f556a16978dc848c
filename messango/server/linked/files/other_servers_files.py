"""The files of a linked room's other servers, for our members; and ours for the others."""

from __future__ import annotations

import threading
from typing import Final

from messango.link.files.file_frames import AnyFileFrame, Ask, Done, WhoHas
from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import FileRefused, elsewhere_busy, unknown_file
from messango.server.linked.files.fetched_file import FetchedFile
from messango.server.linked.files.file_fetch import FetchSide, FileFetch
from messango.server.linked.files.given_file_server import GivenFileServer

#: Files on their way from other servers at once: more only make each other slow.
MAX_FETCHED: Final = 4

#: How long a disk may take when the room closes.
_CLOSE_WAIT_S: Final = 0.5


class OtherServersFiles:
    """Owns the fetches, and the lock of their table. Any thread may call.

    Nothing says which server has a file: the others are asked when a member wants it. So nothing is to be
    kept, and the answer is right also after files have moved.
    """

    def __init__(self, side: FetchSide) -> None:
        self._side = side
        self._given = GivenFileServer(side.server, side.post, side.store, side.pace)
        self._lock = threading.Lock()
        self._by_file: dict[str, FileFetch] = {}
        self._by_transfer: dict[str, FileFetch] = {}
        self._is_closed = False

    def open(self, file_id: str) -> tuple[FileInfo, FetchedFile]:
        """Return a shared file that is not here as soon as another server sends it.

        The caller closes it. Raises `FileRefused`, after some seconds if no server answers.
        """
        announced = self._side.announced(file_id)
        if not announced:
            raise unknown_file()
        fetch = self._join(announced[0].file)
        reader = FetchedFile(fetch, self._side.store())
        try:
            fetch.wait_until_begun()
        except BaseException:
            reader.close()
            raise
        return fetch.file, reader

    def handle(self, frame: AnyFileFrame) -> None:
        """Take a frame of another server; for the link's thread, which does not wait."""
        if isinstance(frame, WhoHas | Ask | Done):
            self._given.handle(frame)
            return
        with self._lock:
            fetch = self._by_transfer.get(frame.transfer)
        if fetch is not None:
            fetch.deliver(frame)

    def close(self) -> None:
        """End all transfers: those who wait are refused. Twice is harmless."""
        with self._lock:
            self._is_closed = True
            fetches = [*self._by_transfer.values()]
        for fetch in fetches:
            fetch.close()
        self._given.close(_CLOSE_WAIT_S)
        for fetch in fetches:
            fetch.join(_CLOSE_WAIT_S)

    def _join(self, file: FileInfo) -> FileFetch:
        """Return the fetch of this file with one more reader: the one under way, or a new one."""
        with self._lock:
            fetch = self._by_file.get(file.id)
            if fetch is not None and fetch.begin_reading():
                return fetch
            if self._is_closed:
                raise FileRefused(error_codes.CLOSING, "The host is closing the room.", "Try again later.")
            if len(self._by_transfer) >= MAX_FETCHED:
                raise elsewhere_busy()
            fetch = FileFetch(file, self._side, self._forget)
            fetch.begin_reading()
            self._by_file[file.id] = self._by_transfer[fetch.transfer] = fetch
            fetch.start()
            return fetch

    def _forget(self, fetch: FileFetch) -> None:
        with self._lock:
            del self._by_transfer[fetch.transfer]
            if self._by_file.get(fetch.file.id) is fetch:
                del self._by_file[fetch.file.id]
