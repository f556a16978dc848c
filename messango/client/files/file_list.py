"""The files of a conversation, numbered as a person has seen them, and what becomes of each. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    Event,
    FileFailed,
    FileProgress,
    FileSaved,
    MessageDeleted,
    MessageEdited,
    ReceivedMessage,
    RoomJoined,
    SearchResult,
)
from messango.protocol.files.file_line import caption_of
from messango.protocol.frames import FileInfo

#: Beyond this many files, the first ones are forgotten; their numbers are not used again.
MAX_FILES: Final = 10_000


class FileStatus(enum.Enum):
    """How far a file is here."""

    THERE = "there"  # In the room only.
    WAITING = "waiting"
    MOVING = "moving"
    SENT = "sent"  # By us, and announced.
    SAVED = "saved"
    FAILED = "failed"  # Or cancelled.


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file under the number that a person types. `seq` is that of its message; 0: nobody has seen it yet.

    `transfer` is the id of its last transfer, `done` how many bytes of that have moved; `reason` and `hint`
    say why it failed. `path` is where it is saved.
    """

    number: int
    name: str
    size: int
    seq: int = 0
    file: FileInfo | None = None
    sender: str = ""
    caption: str = ""
    time: float = 0.0
    own: bool = False
    status: FileStatus = FileStatus.THERE
    transfer: str = ""
    done: int = 0
    path: Path | None = None
    reason: str = ""
    hint: str = ""

    @property
    def percent(self) -> int:
        """How much of the transfer is done, 0 to 100; 100 only when it all is."""
        return 100 if self.done >= self.size else self.done * 100 // self.size

    @property
    def is_moving(self) -> bool:
        """Whether a transfer of it can be cancelled."""
        return self.status in (FileStatus.WAITING, FileStatus.MOVING)


class FileList:
    """For one thread. A number stays that of its file, also if the file is deleted."""

    def __init__(self) -> None:
        self._files: dict[int, ListedFile] = {}
        self._next_number = 1
        #: The numbers by the messages' numbers and by the transfers' ids.
        self._by_seq: dict[int, int] = {}
        self._by_transfer: dict[str, int] = {}

    def all(self) -> list[ListedFile]:
        """Return all files by their numbers, without those that were deleted."""
        return [*self._files.values()]

    def get(self, number: int) -> ListedFile | None:
        """Return the file with this number; None if there is none."""
        return self._files.get(number)

    def of_message(self, seq: int) -> ListedFile | None:
        """Return the file of the message with this number; None if there is none."""
        return self._files.get(self._by_seq.get(seq, 0))

    def of_transfer(self, transfer_id: str) -> ListedFile | None:
        """Return the file that is moved by this transfer; None if it is none of these."""
        return self._files.get(self._by_transfer.get(transfer_id, 0))

    def moving(self) -> list[ListedFile]:
        """Return the files that are on their way, or wait for that."""
        return [file for file in self._files.values() if file.is_moving]

    def fetching(self, number: int, transfer_id: str) -> None:
        """Note that a download of the file with this number was asked for."""
        if number in self._files:
            self._by_transfer[transfer_id] = number
            self._change(number, status=FileStatus.WAITING, transfer=transfer_id, done=0, reason="", hint="")

    def sending(self, transfer_id: str, name: str, size: int) -> ListedFile:
        """Note that a file is sent; return it with its number. Its first event would do so as well."""
        known = self.of_transfer(transfer_id)
        if known is not None:
            return known
        status = FileStatus.WAITING
        return self._add(ListedFile(0, name, size, own=True, status=status, transfer=transfer_id))

    def handle(self, event: Event) -> None:
        """Apply an event of the client."""
        if isinstance(event, ReceivedMessage):
            self._see([event])
        elif isinstance(event, EarlierReceived | SearchResult):
            self._see(event.messages)
        elif isinstance(event, MessageDeleted):
            self._forget(event.target)
        elif isinstance(event, MessageEdited):
            self._edit(event)
        elif isinstance(event, FileProgress | FileSaved | FileFailed):
            self._move(event)
        elif isinstance(event, RoomJoined) and event.latest < max(self._by_seq, default=0):
            for seq in [*self._by_seq]:  # The room's numbers begin again, and its files are gone.
                self._forget(seq)

    def _see(self, messages: Iterable[AnyReceived | ReceivedMessage]) -> None:
        for message in messages:
            if message.file is None:
                self._forget(message.seq)
                continue
            listed = _announced(self._known(message), message, message.file)
            if listed.number:
                self._files[listed.number] = listed
                self._by_seq[message.seq] = listed.number
            else:
                self._add(listed)

    def _known(self, message: AnyReceived | ReceivedMessage) -> ListedFile:
        """Return the file of a message, which may be our upload; one without a number if it is new."""
        uploaded = self._by_transfer.get(message.id) if message.own else None
        return self._files.get(self._by_seq.get(message.seq) or uploaded or 0) or ListedFile(0, "", 0)

    def _edit(self, event: MessageEdited) -> None:
        listed = self.of_message(event.target)
        if listed is not None and listed.file is not None and event.text:
            self._change(listed.number, caption=caption_of(event.text, listed.file))

    def _move(self, event: FileProgress | FileSaved | FileFailed) -> None:
        listed = self.of_transfer(event.id)
        if listed is None:
            if isinstance(event, FileSaved) or not event.upload:
                return  # A download that nobody here has asked for.
            size = event.size if isinstance(event, FileProgress) else 0
            listed = self.sending(event.id, event.name, size)
        if listed.transfer != event.id:
            return  # It was asked for once more since.
        if isinstance(event, FileProgress):
            status = FileStatus.WAITING if event.waiting else FileStatus.MOVING
            self._change(listed.number, status=status, done=event.done, size=event.size)
        elif isinstance(event, FileSaved):
            self._change(listed.number, status=FileStatus.SAVED, done=event.size, path=event.path)
        else:
            self._change(listed.number, status=FileStatus.FAILED, reason=event.reason, hint=event.hint)

    def _add(self, listed: ListedFile) -> ListedFile:
        listed = replace(listed, number=self._next_number)
        self._next_number += 1
        self._files[listed.number] = listed
        if listed.seq:
            self._by_seq[listed.seq] = listed.number
        if listed.transfer:
            self._by_transfer[listed.transfer] = listed.number
        if len(self._files) > MAX_FILES:
            self._remove(next(iter(self._files)))
        return listed

    def _change(self, number: int, **changes: object) -> None:
        self._files[number] = replace(self._files[number], **changes)  # type: ignore[arg-type]

    def _forget(self, seq: int) -> None:
        if number := self._by_seq.get(seq):
            self._remove(number)

    def _remove(self, number: int) -> None:
        listed = self._files.pop(number)
        self._by_seq.pop(listed.seq, None)
        for transfer_id in [each for each, other in self._by_transfer.items() if other == number]:
            del self._by_transfer[transfer_id]


def _announced(listed: ListedFile, message: AnyReceived | ReceivedMessage, file: FileInfo) -> ListedFile:
    """Return a file as its message announces it; our upload is sent by that."""
    is_news = not listed.seq and message.own and listed.transfer == message.id
    return replace(
        listed,
        name=file.name,
        size=file.size,
        seq=message.seq,
        file=file,
        sender=message.name,
        caption=message.caption,
        time=message.time,
        own=message.own,
        status=FileStatus.SENT if is_news else listed.status,
    )
