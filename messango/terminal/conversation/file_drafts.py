"""What a typed command about files will do, before it is done: which files are meant, and where they go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from messango.client.files.file_list import FileStatus, ListedFile
from messango.client.requests.failures import NO_FILES_HINT, NO_FILES_REASON
from messango.client.typed.requests import CancelTransfer, GetFiles, SendFiles
from messango.protocol.features import FILES
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.file_texts import (
    folder_text,
    getting_text,
    moving_text,
    sending_text,
    sized_name,
)
from messango.terminal.conversation.local_files import LocalFile, find_files, find_folder

_NOT_HERE: Final = (FileStatus.THERE, FileStatus.FAILED)


class FileDrafts:
    """Looks up what a command about files means, once for each text. Used by one thread."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._typed_paths = self._typed_folder = ""
        self._files: list[LocalFile] | str = ""
        self._folder: Path | str = ""

    def changed(self) -> None:
        """Forget what was found: the text has changed, and files may have too."""
        self._typed_paths = self._typed_folder = ""

    def files(self, command: SendFiles) -> list[LocalFile] | str:
        """Return the files to send, or the sentence that says why they can't be sent."""
        joined = self._conversation.joined
        if joined is not None and FILES not in joined.room.features:
            return f"{NO_FILES_REASON} {NO_FILES_HINT}"
        if command.paths != self._typed_paths:
            largest = None if joined is None else joined.room.largest_file
            self._typed_paths, self._files = command.paths, find_files(command.paths, largest)
        return self._files

    def folder(self, command: GetFiles) -> Path | str | None:
        """Return the folder to save in, None for the usual one, or the sentence that says why it can't be."""
        if not command.folder:
            return None
        if command.folder != self._typed_folder:
            self._typed_folder, self._folder = command.folder, find_folder(command.folder)
        return self._folder

    def wanted(self, command: GetFiles) -> list[ListedFile] | str:
        """Return the files to save, or the sentence that says why there is none."""
        listed = [file for file in self._conversation.shown_files() if file.file is not None]
        if not listed:
            return "There is no file in this conversation. /earlier shows older messages."
        if command.every:
            new = [file for file in listed if file.status in _NOT_HERE and not file.own]
            return new or "You have every file that the others have sent here."
        if command.numbers:
            return self._numbered(command.numbers)
        last = next((file for file in reversed(listed) if not file.own), None)
        return (
            [last] if last else "The others have sent no file here. To save one of yours: /get and its number"
        )

    def _numbered(self, numbers: Sequence[int]) -> list[ListedFile] | str:
        found: list[ListedFile] = []
        for number in numbers:
            file = self._conversation.files.get(number)
            if file is None:
                return f"There is no file {number}. /files lists the files."
            if file.file is None:
                return f"{sized_name(file.name, file.size)} is not in the room yet."
            found.append(file)
        return found

    def given_up(self, command: CancelTransfer) -> list[ListedFile] | str:
        """Return the files whose transfers are meant, or the sentence that says why there is none."""
        moving = self._conversation.files.moving()
        if not moving:
            return "No file is on its way."
        if command.every:
            return moving
        if not command.numbers:
            if len(moving) == 1:
                return moving
            return f"{moving_text(moving)}: type /cancel and the number, as /files shows it, or /cancel all."
        found = [file for file in moving if file.number in command.numbers]
        missing = set(command.numbers) - {file.number for file in found}
        return f"File {min(missing)} is not on its way. /files lists the files." if missing else found

    def describe(self, command: SendFiles | GetFiles | CancelTransfer) -> str:
        """Return what a command will do."""
        if isinstance(command, SendFiles):
            files = self.files(command)
            return (
                files if isinstance(files, str) else sending_text(files, keep_metadata=command.keep_metadata)
            )
        if isinstance(command, CancelTransfer):
            given_up = self.given_up(command)
            return given_up if isinstance(given_up, str) else f"Stops {_names(given_up)}."
        folder, wanted = self.folder(command), self.wanted(command)
        if isinstance(wanted, str):
            return wanted
        return folder if isinstance(folder, str) else getting_text(wanted, folder_text(folder))


def _names(files: Sequence[ListedFile]) -> str:
    first, *more = [sized_name(file.name, file.size) for file in files]
    return f"{first} and {len(more)} more" if more else first
