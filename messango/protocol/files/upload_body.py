"""What follows `go`: the bytes of a file and, if `put` had no digest, the `sum`. Pure."""

from __future__ import annotations

from messango.protocol.files.transfer_codec import sum_line


class UploadBody:
    """Tells the bytes of one upload from the line behind them, however they are split."""

    def __init__(self, left: int, sha256: str | None) -> None:
        """`left` bytes of the file are missing; `sha256` is what `put` said."""
        self._left = left
        self._sum = None if sha256 is not None else sum_line()
        #: The digest that the client says, once it is known.
        self.sha256 = sha256

    @property
    def is_complete(self) -> bool:
        """Whether everything has come."""
        return self._left <= 0 and self.sha256 is not None

    def feed(self, data: bytes) -> bytes:
        """Return those bytes that belong to the file.

        Too many bytes are returned too: the caller knows the size. Raises `RemoteProtocolError`
        if anything but a `sum` follows the bytes of a file without a digest.
        """
        if self._sum is None:
            self._left -= len(data)
            return data
        part = data[: self._left] if self._left < len(data) else data
        self._left -= len(part)
        if len(part) < len(data) and (said := self._sum.feed(data[len(part) :])) is not None:
            self.sha256 = said.sha256
        return part
