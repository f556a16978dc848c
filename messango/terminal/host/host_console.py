"""The model of the host's prompt: events become lines to read, typed lines become commands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from messango.protocol.frames import RoomInfo
from messango.protocol.text.command_table import Completion, InvalidInput, ShowHelp
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.room.host.host_command import Announce, RunCommand, SetPassword
from messango.room.host.host_command_parser import AskPassword, CloseRoom, complete, help_lines, parse_command
from messango.room.host.host_events import (
    FileList,
    FileShared,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    PrivateMessagesSent,
    RoomEvent,
    private_messages_text,
)
from messango.terminal.chat.password_entry import PasswordEntry
from messango.terminal.host.guest_invite import GuestInvite
from messango.terminal.host.host_lines import event_lines

#: More than a person removes.
_MAX_FILE_NAMES: Final = 1_000


class HostConsole:
    """Keeps the members' names, to complete and parse them. For one thread at a time.

    `run_command` must not wait; its results come as events. `guests` shows how guests get in. `is_locked`
    returns whether the host has locked the room, here or elsewhere.
    """

    def __init__(
        self,
        run_command: RunCommand,
        room_info: Callable[[], RoomInfo],
        guests: GuestInvite,
        is_locked: Callable[[], bool] = lambda: False,
    ) -> None:
        self.should_quit = False
        self._run_command = run_command
        self._room_info = room_info
        self._guests = guests
        self._is_locked = is_locked
        self._password_entry = PasswordEntry(lambda password: run_command(SetPassword(password)))
        self._member_names: dict[str, None] = {}
        self._file_names: dict[str, None] = {}
        self._private_messages = 0
        #: The members when the host was last asked whether to close the room; in an empty room nobody asks.
        self._warned_about: list[str] = []

    @property
    def is_secret(self) -> bool:
        """Whether a password is typed now, so that it must not be shown or kept."""
        return self._password_entry.is_open

    def handle(self, event: RoomEvent) -> list[str]:
        """Return the lines that the host reads about an event."""
        if isinstance(event, MemberJoined):
            self._member_names[event.name] = None
        elif isinstance(event, MemberLeft):
            self._member_names.pop(event.name, None)
        elif isinstance(event, MemberRenamed):
            self._member_names.pop(event.old, None)
            self._member_names[event.name] = None
        elif isinstance(event, FileShared):
            self._add_files([event.file])
        elif isinstance(event, FileList):
            self._file_names.clear()
            self._add_files([file.name for file in event.files])
        elif isinstance(event, PrivateMessagesSent):
            self._private_messages = event.count
        return event_lines(event, self._guests)

    def _add_files(self, names: Iterable[str]) -> None:
        """Let Tab complete the names of files, the newest of very many."""
        self._file_names.update(dict.fromkeys(names))
        while len(self._file_names) > _MAX_FILE_NAMES:
            del self._file_names[next(iter(self._file_names))]

    def submit_input(self, text: str) -> list[str]:
        """Run what was typed, and return lines to show at once; afterwards `should_quit` may be true.

        Of several pasted lines each is a command, unless the first is `say`: then all of it is one message.
        """
        self._warned_about = []
        if self.is_secret:
            return self._password_entry.submit(text)
        lines = [text] if isinstance(parse_command(text, ()), Announce) else text.splitlines()
        output: list[str] = []
        while lines and not self.should_quit:
            line = lines.pop(0)
            output += self._password_entry.submit(line) if self.is_secret else self._execute(line)
        return output

    def _execute(self, line: str) -> list[str]:
        command = parse_command(line, self._member_names)
        if command is None:
            return []
        if isinstance(command, InvalidInput):
            return [safe_line(command.reason)]
        if isinstance(command, ShowHelp):
            return help_lines()
        if isinstance(command, AskPassword):
            return self._password_entry.ask()
        if isinstance(command, CloseRoom):
            self.should_quit = True
            return []
        self._run_command(command)
        return []

    def on_eof(self) -> list[str]:
        """Handle the end of the input (Ctrl-D): quit, or ask first if members are in the room."""
        if self.is_secret:
            return self._password_entry.cancel()
        if self._warned_about == [*self._member_names]:
            self.should_quit = True
            return []
        self._warned_about = [*self._member_names]
        count = len(self._member_names)
        who = plain_name(next(iter(self._member_names))) if count == 1 else f"{count} people"
        verb = "is" if count == 1 else "are"
        return [safe_line(f"{who} {verb} in the room. Press Ctrl-D again to close it for everybody.")]

    def on_interrupt(self) -> list[str]:
        """Handle Ctrl-C: quit, or leave the password as it is if it is being typed."""
        if self.is_secret:
            return self._password_entry.cancel()
        self.should_quit = True
        return []

    def complete(self, before: str) -> list[Completion]:
        """Return the choices for Tab after the text before the cursor."""
        return complete(before, self._member_names, self._file_names)

    def status_text(self) -> str:
        """Return the status line: the room's name, its seats, whether it is locked, and a count.

        The host is told how much is said in private, and never what.
        """
        info = self._room_info()
        entry = "  locked" if self._is_locked() else "  with a password" if info.password else ""
        private = private_messages_text(self._private_messages)
        counts = f"{info.members} of {info.seats}{entry}{private and f'  {private}'}"
        return safe_line(f"{quoted_name(info.name)}  {counts}  type help for commands")
