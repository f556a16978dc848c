"""What is known of the files of a conversation: which are on their way, here, failed, or gone."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from messango.client.events import AnyReceived
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.gui.model.files.file_card import CardStatus, FileCard, Progress
from messango.gui.model.pictures.decoding import PictureSource, UnchangedFile
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.protocol import error_codes
from messango.protocol.frames import FileInfo

#: Beyond this many, those that nobody touched for the longest are forgotten, but for those on their way.
MAX_KNOWN: Final = 2_000

_NOT_STARTED: Final = Progress()

#: So many pasted pictures are kept in memory to be shown; others are fetched like those of others.
MAX_SENT_DATA: Final = 5


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a file of the room; `path` is where it is on this computer, `copy` where its picture
    is, unless that turned out to be lost.
    """

    status: CardStatus
    path: Path | None = None
    reason: str = ""
    copy: PictureSource | None = None


_OFFERED: Final = _Known(CardStatus.OFFERED)


class FileCards:
    """Knows the state of each file by its id in the room, and of each upload by the transfer's id.

    Files that nobody touched are not held: a room with a hundred thousand of them costs nothing here.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, _Known] = OrderedDict()
        #: The file of each download that runs, by the transfer's id.
        self._downloads: dict[str, str] = {}
        #: The uploads that run.
        self._uploads: dict[str, OutgoingShare] = {}
        #: What was sent from the clipboard, and so is in no file here: the last ones.
        self._sent_data: OrderedDict[str, bytes] = OrderedDict()
        self._progress: dict[str, Progress] = {}
        self._changed: set[str] = set()
        self._moved: set[str] = set()

    def card(self, file: FileInfo) -> FileCard:
        """Return the card of a file of the room."""
        known = self._known.get(file.id, _OFFERED)
        folder = known.path.parent.name if known.path is not None else ""
        size = (file.width or 0, file.height or 0)
        return FileCard(file.id, file.name, file.size, known.status, *size, known.reason, folder)

    def progress(self, key: str) -> Progress:
        """Return how far the file of a card is on its way."""
        return self._progress.get(key, _NOT_STARTED)

    def path_of(self, file_id: str) -> Path | None:
        """Return where a file of the room is on this computer, if a person has put it there."""
        known = self._known.get(file_id)
        return known.path if known is not None else None

    def source_of(self, file_id: str) -> PictureSource | None:
        """Return the bytes of a file that we sent, or where it is on this computer."""
        known = self._known.get(file_id, _OFFERED)
        return self._sent_data.get(file_id) or known.copy

    def copy_lost(self, file_id: str) -> bool:
        """The file on this computer is gone, or another one now: only the room has what everybody else sees.

        Returns whether there was one.
        """
        known = self._known.get(file_id, _OFFERED)
        if known.copy is None:
            return False
        self._known[file_id] = replace(known, copy=None)
        return True

    def transfer_of(self, key: str) -> str | None:
        """Return the id of the transfer that can be given up, by the key of a card."""
        if key in self._uploads:
            return key
        return next((transfer for transfer, file in self._downloads.items() if file == key), None)

    def pop_changed(self) -> set[str]:
        """Return the ids of the files whose cards are others now, since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def pop_moved(self) -> set[str]:
        """Return the keys of the cards whose progress has changed since the last call."""
        moved, self._moved = self._moved, set()
        return moved

    def download_started(self, transfer: str, file: FileInfo) -> None:
        """A file comes, because the person wants it."""
        self._downloads[transfer] = file.id
        self._progress.pop(file.id, None)
        self._set(file.id, _Known(CardStatus.RECEIVING))

    def sending(self) -> dict[str, str]:
        """Return the names of the files that go, by their transfers' ids."""
        return {transfer: share.file.name for transfer, share in self._uploads.items()}

    def receiving(self) -> dict[str, str]:
        """Return the ids of the files that come because the person wants them, by their transfers' ids."""
        return {**self._downloads}

    def upload_started(self, transfer: str, share: OutgoingShare) -> None:
        """A file goes."""
        self._uploads[transfer] = share

    def upload_ended(self, transfer: str) -> None:
        """A file could not be sent, or the person gave it up."""
        if self._uploads.pop(transfer, None) is not None:
            self._progress.pop(transfer, None)

    def message_received(self, message: AnyReceived) -> None:
        """An own file that has arrived is on this computer already."""
        share = self._uploads.pop(message.id, None) if message.own else None
        if share is None:
            return
        self._progress.pop(message.id, None)
        if message.file is None:
            return
        if share.file.path is not None:
            self._set(message.file.id, _Known(CardStatus.SENT, share.file.path, copy=_copy(share)))
        elif share.file.data:
            self._sent_data[message.file.id] = share.file.data
            if len(self._sent_data) > MAX_SENT_DATA:
                self._sent_data.popitem(last=False)

    def handle(self, event: FileProgress | FileSaved | FileFailed) -> None:
        """Apply what the client reports; transfers that are not ours to show change nothing."""
        if isinstance(event, FileProgress):
            self._on_progress(event)
        elif isinstance(event, FileSaved):
            self._end_download(event.id, _Known(CardStatus.SAVED, event.path, copy=event.path))
        elif event.id in self._uploads:
            self.upload_ended(event.id)
        else:
            self._end_download(event.id, _failed(event))

    def session_ended(self) -> None:
        """Nothing goes on without a session."""
        reason = "The session ended before it was here. Join again, then try again."
        for transfer in [*self._downloads]:
            self._end_download(transfer, _Known(CardStatus.FAILED, reason=reason))
        self._uploads.clear()
        self._progress.clear()

    def gone(self, file_id: str) -> None:
        """The room no longer keeps a file; one that was saved is still here."""
        if self.path_of(file_id) is None:
            self._set(file_id, _Known(CardStatus.GONE))

    def missing(self, path: Path) -> None:
        """A file is no longer where it was saved: it can be downloaded again."""
        for file_id in [file_id for file_id, known in self._known.items() if known.path == path]:
            self._forget(file_id)

    def _on_progress(self, event: FileProgress) -> None:
        key = event.id if event.id in self._uploads else self._downloads.get(event.id)
        progress = Progress(event.done, event.waiting)
        if key is not None and progress != self._progress.get(key):
            self._progress[key] = progress
            self._moved.add(key)

    def _end_download(self, transfer: str, known: _Known | None) -> None:
        file_id = self._downloads.pop(transfer, None)
        if file_id is None:
            return
        self._progress.pop(file_id, None)
        if known is None:
            self._forget(file_id)
        else:
            self._set(file_id, known)

    def _forget(self, file_id: str) -> None:
        if self._known.pop(file_id, None) is not None:
            self._changed.add(file_id)

    def _set(self, file_id: str, known: _Known) -> None:
        self._known[file_id] = known
        self._known.move_to_end(file_id)
        self._changed.add(file_id)
        if len(self._known) > MAX_KNOWN:
            moving = {*self._downloads.values()}
            oldest = next((key for key in self._known if key not in moving), None)
            if oldest is not None:
                del self._known[oldest]


def _copy(share: OutgoingShare) -> PictureSource | None:
    path = share.file.path
    return UnchangedFile(path, share.modified_ns) if path is not None and share.modified_ns else path


def _failed(event: FileFailed) -> _Known | None:
    """Return what is known after a download has failed; None if the person gave it up."""
    if event.cancelled:
        return None
    if event.code == error_codes.UNKNOWN_ENTRY:
        return _Known(CardStatus.GONE)
    return _Known(CardStatus.FAILED, reason=" ".join(f"{event.reason} {event.hint}".split()))
