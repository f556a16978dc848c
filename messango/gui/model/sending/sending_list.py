"""The files that a person is about to send, in the order in which they go. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from messango.client.files.uploads.outgoing_file import size_problem
from messango.gui.model.sending.chosen_file import ChosenFile, FileFacts
from messango.gui.model.sending.outgoing_share import OutgoingShare, shares_of
from messango.protocol.files.file_line import format_size
from messango.protocol.frames import Quote

#: More in one go is hardly meant, and would hide what is being sent.
MAX_FILES: Final = 30


class SendingList:
    """Holds them until they are sent or given up; `limit` is the largest file of the room, if known."""

    def __init__(self, limit: int | None = None) -> None:
        self.limit = limit
        #: Whether pictures keep place and camera data.
        self.keep_metadata = False
        self._files: list[ChosenFile] = []
        self._last_key = 0
        #: The file that the text in the message field becomes, or 0.
        self._text_key = 0

    def __bool__(self) -> bool:
        return bool(self._files)

    @property
    def files(self) -> Sequence[ChosenFile]:
        """All of them, also those that can't be sent."""
        return tuple(self._files)

    @property
    def has_text_file(self) -> bool:
        """Whether the text in the message field goes as a file."""
        return self._text_key != 0

    def add_paths(self, paths: Iterable[Path]) -> list[ChosenFile]:
        """Add files that are not in the list yet, as far as there is space; returns those to read about."""
        present = {file.path for file in self._files}
        new = [path for path in dict.fromkeys(paths) if path not in present]
        space = max(MAX_FILES - len(self._files), 0)
        added = [ChosenFile(self._next_key(), path.name or str(path), path) for path in new[:space]]
        self._files += added
        return added

    def add_data(self, name: str, data: bytes) -> bool:
        """Add a file that is in memory; returns False if there is no space."""
        if len(self._files) >= MAX_FILES:
            return False
        self._add_data(name, data)
        return True

    def set_text(self, name: str, text: str) -> None:
        """Let the text in the message field go as a file; again whenever the text has changed."""
        data = text.encode()
        if self._text_key:
            self._change(
                self._text_key, data=data, size=len(data), problem=size_problem(len(data), self.limit)
            )
        else:
            self._text_key = self._add_data(name, data)

    def drop_text(self) -> None:
        """The text in the message field is a line about the files again."""
        self.remove(self._text_key)

    def learned(self, key: int, facts: FileFacts) -> None:
        """Take in what was read about a file; it may be gone from the list."""
        problem = facts.problem or size_problem(facts.size, self.limit)
        self._change(key, size=facts.size, problem=problem, modified_ns=facts.modified_ns)

    def remove(self, key: int) -> None:
        """Do not send this one."""
        self._files = [file for file in self._files if file.key != key]
        if key == self._text_key:
            self._text_key = 0

    def clear(self) -> None:
        """Send none of them; the next ones are chosen from the start."""
        self._files.clear()
        self._text_key, self.keep_metadata = 0, False

    def shares(self, caption: str, reply: Quote | None) -> list[OutgoingShare]:
        """Return what to send; without those that can't be sent, and without the line that is a file."""
        going = [file.share(keep_metadata=self.keep_metadata) for file in self._going]
        return shares_of(going, "" if self.has_text_file else caption, reply)

    @property
    def has_picture(self) -> bool:
        """Whether one of those that go is a picture, which may have place and camera data."""
        return any(file.is_picture for file in self._going)

    @property
    def can_send(self) -> bool:
        """Whether some of them can be sent, as far as is known."""
        return any(not file.problem for file in self._files)

    @property
    def refusal(self) -> str:
        """Why nothing can be sent now, or empty."""
        if any(file.size is None for file in self._files):
            return "One moment: the files are still being read."
        return "" if self._going else "None of these files can be sent. Press Escape to close this."

    @property
    def title(self) -> str:
        """What is about to be sent."""
        going = self._going
        if self._files and not going and all(file.problem for file in self._files):
            return "This can't be sent" if len(self._files) == 1 else "None of these can be sent"
        count, total = len(going), sum(file.size or 0 for file in going)
        reading = any(file.size is None for file in self._files)
        amount = "" if reading else f" · {format_size(total)}"
        if len(self._files) > count and not reading:
            return f"Send {count} of {len(self._files)} files to everybody{amount}"
        what = _what(self._files, has_text=self.has_text_file)
        return f"Send {what} to everybody{amount}"

    @property
    def button(self) -> str:
        """The label of the button that sends."""
        return f"Send {len(self._going)} files" if len(self._going) > 1 else "Send file"

    @property
    def placeholder(self) -> str:
        """What the empty message field says."""
        return "Add a line about it" if len(self._files) == 1 else "Add a line about them"

    @property
    def _going(self) -> list[ChosenFile]:
        return [file for file in self._files if file.can_go]

    def _next_key(self) -> int:
        self._last_key += 1
        return self._last_key

    def _add_data(self, name: str, data: bytes) -> int:
        size, key = len(data), self._next_key()
        problem = size_problem(size, self.limit)
        self._files.append(ChosenFile(key, name, data=data, size=size, problem=problem))
        return key

    def _change(self, key: int, **changes: object) -> None:
        self._files = [
            replace(file, **changes) if file.key == key else file  # type: ignore[arg-type] # our own fields
            for file in self._files
        ]


def too_many_text(left_out: int) -> str:
    """Return that some files were not added."""
    them = "1 file was" if left_out == 1 else f"{left_out} files were"
    return f"At most {MAX_FILES} files go at once: {them} not added."


def _what(files: Sequence[ChosenFile], *, has_text: bool) -> str:
    if len(files) > 1:
        pictures = all(file.is_picture for file in files)
        return f"{len(files)} {'pictures' if pictures else 'files'}"
    if has_text:
        return "your text as a file"
    return "this picture" if files and files[0].is_picture else "this file"
