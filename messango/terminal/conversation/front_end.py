"""What the commands need of a front end; the screen and the plain lines have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from messango.client.events import AnyReceived
from messango.client.files.file_list import ListedFile


class FrontEnd(Protocol):
    """What the commands need of a front end."""

    def notice(self, sentence: str) -> None:
        """Show a sentence."""

    def problem(self, sentence: str) -> None:
        """Show an error."""

    def show_messages(self, title: str, messages: Sequence[AnyReceived], end: str) -> None:
        """Show older messages, with their numbers, between two titles."""

    def show_files(self, files: Sequence[ListedFile]) -> None:
        """Show the files of the conversation, with their numbers."""

    def transfers_began(self, sentence: str) -> None:
        """Show that files are on their way: how far they are is known to the conversation's `files`."""

    def show_help(self) -> None:
        """Show the commands."""

    def show_members(self) -> None:
        """Show who is in the room."""

    def show_room(self) -> None:
        """Show the room's words, fingerprint and address."""

    def show_invite(self) -> None:
        """Show a link to the room."""

    def set_typed(self, text: str) -> None:
        """Put a text into the field."""

    def queued(self, request_id: str, text: str, *, is_message: bool) -> None:
        """Show that something is sent and not accepted yet."""

    def visibility_changed(self) -> None:
        """Show or hide messages: others are ignored now."""

    def leave(self) -> None:
        """Leave the room."""
