"""Steps of receiving an upload, the same for file connections and for browsers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from messango.server.files.store.upload import Upload
from messango.server.files.transfers.transfer_stream import TransferStream


@contextlib.contextmanager
def pausing(upload: Upload) -> Iterator[None]:
    """If anything ends the transfer early, its bytes stay for the next time, unless they were refused."""
    try:
        yield
    except BaseException:
        upload.pause()
        raise


def read_prefix(upload: Upload, stream: TransferStream) -> None:
    """Read what is stored already, before the first of the missing bytes; talk goes first."""
    for size in upload.read_prefix():
        stream.step(size)
