"""One upload: the bytes of a file on their way into the store."""

from __future__ import annotations

from collections.abc import Iterator

from messango.protocol.frames import FileInfo


class Upload:
    """Owns a partial file and its digest. For one thread at a time, besides `FileStore`'s own calls.

    The caller sends `Go(upload.offset)`, then goes through `read_prefix`, then writes what comes, then calls
    `finish`; or `pause` if the connection breaks. Each may raise `FileRefused`, and the upload is over then.
    """

    #: How many bytes the file has, as the client said.
    size: int
    #: How many of them are stored.
    offset: int

    def read_prefix(self) -> Iterator[int]:
        """Hash what was stored before, in steps: yields how many bytes each had. Before the first `write`.

        Nothing if the upload is new.
        """
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Store and hash the next bytes. Raises if there are more than `size`, or no space for them."""

    def finish(self, sha256: str) -> FileInfo:
        """Check size and digest, and store the file whole: it can be shared from now on.

        The bytes are on the disk when this returns.
        """
        raise NotImplementedError

    def pause(self) -> None:
        """Stop here: the same client may go on within `PART_KEPT_S`, also after a restart."""
