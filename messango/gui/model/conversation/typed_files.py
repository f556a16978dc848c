"""What `/files`, `/get` and `/cancel` do in the window, where each file also has its card. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from messango.client.events import AnyReceived
from messango.client.interface import RoomClientLike
from messango.client.typed.requests import CancelTransfer, GetFiles
from messango.gui.model.conversation.conversation import ConversationModel
from messango.protocol.files.file_line import format_size
from messango.protocol.frames import FileInfo
from messango.protocol.text.plain_names import plain_name, quoted_name

#: `/files` lists so many, the last ones.
MAX_LISTED: Final = 50

NOT_CONNECTED: Final = "You are not in the room, so its files can't be downloaded now"


class TypedFiles:
    """Numbers the files as they were listed last, so that a number means what the person has read."""

    def __init__(self, conversation: ConversationModel, client: Callable[[], RoomClientLike]) -> None:
        self._conversation, self._client = conversation, client
        self._cards = conversation.transcript.files.cards
        self._listed: Sequence[FileInfo] = ()

    def show(self, _command: object) -> None:
        """List the files of the messages that are loaded."""
        messages = self._shared()
        lines = [
            f"{number}   {quoted_name(file.name)} ({format_size(file.size)}) from {plain_name(message.name)}"
            for number, (message, file) in enumerate(messages, 1)
        ]
        self._listed = [file for _, file in messages]
        self._conversation.add_notices(lines or ["Nobody has shared a file here yet"])

    def get(self, command: GetFiles) -> str | None:
        """Download files; returns why they can't be."""
        if not self._conversation.can_ask:
            return NOT_CONNECTED
        folder = Path(command.folder).expanduser() if command.folder else None
        files = self._chosen(command.numbers, every=command.every)
        if isinstance(files, str):
            return files
        for file in files if command.numbers or command.every else files[-1:]:
            self._cards.download_started(self._client().fetch_file(file, folder=folder), file)
            self._conversation.add_notices([f"Downloading {quoted_name(file.name)}…"])
        return None

    def cancel(self, command: CancelTransfer) -> str | None:
        """Give up transfers; returns why that can't be."""
        moving = {**self._cards.sending(), **self._cards.receiving()}
        if not moving:
            return "No file is on its way."
        if command.numbers:
            files = self._chosen(command.numbers, every=False)
            if isinstance(files, str):
                return files
            wanted = {file.id for file in files}
            transfers = [transfer for transfer, id_ in self._cards.receiving().items() if id_ in wanted]
            if not transfers:
                return "This file is not on its way: press Cancel below the one that you mean."
        elif len(moving) > 1 and not command.every:
            return f"{len(moving)} files are on their way: press Cancel below one, or type /cancel all"
        else:
            transfers = [*moving]
        for transfer in transfers:
            self._client().cancel_transfer(transfer)
        return None

    def _chosen(self, numbers: Sequence[int], *, every: bool) -> Sequence[FileInfo] | str:
        files = self._listed
        if not files or not (numbers or every):
            files = [file for _, file in self._shared()]
        if not files:
            return "Nobody has shared a file here yet."
        wrong = [number for number in numbers if not 1 <= number <= len(files)]
        if wrong:
            return f"There is no file {wrong[0]}. Type /files to see their numbers."
        return [files[number - 1] for number in numbers] if numbers else files

    def _shared(self) -> list[tuple[AnyReceived, FileInfo]]:
        ignored = self._conversation.writing.ignored
        return [
            (message, message.file)
            for message in self._conversation.message_store.messages()
            if message.file is not None and (message.own or not ignored.hides(message.member, message.name))
        ][-MAX_LISTED:]
