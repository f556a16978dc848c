"""What the host does with the shared files, as data: list them, remove one."""

from __future__ import annotations

from dataclasses import dataclass

from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.wording import join_names
from messango.room.host.host_events import SEVERAL_MEMBERS, UNKNOWN_FILE, CommandDone, FileList, StoredFile
from messango.room.moderation import Moderation
from messango.room.moderation_error import ModerationError


@dataclass(frozen=True, slots=True)
class ListFiles:
    """List the shared files, how large they are, who sent them and how long they stay."""

    def apply(self, moderation: Moderation) -> FileList:
        return moderation.shelf.listing()


@dataclass(frozen=True, slots=True)
class RemoveFile:
    """Remove a shared file from this computer; the messages that announce it stay.

    `target` is its number in the list, its name or the beginning of that, or its id.
    """

    target: str

    def apply(self, moderation: Moderation) -> CommandDone:
        file = _match(self.target.strip(), moderation.shelf.listing().files)
        moderation.shelf.remove(file.id)
        return CommandDone(f"{quoted_name(file.name)} from {quoted_name(file.sender)} was removed.")


def _match(target: str, files: tuple[StoredFile, ...]) -> StoredFile:
    """Return the only file that is meant; raises `ModerationError`."""
    wanted = target.casefold()
    exact = [file for file in files if wanted in (str(file.number), file.id, file.name.casefold())]
    found = exact or [file for file in files if wanted and file.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        what_there_is = "`files` lists them." if files else "No files are shared in this room."
        raise ModerationError(f"There is no file {quoted_name(target)}. {what_there_is}", UNKNOWN_FILE)
    numbers = join_names([str(file.number) for file in found], 8)
    raise ModerationError(
        f"Several files can be meant by {quoted_name(target)}: give the number, {numbers}.", SEVERAL_MEMBERS
    )
