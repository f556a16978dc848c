"""A file of another server, read as one reads a file: what has not come yet is waited for."""

from __future__ import annotations

from types import TracebackType
from typing import IO

from messango.server.files.store.file_store import FileStore
from messango.server.linked.files.file_fetch import FileFetch


class FetchedFile:
    """One reader of a fetch, which must have been counted as one. For one thread; a context manager.

    Methods may raise `FileRefused` or `OSError`.
    """

    def __init__(self, fetch: FileFetch, store: FileStore) -> None:
        self._fetch, self._store = fetch, store
        self._offset = 0
        #: Once it is stored whole.
        self._stored: IO[bytes] | None = None
        self._is_closed = False

    def __enter__(self) -> FetchedFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def seek(self, offset: int, /) -> int:
        """Go on reading from here."""
        self._offset = offset
        return offset

    def read(self, size: int, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        if self._offset >= self._fetch.file.size:
            return b""
        data = self._fetch.read(self._offset, size) if self._stored is None else None
        if data is None:
            data = self._open_stored().read(size)
        self._offset += len(data)
        return data

    def close(self) -> None:
        """Read no more. Twice is harmless."""
        if not self._is_closed:
            self._is_closed = True
            self._fetch.end_reading()
            if self._stored is not None:
                self._stored.close()

    def _open_stored(self) -> IO[bytes]:
        if self._stored is None:
            _file, self._stored = self._store.open_shared(self._fetch.file.id)
            self._stored.seek(self._offset)
        return self._stored
