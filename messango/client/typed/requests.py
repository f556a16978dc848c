"""What the commands of a room ask for, as `commands.parse_input` returns it."""

from __future__ import annotations

from dataclasses import dataclass

from messango.client.typed.addressing import Target


@dataclass(frozen=True, slots=True)
class SendText:
    """Send this text to the room."""

    text: str


@dataclass(frozen=True, slots=True)
class SendPrivate:
    """Send this text to the member `name` only; an empty text shows whom the next words would go to."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a message; an empty text shows which."""

    target: Target
    text: str


@dataclass(frozen=True, slots=True)
class React:
    """Add this reaction to a message, or take the same one back."""

    target: Target
    emoji: str


@dataclass(frozen=True, slots=True)
class EditText:
    """Replace the text of an own message; an empty text shows the present one, to be edited."""

    target: Target
    text: str


@dataclass(frozen=True, slots=True)
class DeleteMessage:
    """Delete a message."""

    target: Target


@dataclass(frozen=True, slots=True)
class IgnoreMember:
    """Hide what a member writes; an empty name lists those who are ignored."""

    name: str


@dataclass(frozen=True, slots=True)
class UnignoreMember:
    """Show again what a member writes."""

    name: str


@dataclass(frozen=True, slots=True)
class ShowEarlier:
    """Show older messages; with `around`, those around the message with this number."""

    around: int | None = None


@dataclass(frozen=True, slots=True)
class SearchMessages:
    """Search all messages that the room keeps."""

    words: str


@dataclass(frozen=True, slots=True)
class ShowMentions:
    """Show the messages that mention us."""


@dataclass(frozen=True, slots=True)
class SendFiles:
    """Share files with everybody: the paths as they were typed, and a line about the first of them.

    The first one answers the message that `reply_to` means, if it means one.
    """

    paths: str
    text: str = ""
    keep_metadata: bool = False
    reply_to: Target | None = None


@dataclass(frozen=True, slots=True)
class ShowFiles:
    """List the files of the conversation."""


@dataclass(frozen=True, slots=True)
class GetFiles:
    """Download the files with these numbers, or `every` one; without a number, the last one.

    Into the folder that was typed, or the person's folder for downloads.
    """

    numbers: tuple[int, ...] = ()
    every: bool = False
    folder: str = ""


@dataclass(frozen=True, slots=True)
class CancelTransfer:
    """Give up the transfers of the files with these numbers, or `every`; without a number, the only one."""

    numbers: tuple[int, ...] = ()
    every: bool = False


@dataclass(frozen=True, slots=True)
class ShowMembers:
    """Show who is in the room."""


@dataclass(frozen=True, slots=True)
class ShowRoom:
    """Show the room's words, fingerprint and address."""


@dataclass(frozen=True, slots=True)
class ShowInvite:
    """Show an invite link to the room."""


@dataclass(frozen=True, slots=True)
class ChangeName:
    """Change one's own name."""

    name: str


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the room."""
