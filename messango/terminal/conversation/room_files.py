"""The files of a conversation, by the numbers that people type, and those that are on their way. Pure.

A file keeps its number: those that are sent or found later get the next ones, also if they are older.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.client.events import Event, FileFailed, FileProgress, FileSaved, ReceivedMessage
from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.terminal.conversation.transfer_rate import TransferRate

#: Of more files the first are forgotten: a room may announce some without end.
MAX_FILES: Final = 5_000


class FileState(enum.Enum):
    """What has become of a file here."""

    OFFERED = "offered"
    MOVING = "moving"
    SAVED = "saved"
    FAILED = "failed"
    GONE = "gone"


@dataclass(slots=True)
class RoomFile:
    """One file. `info` and `seq` are None for one of ours that the room does not have yet.

    While it is `MOVING`, `transfer` is the transfer's id, and `done` of its bytes are there.
    """

    number: int
    name: str
    size: int
    sender: str = ""
    own: bool = False
    info: FileInfo | None = None
    seq: int | None = None
    state: FileState = FileState.OFFERED
    transfer: str = ""
    upload: bool = False
    done: int = 0
    waiting: bool = False
    path: Path | None = None


class RoomFiles:
    """Used by one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._files: dict[int, RoomFile] = {}
        self._last_number = 0
        self._by_seq: dict[int, RoomFile] = {}
        self._by_transfer: dict[str, RoomFile] = {}
        #: What has been on its way since nothing was: the bar shows all of it.
        self._batch: list[RoomFile] = []
        self.rate = TransferRate(clock)

    def get(self, number: int) -> RoomFile | None:
        """Return the file with this number."""
        return self._files.get(number)

    def of_message(self, seq: int) -> RoomFile | None:
        """Return the file of the message with this number."""
        return self._by_seq.get(seq)

    def with_id(self, file_id: str) -> RoomFile | None:
        """Return the last file with this id in the room."""
        matching = (file for file in reversed(self._files.values()) if file.info and file.info.id == file_id)
        return next(matching, None)

    def of_transfer(self, transfer_id: str) -> RoomFile | None:
        """Return the file that is on its way by this transfer."""
        return self._by_transfer.get(transfer_id)

    @property
    def listed(self) -> list[RoomFile]:
        """All files by their numbers, without those whose messages are deleted."""
        return [file for file in self._files.values() if file.state is not FileState.GONE]

    @property
    def moving(self) -> list[RoomFile]:
        """The files that are on their way, in the order in which they began."""
        return [*self._by_transfer.values()]

    @property
    def batch(self) -> list[RoomFile]:
        """The files that are on their way, and those that were at the same time and have arrived."""
        return [*self._batch]

    def upload_began(self, transfer_id: str, name: str, size: int) -> RoomFile:
        """Note that one of our files is on its way to the room."""
        file = self._add(RoomFile(self._next_number(), name, size, own=True))
        return self._began(transfer_id, file, upload=True)

    def download_began(self, transfer_id: str, file: RoomFile) -> None:
        """Note that a file is on its way to us."""
        self._began(transfer_id, file, upload=False)

    def handle(self, event: Event) -> int | None:
        """Learn from an event; return the number of the message that looks different now."""
        if isinstance(event, ReceivedMessage):
            self.add(event)
        elif isinstance(event, FileProgress):
            self._progressed(event)
        elif isinstance(event, FileSaved | FileFailed):
            return self._ended(event)
        return None

    def add(self, message: ReceivedMessage) -> None:
        """Note the file of a message."""
        if message.file is None or message.deleted or message.seq in self._by_seq:
            return
        file = self._by_transfer.get(message.id) if message.own else None
        if file is None:
            file = self._add(RoomFile(self._next_number(), message.file.name, message.file.size))
        else:
            self._count(file, message.file.size)
            self._stopped(file, FileState.OFFERED)
        file.name, file.size = message.file.name, message.file.size
        file.info, file.seq = message.file, message.seq
        file.sender, file.own = message.name, message.own
        self._by_seq[message.seq] = file

    def remove(self, seq: int) -> None:
        """Note that a message was deleted, and its file with it."""
        if file := self._by_seq.get(seq):
            file.state = FileState.GONE if file.state is not FileState.MOVING else file.state

    def clear(self) -> None:
        """Forget the files of messages: the room's numbers begin again."""
        for file in self._by_seq.values():
            if file.state is not FileState.MOVING:
                self._files.pop(file.number, None)
        self._by_seq = {}

    def _next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def _add(self, file: RoomFile) -> RoomFile:
        self._files[file.number] = file
        if len(self._files) > MAX_FILES:
            first = next(each for each in self._files.values() if each.state is not FileState.MOVING)
            del self._files[first.number]
            if first.seq is not None:
                self._by_seq.pop(first.seq, None)
        return file

    def _began(self, transfer_id: str, file: RoomFile, *, upload: bool) -> RoomFile:
        if not self._by_transfer:
            self._batch = []
            self.rate.reset()
        file.state, file.transfer, file.upload = FileState.MOVING, transfer_id, upload
        file.done, file.waiting = 0, True
        self._by_transfer[transfer_id] = file
        self._batch.append(file)
        return file

    def _progressed(self, event: FileProgress) -> None:
        if file := self._by_transfer.get(event.id):
            file.size, file.waiting = event.size, event.waiting
            self._count(file, event.done)

    def _count(self, file: RoomFile, done: int) -> None:
        # What was there before, after a broken connection, has not come now.
        if file.done or not done or file.size == done:
            self.rate.add(max(0, done - file.done))
        file.done = done

    def _ended(self, event: FileSaved | FileFailed) -> int | None:
        file = self._by_transfer.get(event.id)
        if file is None:
            return None
        if isinstance(event, FileSaved):
            self._count(file, event.size)
            self._stopped(file, FileState.SAVED)
            file.path = event.path
            return file.seq
        self._batch.remove(file)
        self._stopped(file, _failed_state(event))
        return file.seq

    def _stopped(self, file: RoomFile, state: FileState) -> None:
        del self._by_transfer[file.transfer]
        file.state, file.transfer, file.waiting = state, "", False


def _failed_state(event: FileFailed) -> FileState:
    if event.code == error_codes.UNKNOWN_ENTRY and not event.upload:
        return FileState.GONE
    return FileState.FAILED if event.upload else FileState.OFFERED


def total_size(files: Iterable[RoomFile]) -> int:
    """Return how many bytes files have together."""
    return sum(file.size for file in files)
