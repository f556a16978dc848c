"""The card of a file in the conversation: what it shows, and what can be done with the file."""

from __future__ import annotations

import enum
from typing import Final

from msgspec import Struct

from messango.gui.model.files.file_kind import FileKind, is_shown_picture, kind_of
from messango.protocol.files.file_line import format_size


class CardStatus(enum.Enum):
    """Where a file is on its way."""

    OFFERED = "offered"  # in the room, and not here
    SENDING = "sending"
    SENT = "sent"  # by us, from a file on this computer
    RECEIVING = "receiving"
    SAVED = "saved"
    FAILED = "failed"
    GONE = "gone"  # the room no longer keeps it


class FileAction(enum.Enum):
    """What can be done with a file; the values are the tags of its links."""

    VIEW = "file-view"
    DOWNLOAD = "file-download"
    OPEN = "file-open"
    SHOW_IN_FOLDER = "file-show-in-folder"
    SAVE_AS = "file-save-as"
    CANCEL = "file-cancel"
    TRY_AGAIN = "file-try-again"

    @property
    def label(self) -> str:
        """The words on the link and in the menu."""
        return _LABELS[self]


_LABELS: Final = {
    FileAction.VIEW: "View",
    FileAction.DOWNLOAD: "Download",
    FileAction.OPEN: "Open",
    FileAction.SHOW_IN_FOLDER: "Show in folder",
    FileAction.SAVE_AS: "Save as…",
    FileAction.CANCEL: "Cancel",
    FileAction.TRY_AGAIN: "Try again",
}

#: The tags of the links below a card.
FILE_LINKS: Final = tuple(action.value for action in FileAction if action is not FileAction.VIEW)

_ACTIONS: Final = {
    CardStatus.OFFERED: (FileAction.DOWNLOAD, FileAction.SAVE_AS),
    CardStatus.SENDING: (FileAction.CANCEL,),
    CardStatus.SENT: (FileAction.OPEN, FileAction.SHOW_IN_FOLDER),
    CardStatus.RECEIVING: (FileAction.CANCEL,),
    CardStatus.SAVED: (FileAction.OPEN, FileAction.SHOW_IN_FOLDER, FileAction.SAVE_AS),
    CardStatus.FAILED: (FileAction.TRY_AGAIN, FileAction.SAVE_AS),
    CardStatus.GONE: (),
}

#: A room may say that any picture is a million pixels high; a side shown is at least this part of the other.
_MAX_RATIO: Final = 8


class Progress(Struct, frozen=True, gc=False):
    """How far a transfer is, in bytes; `waiting`: it has not begun, or the connection broke."""

    done: int = 0
    waiting: bool = True


class FileCard(Struct, frozen=True, gc=False):
    """A file as it is shown; progress is apart, since it changes often.

    `key` is the file's id in the room, and before there is one that of its upload. `size` is None if it is
    unknown; `width` and `height` are those that a picture is said to have. `reason` says why it failed, with
    what to do next; `folder` is the name of the folder where it was saved.
    """

    key: str
    name: str
    size: int | None
    status: CardStatus = CardStatus.OFFERED
    width: int = 0
    height: int = 0
    reason: str = ""
    folder: str = ""

    @property
    def kind(self) -> FileKind:
        """What kind of file it is."""
        return kind_of(self.name)

    @property
    def is_picture(self) -> bool:
        """Whether the picture itself is shown, not only its name."""
        is_kept = self.status is not CardStatus.GONE
        return is_kept and self.width > 0 and self.height > 0 and is_shown_picture(self.name)

    @property
    def is_moving(self) -> bool:
        """Whether it is on its way."""
        return self.status in (CardStatus.SENDING, CardStatus.RECEIVING)

    @property
    def actions(self) -> tuple[FileAction, ...]:
        """What can be done with it, the most useful first."""
        actions = _ACTIONS[self.status]
        return (FileAction.VIEW, *actions) if self.is_picture and not self.is_moving else actions

    @property
    def links(self) -> tuple[FileAction, ...]:
        """Those that are shown below the card: a picture has none until somebody saves it."""
        if self.is_picture and self.status in (CardStatus.OFFERED, CardStatus.SENT):
            return ()
        return tuple(action for action in self.actions if action is not FileAction.VIEW)

    @property
    def size_text(self) -> str:
        """Its size in words; empty if it is unknown."""
        return "" if self.size is None else format_size(self.size)


def state_text(card: FileCard, progress: Progress) -> str:
    """Return the line below a file's name."""
    if card.status is CardStatus.GONE:
        return "The room no longer keeps this file"
    if card.is_moving:
        return _moving_text(card, progress)
    notes = {
        CardStatus.FAILED: "failed",
        CardStatus.SAVED: f"in {card.folder}" if card.folder else "",
    }
    return " · ".join(filter(None, (card.size_text, notes.get(card.status, ""))))


def _moving_text(card: FileCard, progress: Progress) -> str:
    is_upload = card.status is CardStatus.SENDING
    if progress.waiting:
        return " · ".join(filter(None, ("Waiting to send" if is_upload else "Waiting", card.size_text)))
    verb = "Sending" if is_upload else "Downloading"
    if card.size is None:
        return f"{verb} · {format_size(progress.done)}"
    return f"{verb} · {format_size(min(progress.done, card.size))} of {card.size_text}"


def fraction(card: FileCard, progress: Progress) -> float:
    """Return how much of a file is done, 0 to 1."""
    return min(max(progress.done / card.size, 0.0), 1.0) if card.size else 0.0


def picture_size(width: int, height: int, box: tuple[int, int]) -> tuple[int, int]:
    """Return how large a picture is in a box: as it is, or smaller; never a thin line."""
    width, height = max(width, height // _MAX_RATIO, 1), max(height, width // _MAX_RATIO, 1)
    scale = min(box[0] / width, box[1] / height, 1.0)
    return max(round(width * scale), 1), max(round(height * scale), 1)
