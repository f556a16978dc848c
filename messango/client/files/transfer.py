"""One transfer as all parts see it: its name, how far it is, and whether it goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from messango.client.events import FileFailed, FileProgress, FileSaved
from messango.errors import MessangoError

#: How often a transfer reports how far it is: a bar that moves four times a second moves.
_PROGRESS_EVERY_S: Final = 0.25

#: How long we try to report to the room that an upload was cancelled.
_GRACE_S: Final = 5.0


class TransferOver(Exception):
    """The transfer does not go on, and somebody else reports why."""


class TransferFailed(MessangoError):
    """The transfer can't succeed; `code` is the protocol's word. `from_peer`: the room wrote the sentence."""

    def __init__(self, reason: str, hint: str = "", code: str = "") -> None:
        super().__init__(reason, hint)
        self.code = code


class Owner(Protocol):
    """What a transfer needs from the owner of all transfers."""

    def report(self, transfer: Transfer, event: FileProgress | FileSaved | FileFailed) -> None:
        """Report an event, unless the transfer's last one was reported before."""

    def commit(self, transfer: Transfer) -> bool:
        """Return whether the transfer may be completed now: from here on it can't be cancelled."""
        ...

    def uncommit(self, transfer: Transfer) -> None:
        """Let the transfer be cancelled again: it begins again."""


class Transfer:
    """The state of one transfer. `cancel` and `is_over` are for any thread, the rest for the transfer's."""

    def __init__(
        self,
        transfer_id: str,
        name: str,
        size: int,
        *,
        upload: bool,
        owner: Owner,
        stopping: Callable[[], bool],
    ) -> None:
        self.id, self.name, self.size, self.upload = transfer_id, name, size, upload
        self._owner, self._stopping = owner, stopping
        self._cancelled = threading.Event()
        self._reported_s = float("-inf")
        self._waiting = False
        self._done = self._reported = 0

    def cancel(self) -> None:
        """Have the transfer end soon; its thread looks a few times a second."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether the person has given it up."""
        return self._cancelled.is_set()

    @property
    def stopped(self) -> bool:
        """Whether the session ends, and all transfers with it."""
        return self._stopping()

    def is_over(self) -> bool:
        """Return whether the transfer does not go on."""
        return self._cancelled.is_set() or self._stopping()

    def require_going(self) -> None:
        """Raise `TransferOver` if the transfer does not go on."""
        if self.is_over():
            raise TransferOver

    def grace_time(self) -> GraceTime:
        """Return the time that is left to report to the room that the transfer was cancelled."""
        return GraceTime(self._stopping)

    @property
    def done(self) -> int:
        """How many bytes have moved."""
        return self._done

    def commit(self) -> None:
        """Complete the transfer: from here on it can't be cancelled. Raises `TransferOver` if it was."""
        if not self._owner.commit(self):
            raise TransferOver

    def begin_again(self) -> None:
        """Let the transfer be cancelled again after `commit`: it has to begin again."""
        self._owner.uncommit(self)

    def progress(self, done: int) -> None:
        """Report how far the transfer is, unless that was reported a moment ago."""
        is_news = self._waiting or (done == self.size and done != self._done)
        self._done, self._waiting = done, False
        self._report_if_due(is_news=is_news)

    def tick(self) -> None:
        """Report what `progress` has left out, while nothing moves; raises `TransferOver` as it should."""
        self.require_going()
        if not self._waiting and self._done != self._reported:
            self._report_if_due(is_news=False)

    def _report_if_due(self, *, is_news: bool) -> None:
        now_s = time.monotonic()
        if is_news or now_s - self._reported_s >= _PROGRESS_EVERY_S:
            self._reported_s = now_s
            self._report_progress()

    def wait(self) -> None:
        """Report that the transfer waits, once."""
        if not self._waiting:
            self._waiting = True
            self._report_progress()

    def saved(self, event: FileSaved) -> None:
        """Report the end of a download."""
        self._owner.report(self, event)

    def failed(self, error: TransferFailed) -> None:
        """Report that the transfer has failed."""
        self._owner.report(self, failure(self, str(error), error.hint, error.code))

    def _report_progress(self) -> None:
        self._reported = self._done
        self._owner.report(
            self, FileProgress(self.id, self.name, self.size, self._done, self.upload, self._waiting)
        )


class GraceTime:
    """Stands in for a cancelled transfer while the room is told: over after a moment, or with the session."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping, self._ends_s = stopping, time.monotonic() + _GRACE_S

    def is_over(self) -> bool:
        """Return whether the time is up."""
        return self._stopping() or time.monotonic() >= self._ends_s

    def tick(self) -> None:
        """Raise `TransferOver` if the time is up."""
        if self.is_over():
            raise TransferOver


def failure(
    transfer: Transfer, reason: str, hint: str, code: str = "", *, cancelled: bool = False
) -> FileFailed:
    """Return the event that a transfer has failed."""
    return FileFailed(transfer.id, transfer.name, transfer.upload, reason, hint, code, cancelled)
