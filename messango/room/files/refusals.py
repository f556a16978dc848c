"""Why a file is not taken or not given: what its member reads, before and instead of the bytes."""

from __future__ import annotations

from messango.protocol import error_codes
from messango.protocol.files.file_line import format_size
from messango.protocol.frames import Problem


class FileRefused(Exception):
    """A request about a file fails: the protocol's code, what happened, and what to do next."""

    def __init__(self, code: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.hint = code, reason, hint

    def to_problem(self) -> Problem:
        """Return the frame that says so."""
        return Problem(self.code, self.reason, self.hint)


def no_files() -> FileRefused:
    """Return the refusal of a room whose host has switched files off."""
    return FileRefused(
        error_codes.NO_FILES, "The host of this room has switched files off.", "Send a link instead."
    )


def too_large(largest: int) -> FileRefused:
    """Return the refusal of a file that is larger than `largest` bytes."""
    return FileRefused(
        error_codes.TOO_LARGE,
        f"This file is too large: the room takes files of up to {format_size(largest)}.",
        "Send a smaller one, or ask the host to allow more.",
    )


def longer_than_said(size: int) -> FileRefused:
    """Return the refusal of an upload that goes on after the size that was announced."""
    return FileRefused(
        error_codes.TOO_LARGE, f"More bytes came than the {size:,} that were announced.", "Send it again."
    )


def store_full(kept_for: str) -> FileRefused:
    """Return the refusal of a file for which the store of all files has no space.

    `kept_for` is how long files are kept, as a person says it.
    """
    return FileRefused(
        error_codes.STORE_FULL,
        "The room has no space for this file.",
        f"Ask the host to remove files, or wait: each is removed after {kept_for}.",
    )


def share_full(share: int) -> FileRefused:
    """Return the refusal of a file for which one member, or all of one address, have used their share."""
    return FileRefused(
        error_codes.STORE_FULL,
        f"You have used your share of this room's space for files ({format_size(share)}).",
        "Delete messages with files that nobody needs any more.",
    )


def disk_full() -> FileRefused:
    """Return the refusal of a file that would leave too little space on the host's disk."""
    return FileRefused(
        error_codes.STORE_FULL,
        "The disk of the host's computer has no space for this file.",
        "Ask the host to free some space.",
    )


def wrong_digest() -> FileRefused:
    """Return the refusal of bytes that are not those of the digest that came with them."""
    return FileRefused(
        error_codes.WRONG_DIGEST,
        "The file arrived damaged, or changed while it was sent.",
        "Send it again.",
    )


def other_file() -> FileRefused:
    """Return the refusal of an upload under the id of one that is stored with other bytes."""
    return FileRefused(
        error_codes.WRONG_DIGEST,
        "The room has another file of yours under this upload's id.",
        "Send this one under an id of its own.",
    )


def cut_short() -> FileRefused:
    """Return the refusal to store an upload of which bytes are missing."""
    return FileRefused(error_codes.WRONG_DIGEST, "The file arrived incomplete.", "Send it again.")


def replaced() -> FileRefused:
    """Return the refusal of bytes on a connection after another one has gone on with the same upload."""
    return FileRefused(
        error_codes.BUSY, "Another connection has gone on with this upload.", "Continue in the other one."
    )


def too_many_uploads() -> FileRefused:
    """Return the refusal of one more upload of a member who has left many unfinished."""
    return FileRefused(
        error_codes.STORE_FULL,
        "You have too many unfinished uploads in this room.",
        "Finish or cancel some of them.",
    )


def unknown_file() -> FileRefused:
    """Return the answer about a file that does not exist, or not for this member."""
    return FileRefused(
        error_codes.UNKNOWN_ENTRY,
        "The room does not have this file.",
        "It may have been removed. Ask its sender to send it again.",
    )


def elsewhere_unreachable() -> FileRefused:
    """Return the answer about a file of another server that can't be reached."""
    return FileRefused(
        error_codes.LINK_DOWN,
        "The file is on another server of this room, which can't be reached now.",
        "Try again later.",
    )


def elsewhere_busy() -> FileRefused:
    """Return the answer about a file of another server while too many such files are on their way."""
    return FileRefused(
        error_codes.BUSY,
        "The file is on another server of this room, and many of its files are on their way now.",
        "Try again in a moment.",
    )


def no_space_for_copy(refused: FileRefused) -> FileRefused:
    """Return why a file of another server can't come through this one, which stores it on the way."""
    if refused.code == error_codes.TOO_LARGE:
        return FileRefused(
            refused.code,
            "The file is on another server of this room, and is larger than this one takes.",
            "Ask the host of this server to allow larger files.",
        )
    return FileRefused(
        refused.code,
        "The file is on another server of this room, and this one has no space for it.",
        "Ask the host of this server to free some space.",
    )


def storage_fault(why: str) -> FileRefused:
    """Return the refusal after the host's disk has failed; `why` is the system's word."""
    return FileRefused(
        error_codes.FAULT,
        f"The host's computer can't store files now ({why}).",
        "Tell the host, and try again.",
    )
