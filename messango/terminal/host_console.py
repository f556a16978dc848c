"""The host's end of the terminal: what happens becomes lines, what is typed becomes wishes. Pure."""

from __future__ import annotations

from collections.abc import Callable

from messango.protocol.escaping import safe_line
from messango.protocol.frames import RoomInfo
from messango.server.host_command import (
    Announce,
    Help,
    InvalidCommand,
    ModerationProtocol,
    Quit,
    SimpleCommand,
)
from messango.server.host_events import HostMemberJoined, HostMemberLeft, HostMemberRenamed, ServerEvent
from messango.terminal.host_commands import Completion, complete, help_lines, parse_command
from messango.terminal.host_lines import event_lines


class HostConsole:
    """Knows who is in, for names to be completed and read. For one thread at a time."""

    def __init__(self, moderation: ModerationProtocol, room_info: Callable[[], RoomInfo]) -> None:
        self.should_quit = False
        self._moderation = moderation
        self._room_info = room_info
        self._locked = False
        self._member_names: dict[str, None] = {}
        #: Those in the room when the host was asked: nobody need be asked about nobody.
        self._warned_about: list[str] = []

    def handle(self, event: ServerEvent) -> list[str]:
        """Return what the host reads about it."""
        if isinstance(event, HostMemberJoined):
            self._member_names[event.name] = None
        elif isinstance(event, HostMemberLeft):
            self._member_names.pop(event.name, None)
        elif isinstance(event, HostMemberRenamed):
            self._member_names.pop(event.old, None)
            self._member_names[event.name] = None
        return event_lines(event)

    def submit_input(self, text: str) -> list[str]:
        """Do what was typed, and return what is to be read at once; `should_quit` is true then where it ends.

        Several lines were pasted: each is a command, unless all of it is to be said.
        """
        self._warned_about = []
        lines = [text] if isinstance(parse_command(text, ()), Announce) else text.splitlines()
        output: list[str] = []
        while lines and not self.should_quit:
            output += self._execute(lines.pop(0))
        return output

    def _execute(self, line: str) -> list[str]:
        command = parse_command(line, self._member_names)
        if command is None:
            return []
        if isinstance(command, InvalidCommand):
            return [safe_line(command.message)]
        if isinstance(command, Help):
            return help_lines()
        if isinstance(command, Quit):
            self.should_quit = True
            return []
        if isinstance(command, SimpleCommand):
            self._locked = {"lock": True, "unlock": False}.get(command.word, self._locked)
        command.execute(self._moderation)
        return []

    def on_eof(self) -> list[str]:
        """The input has ended (Ctrl-D): quit, or ask first where that would close the room for others."""
        if self._warned_about == [*self._member_names]:
            self.should_quit = True
            return []
        self._warned_about = [*self._member_names]
        count = len(self._member_names)
        who = next(iter(self._member_names)) if count == 1 else f"{count} people"
        verb = "is" if count == 1 else "are"
        return [safe_line(f"{who} {verb} in the room. Ctrl-D once more closes it for everybody.")]

    def complete(self, before: str) -> list[Completion]:
        """Return what Tab offers for the text before the cursor."""
        return complete(before, self._member_names)

    def status_text(self) -> str:
        """Return how the room does, in a line: its name, its seats, and who may come in."""
        info = self._room_info()
        # The facts do not say which of the two it is.
        entry = "  locked" if self._locked else "  with a password" if info.locked else ""
        return safe_line(f"“{info.name}”  {info.members} of {info.seats}{entry}  help lists the commands")
