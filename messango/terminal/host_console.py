"""The model of the host's prompt: events become lines to read, typed lines become commands. Pure."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.command_table import Completion
from messango.client.commands import InvalidInput, Quit, ShowHelp
from messango.protocol.frames import RoomInfo
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.room.host_command import Announce, Lock, RunCommand, Unlock
from messango.room.host_events import MemberJoined, MemberLeft, MemberRenamed, RoomEvent
from messango.terminal.host_command_parser import complete, help_lines, parse_command
from messango.terminal.host_lines import event_lines


class HostConsole:
    """Keeps the members' names, to complete and parse them. For one thread at a time.

    `run_command` must not wait; its results come as events.
    """

    def __init__(self, run_command: RunCommand, room_info: Callable[[], RoomInfo]) -> None:
        self.should_quit = False
        self._run_command = run_command
        self._room_info = room_info
        self._locked = False
        self._member_names: dict[str, None] = {}
        #: The members when the host was last asked whether to close the room; in an empty room nobody asks.
        self._warned_about: list[str] = []

    def handle(self, event: RoomEvent) -> list[str]:
        """Return the lines that the host reads about an event."""
        if isinstance(event, MemberJoined):
            self._member_names[event.name] = None
        elif isinstance(event, MemberLeft):
            self._member_names.pop(event.name, None)
        elif isinstance(event, MemberRenamed):
            self._member_names.pop(event.old, None)
            self._member_names[event.name] = None
        return event_lines(event)

    def submit_input(self, text: str) -> list[str]:
        """Run what was typed, and return lines to show at once; afterwards `should_quit` may be true.

        Of several pasted lines each is a command, unless the first is `say`: then all of it is one message.
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
        if isinstance(command, InvalidInput):
            return [safe_line(command.reason)]
        if isinstance(command, ShowHelp):
            return help_lines()
        if isinstance(command, Quit):
            self.should_quit = True
            return []
        if isinstance(command, (Lock, Unlock)):
            self._locked = isinstance(command, Lock)
        self._run_command(command)
        return []

    def on_eof(self) -> list[str]:
        """Handle the end of the input (Ctrl-D): quit, or ask first if members are in the room."""
        if self._warned_about == [*self._member_names]:
            self.should_quit = True
            return []
        self._warned_about = [*self._member_names]
        count = len(self._member_names)
        who = plain_name(next(iter(self._member_names))) if count == 1 else f"{count} people"
        verb = "is" if count == 1 else "are"
        return [safe_line(f"{who} {verb} in the room. Press Ctrl-D again to close it for everybody.")]

    def complete(self, before: str) -> list[Completion]:
        """Return the choices for Tab after the text before the cursor."""
        return complete(before, self._member_names)

    def status_text(self) -> str:
        """Return the status line: the room's name, its seats, and whether it is locked."""
        info = self._room_info()
        # `info.locked` is true in both cases.
        entry = "  locked" if self._locked else "  with a password" if info.locked else ""
        return safe_line(
            f"{quoted_name(info.name)}  {info.members} of {info.seats}{entry}  type help for commands"
        )
