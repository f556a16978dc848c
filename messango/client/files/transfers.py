"""The transfers of one client: which run, which wait, and how each ends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from messango.client.events import EndReason, FileFailed, FileProgress, FileSaved, SessionEnded
from messango.client.files.downloads.download import Download
from messango.client.files.local_copies import LocalCopies
from messango.client.files.talk import Talk
from messango.client.files.transfer import Transfer, TransferFailed, TransferOver, failure
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.files.uploads.upload import Upload
from messango.client.requests.outbox import Outbox
from messango.client.requests.sender import Sender
from messango.errors import InternalError
from messango.protocol import error_codes
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.frames import FileInfo
from messango.protocol.limits import MAX_TRANSFERS
from messango.protocol.text.plain_names import quoted_name

logger = logging.getLogger(__name__)

#: How long `close` waits for threads: they look five times a second, unless a disk does not answer.
_CLOSE_TIMEOUT_S: Final = 0.6


class _Work(Protocol):
    def run(self) -> None:
        """Move the file; raises `TransferFailed` or `TransferOver`."""


@dataclass(slots=True)
class _Job:
    transfer: Transfer
    work: _Work
    thread: threading.Thread | None = None
    committed: bool = False
    #: Whether its last event was reported.
    ended: bool = False


class Transfers:
    """Owns the threads of all transfers of one client, and the lock that guards all below.

    At most `MAX_TRANSFERS` run at once, and the others wait in order. Uploads run one at a time, so that the
    files appear in the room in the order in which they were sent. Each has a thread while it runs.
    """

    def __init__(
        self,
        sender: Sender,
        outbox: Outbox,
        talk: Talk,
        report: Callable[[FileProgress | FileSaved | FileFailed], object],
    ) -> None:
        self._sender, self._outbox, self._talk, self._report = sender, outbox, talk, report
        self._local_copies = LocalCopies()
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # guards the three below
        self._waiting: list[_Job] = []
        self._running: dict[str, _Job] = {}
        self._closed = False

    # For any thread.

    def share(self, file: OutgoingFile, text: str, reply_to: int | None) -> str:
        """Upload a file and share it; return the transfer's id, which the announcing message has too."""
        # Its thread looks at the file: a disk may not answer.
        transfer = self._transfer(safe_file_name(file.name), len(file.data), upload=True)
        return self._add(
            transfer,
            Upload(
                transfer, file, text, reply_to, self._talk, self._sender, self._outbox, self._local_copies
            ),
        )

    def fetch(self, file: FileInfo, folder: Path | None, path: Path | None) -> str:
        """Download a file to the folder, or to the path; return the transfer's id."""
        transfer = self._transfer(safe_file_name(file.name), file.size, upload=False)
        return self._add(transfer, Download(transfer, file, folder, path, self._talk, self._local_copies))

    def cancel(self, transfer_id: str) -> None:
        """Give up a transfer, if it has not ended, and can still be stopped."""
        with self._lock:
            jobs = [*self._running.values(), *self._waiting]
            job = next((job for job in jobs if job.transfer.id == transfer_id), None)
            if job is None or job.ended or job.committed:
                return
            verb = "sending" if job.transfer.upload else "downloading"
            job.transfer.cancel()
            reason = f"You stopped {verb} {quoted_name(job.transfer.name)}."
            self._end(job, failure(job.transfer, reason, "", cancelled=True))
            if job in self._waiting:
                self._waiting.remove(job)
        self._talk.wake()

    def stop(self) -> None:
        """Begin to end all transfers; never waits."""
        self._stopping.set()
        self._talk.wake()

    def close(self, ended: SessionEnded) -> None:
        """End all transfers: each that is not complete fails. Nothing is reported afterwards."""
        self.stop()
        with self._lock:
            threads = [job.thread for job in self._running.values() if job.thread is not None]
        deadline_s = time.monotonic() + _CLOSE_TIMEOUT_S
        for thread in threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))
        with self._lock:
            for job in [*self._running.values(), *self._waiting]:
                if not job.ended:
                    self._end(job, _unfinished(job, ended))
            self._waiting.clear()
            self._closed = True

    # For the transfers.

    def report(self, transfer: Transfer, event: FileProgress | FileSaved | FileFailed) -> None:
        """Report an event of a transfer, unless its last one was reported before."""
        with self._lock:
            job = self._running.get(transfer.id)
            if job is None or job.ended or self._closed:
                return
            if isinstance(event, FileProgress):
                self._report(event)
            else:
                self._end(job, event)

    def commit(self, transfer: Transfer) -> bool:
        """Return whether the transfer may be completed: from here on it can't be cancelled."""
        with self._lock:
            job = self._running[transfer.id]
            job.committed = not job.ended and not self._closed
            return job.committed

    def uncommit(self, transfer: Transfer) -> None:
        """Let the transfer be cancelled again: it begins again."""
        with self._lock:
            self._running[transfer.id].committed = False

    # With the lock held.

    def _end(self, job: _Job, event: FileSaved | FileFailed | None) -> None:
        job.ended = True
        if event is not None and not self._closed:
            self._report(event)

    def _start_ready(self) -> None:
        for job in [*self._waiting]:
            if self._stopping.is_set() or len(self._running) >= MAX_TRANSFERS:
                return
            if job.transfer.upload and any(other.transfer.upload for other in self._running.values()):
                continue
            self._waiting.remove(job)
            self._running[job.transfer.id] = job
            job.thread = threading.Thread(
                target=self._run, args=(job,), name=f"messango-file-{job.transfer.id}", daemon=True
            )
            job.thread.start()

    # With it free.

    def _transfer(self, name: str, size: int, *, upload: bool) -> Transfer:
        return Transfer(
            self._outbox.new_id(), name, size, upload=upload, owner=self, stopping=self._stopping.is_set
        )

    def _add(self, transfer: Transfer, work: _Work) -> str:
        job = _Job(transfer, work)
        with self._lock:
            if self._closed:
                return transfer.id
            self._waiting.append(job)
            self._start_ready()
            if job in self._waiting:
                self._report(
                    FileProgress(transfer.id, transfer.name, transfer.size, 0, transfer.upload, waiting=True)
                )
        return transfer.id

    def _run(self, job: _Job) -> None:
        """Run one transfer, in its thread."""
        completed = False
        try:
            job.work.run()
            completed = True
        except TransferOver:
            pass  # Reported by `cancel` or `close`.
        except TransferFailed as error:
            job.transfer.failed(error)
        except Exception:  # The edge of the thread: report a bug instead of ending silently.
            logger.exception("a transfer failed")
            bug = InternalError("Try again.")
            job.transfer.failed(TransferFailed(str(bug), bug.hint, error_codes.FAULT))
        finally:
            with self._lock:
                # An upload ends with the message that announces it, without an event of ours. What `stop` has
                # ended stays here until `close` reports it.
                job.ended = job.ended or completed
                if job.ended:
                    del self._running[job.transfer.id]
                self._start_ready()


def _unfinished(job: _Job, ended: SessionEnded) -> FileFailed:
    """Return that a transfer has failed because the session has ended."""
    name, upload = quoted_name(job.transfer.name), job.transfer.upload
    left = ended.reason is EndReason.LEFT
    if job.committed and upload:
        reason = f"It is not known whether the room has announced {name}."
        hint = "Look in the room before you send it again."
    else:
        ending = "You left the room" if left else "The session ended"
        reason = f"{ending} before {name} was {'sent' if upload else 'downloaded'}."
        hint = "Send it again." if upload else "Get it again: what has come is kept for an hour."
    return failure(job.transfer, reason, hint, cancelled=left and not job.committed)
