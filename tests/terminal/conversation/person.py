"""A person who types lines, and sees what is shown; the client records what is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from messango.client.events import AnyReceived, Event
from messango.client.files.file_list import ListedFile
from messango.client.members.ignored import IgnoredMembers
from messango.terminal.conversation.command_runner import CommandRunner
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.drafting import Drafting
from messango.terminal.conversation.file_texts import file_rows
from tests.terminal.conversation.messages import joined
from tests.terminal.fake_client import FakeClient


class Person:
    """A person at a front end: types lines, and sees what is shown."""

    def __init__(self, *events: Event) -> None:
        self.shown: list[str] = []
        self.field = ""
        self.waiting: dict[str, str] = {}
        self.saved: list[list[str]] = []
        self.client = FakeClient()
        self.conversation = Conversation()
        self.drafting = Drafting(self.conversation)
        self.runner = CommandRunner(self.client, self.conversation, self.drafting, self, self._save)
        self.happens(joined(latest=40), *events)

    def happens(self, *events: Event) -> None:
        """Receive events."""
        for event in events:
            self.conversation.handle(event)

    def types(self, line: str) -> bool:
        """Type a line and Enter."""
        return self.runner.run(line)

    def _save(self, room_id: str, ignored: IgnoredMembers) -> None:
        assert room_id == "room-id"
        self.saved.append(ignored.names)

    def notice(self, sentence: str) -> None:
        """Record it."""
        self.shown.append(sentence)

    def problem(self, sentence: str) -> None:
        """Record it."""
        self.shown.append(f"! {sentence}")

    def show_messages(self, title: str, messages: Sequence[AnyReceived], end: str) -> None:
        """Record it."""
        self.shown += [f"- {title}", *(f"#{message.seq} {message.text}" for message in messages), f"- {end}"]

    def show_files(self, files: Sequence[ListedFile]) -> None:
        """Record it."""
        self.shown += [f"{number} {text}" for number, text in file_rows(files)]

    def transfers_began(self, sentence: str) -> None:
        """Record it."""
        self.shown.append(sentence)

    def show_help(self) -> None:
        """Record it."""
        self.shown.append("help")

    def show_members(self) -> None:
        """Record it."""
        self.shown.append("members")

    def show_room(self) -> None:
        """Record it."""
        self.shown.append("room")

    def show_invite(self) -> None:
        """Record it."""
        self.shown.append("invite")

    def set_typed(self, text: str) -> None:
        """Record it."""
        self.field = text

    def queued(self, request_id: str, text: str, *, is_message: bool) -> None:  # noqa: ARG002 (the protocol's)
        """Record it."""
        self.waiting[request_id] = text

    def visibility_changed(self) -> None:
        """Record it."""
        self.shown.append("painted again")

    def leave(self) -> None:
        """Record it."""
        self.shown.append("left")
