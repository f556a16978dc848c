"""The bytes that an upload sends, and why a file can't be sent."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final, NoReturn, cast

from messango.client.files.transfer import TransferFailed
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol.limits import MAX_FILE_BYTES
from messango.protocol.text.plain_names import quoted_name

#: What is read, hashed and sent at once.
_CHUNK_BYTES: Final = 262_144

#: A picture without its metadata is kept in memory up to this size, and beyond it in a temporary file.
_MAX_PICTURE_IN_MEMORY: Final = 8_000_000


class UploadSource:
    """Reads one file, and hashes what is sent. For the transfer's thread. A context manager's target.

    Raises `TransferFailed` if the file can't be sent, also if it changes on the way.
    """

    def __init__(self, file: BinaryIO, name: str, size: int, watched: BinaryIO | None) -> None:
        """Send `file`; the person's own file is `watched`, unless its bytes are here already."""
        self._file, self._name, self.size = file, name, size
        self._watched, self._stamp = watched, _stamp(watched)
        self.width: int | None = None
        self.height: int | None = None
        #: Whether the bytes are those of the file that the person chose.
        self.is_original = True
        self._begin_again()

    def _begin_again(self) -> None:
        self._hash = hashlib.sha256()
        self._hashed = 0
        self._position: int | None = None

    @property
    def sha256(self) -> str | None:
        """The digest, once everything was read."""
        return self._hash.hexdigest() if self._hashed == self.size else None

    def forget_digest(self) -> None:
        """Read and hash everything again."""
        self._begin_again()

    def chunks(self, offset: int) -> Iterator[bytes]:
        """Yield the bytes from `offset` on, and hash what was not hashed before."""
        position = min(offset, self._hashed)
        self._seek(position)
        while position < self.size:
            chunk = self._read(min(_CHUNK_BYTES, self.size - position))
            if position + len(chunk) > self._hashed:
                self._hash.update(memoryview(chunk)[self._hashed - position :])
                self._hashed = position + len(chunk)
            position += len(chunk)
            if position > offset:
                yield chunk if position - len(chunk) >= offset else chunk[offset - position :]

    def _seek(self, position: int) -> None:
        try:
            self._file.seek(position)
        except OSError as error:
            _raise_unreadable(self._name, error)

    def _read(self, count: int) -> bytes:
        try:
            data = self._file.read(count)
        except OSError as error:
            _raise_unreadable(self._name, error)
        if not data:
            raise changed(self._name)
        return data

    def require_unchanged(self) -> None:
        """Raise `TransferFailed` if somebody has written to the file since it was opened."""
        try:
            is_same = _stamp(self._watched) == self._stamp
        except OSError as error:
            _raise_unreadable(self._name, error)
        if not is_same:
            raise changed(self._name)


def _stamp(file: BinaryIO | None) -> tuple[int, int]:
    """Return what differs after somebody has written to the file."""
    if file is None:
        return 0, 0
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


@contextlib.contextmanager
def open_source(outgoing: OutgoingFile, name: str) -> Iterator[UploadSource]:
    """Open what a person wants to send: a picture without its metadata. Raises `TransferFailed`."""
    if not outgoing.name.strip():
        raise TransferFailed("A file needs a name.", "Give it one, and send it again.")
    with (
        _open(outgoing, name) as file,
        tempfile.SpooledTemporaryFile(_MAX_PICTURE_IN_MEMORY) as temporary,
    ):
        try:
            source = _prepare(file, outgoing, name, cast("BinaryIO", temporary))
        except OSError as error:
            _raise_unreadable(name, error)
        if source.size > MAX_FILE_BYTES:
            raise TransferFailed(
                f"{quoted_name(name)} is larger than any room takes.", "Send a smaller file."
            )
        yield source


def _prepare(file: BinaryIO, outgoing: OutgoingFile, name: str, temporary: BinaryIO) -> UploadSource:
    """Return what is sent: the file, or the picture without its metadata, written to `temporary`."""
    # Only a member who sends a file needs the code that reads pictures.
    from messango.client.pictures.metadata.strip import Metadata, strip_metadata
    from messango.client.pictures.picture_header import read_picture_header
    from messango.client.pictures.reading import size_of

    is_original = True
    if not outgoing.keep_metadata:
        is_original = strip_metadata(file, temporary) is not Metadata.REMOVABLE
    sent = file if is_original else temporary
    watched = file if is_original and outgoing.path is not None else None
    source = UploadSource(sent, name, size_of(sent), watched)
    source.is_original = is_original
    if (header := read_picture_header(sent)) is not None:
        source.width, source.height = header.width, header.height
    return source


def _open(outgoing: OutgoingFile, name: str) -> BinaryIO:
    if outgoing.path is None:
        return io.BytesIO(outgoing.data)
    path = outgoing.path
    try:
        # Before it is opened: to open a device can do something.
        _require_file(path.stat(), name)
        # Somebody may have replaced it by a pipe meanwhile, which must not be waited for.
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
        descriptor = os.open(path, flags | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError) as error:
        _raise_unreadable(name, error)
    try:
        _require_file(os.fstat(descriptor), name)
    except TransferFailed:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def _require_file(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise TransferFailed(
            f"{quoted_name(name)} is a folder, and only files can be sent.",
            "Put it into one file, such as a .zip, to send it.",
        )
    if not stat.S_ISREG(status.st_mode):
        raise TransferFailed(f"{quoted_name(name)} is not a file.", "Choose a file with something in it.")


def changed(name: str) -> TransferFailed:
    """Return that the file is not the one any more that was to be sent."""
    return TransferFailed(
        f"{quoted_name(name)} changed while it was being sent.", "Send it again once nothing writes to it."
    )


def _raise_unreadable(name: str, error: OSError | ValueError) -> NoReturn:
    if isinstance(error, FileNotFoundError):
        raise TransferFailed(
            f"{quoted_name(name)} is not there.", "Check its path and name, and send it again."
        ) from error
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    raise TransferFailed(
        f"{quoted_name(name)} can't be read ({why}).", "Check the file and its permissions."
    ) from error
