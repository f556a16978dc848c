"""Sentences about files: what is about to be sent or saved, the list, and what became of a transfer. Pure.

A file's name stands between quotation marks: its sender has chosen it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messango.client.events import FileFailed, FileSaved
from messango.client.files.file_list import FileStatus, ListedFile
from messango.protocol.files.file_line import format_size
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import counted, join_names
from messango.terminal.conversation.local_files import LocalFile, shown_path

if TYPE_CHECKING:
    from messango.client.pictures.metadata.strip import Metadata

_DOWNLOADS: Final = "your folder for downloads"

#: `/files` lists so many at once, the last ones.
_MAX_LISTED: Final = 50


def sized_name(name: str, size: int) -> str:
    """Return a file's name and size: `“holiday.jpg” (2.1 MB)`."""
    return f"{quoted_name(name)} ({format_size(size)})"


def sending_text(files: Sequence[LocalFile], *, keep_metadata: bool) -> str:
    """Return what is about to be sent: to whom, which files, and what others can read in them."""
    from messango.client.pictures.metadata.strip import Metadata  # only for those who send files

    names = join_names([sized_name(file.name, file.size) for file in files], len(files))
    has = "with" if keep_metadata else "without"
    sentences = [
        f"To everybody: {names}.",
        _metadata_text(files, Metadata.REMOVABLE, f"{has} place and camera data."),
        _metadata_text(files, Metadata.UNREADABLE, "with place and camera data, if there is any."),
    ]
    return " ".join(filter(None, sentences))


def _metadata_text(files: Sequence[LocalFile], kind: Metadata, what: str) -> str:
    """Return what goes with the pictures of a kind; empty if there are none."""
    count = sum(file.metadata is kind for file in files)
    if not count:
        return ""
    pictures = "pictures" if count > 1 else "picture"
    which = f"The {pictures}" if len({file.metadata for file in files}) == 1 else f"{count} {pictures}"
    return f"{which} {'goes' if count == 1 else 'go'} {what}"


def getting_text(files: Sequence[ListedFile], folder: str) -> str:
    """Return what is about to be saved, and where."""
    if len(files) == 1:
        (file,) = files
        what = f"{sized_name(file.name, file.size)} from {sender_text(file)}"
    else:
        what = f"{counted(len(files), 'file')} ({format_size(sum(file.size for file in files))})"
    return f"Saves {what} in {folder}."


def folder_text(folder: Path | None) -> str:
    """Return where files are saved; None is the usual folder."""
    return _DOWNLOADS if folder is None else shown_path(folder)


def sender_text(file: ListedFile) -> str:
    """Return who has sent a file."""
    return "you" if file.own else plain_name(file.sender)


def file_rows(files: Sequence[ListedFile]) -> list[tuple[str, str]]:
    """Return the rows of `/files`: the number, and what there is to say."""
    shown = files[-_MAX_LISTED:]
    rows = [(str(file.number), f"{_listed(file)}{_state_text(file)}") for file in shown]
    if len(files) > len(shown):
        rows.insert(0, ("…", f"{counted(len(files) - len(shown), 'earlier file')}"))
    return rows


def _listed(file: ListedFile) -> str:
    return f"{sized_name(file.name, file.size)} from {sender_text(file)}"


def _state_text(file: ListedFile) -> str:
    is_upload = file.file is None
    if file.is_moving:
        how_far = "waiting" if file.status is FileStatus.WAITING and not file.done else f"{file.percent}%"
        return f", {'sending' if is_upload else 'saving'}: {how_far}"
    if file.status is FileStatus.SAVED and file.path:
        return f", saved as {shown_path(file.path)}"
    if file.status is FileStatus.FAILED:
        return f", not {'sent' if is_upload else 'saved'}: {file.reason}"
    return ""


def saved_text(event: FileSaved) -> str:
    """Return that a file is here, and where."""
    return f"Saved {sized_name(event.name, event.size)} as {shown_path(event.path)}"


def failed_text(event: FileFailed) -> str:
    """Return why a file was not sent or saved, and what to do."""
    name = quoted_name(event.name)
    sentence = f"{event.reason} {event.hint}".rstrip()
    if name in event.reason or event.name in event.reason:
        return sentence
    return f"{name} was not {'sent' if event.upload else 'saved'}. {sentence}"


def moving_text(files: Sequence[ListedFile]) -> str:
    """Return which files are still on their way."""
    names = join_names([quoted_name(file.name) for file in files])
    return (
        f"{names} {'is' if len(files) == 1 else 'are'} still on {'its' if len(files) == 1 else 'their'} way"
    )


def leaving_warning(files: Sequence[ListedFile]) -> str:
    """Return what is lost if one leaves now."""
    it = "it" if len(files) == 1 else "them"
    return f"{moving_text(files)}: leaving gives {it} up. To leave all the same, do it again."
