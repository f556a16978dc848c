"""The transfers of a client, from the first one that somebody asks for on: until then they cost nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from messango.client.events import FileFailed, FileProgress, FileSaved, SessionEnded
from messango.client.files.talk import Talk
from messango.client.requests.outbox import Outbox

if TYPE_CHECKING:
    from messango.client.files.transfers import Transfers
    from messango.client.requests.sender import Sender


class LazyTransfers:
    """Thread-safe: owns the lock under which `Transfers` is made."""

    def __init__(
        self,
        sender: Sender,
        outbox: Outbox,
        talk: Talk,
        report: Callable[[FileProgress | FileSaved | FileFailed], object],
    ) -> None:
        self._sender, self._outbox, self._talk, self._report = sender, outbox, talk, report
        self._lock = threading.Lock()  # guards the two below
        self._transfers: Transfers | None = None
        self._ended: SessionEnded | None = None

    def get(self) -> Transfers:
        """Return the transfers; after the end of the session, all of them end at once."""
        from messango.client.files.transfers import Transfers

        with self._lock:
            if self._transfers is None:
                self._transfers = Transfers(self._sender, self._outbox, self._talk, self._report)
                if self._ended is not None:
                    self._transfers.close(self._ended)
            return self._transfers

    def cancel(self, transfer_id: str) -> None:
        """Give up a transfer, if there is one with this id."""
        if (transfers := self._started()) is not None:
            transfers.cancel(transfer_id)

    def stop(self) -> None:
        """Begin to end all transfers; never waits."""
        if (transfers := self._started()) is not None:
            transfers.stop()

    def close(self, ended: SessionEnded) -> None:
        """End all transfers: each that is not complete fails. Waits a moment at most."""
        with self._lock:
            self._ended = ended
        self._outbox.close()
        if (transfers := self._started()) is not None:
            transfers.close(ended)

    def _started(self) -> Transfers | None:
        with self._lock:
            return self._transfers
