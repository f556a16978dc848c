"""The host's end of the terminal: what happens becomes lines, what is typed becomes wishes. Pure."""

from __future__ import annotations

from collections.abc import Callable

from messango.protocol.escaping import safe_line
from messango.protocol.frames import RoomInfo
from messango.server.host_command import Announce, HandLike, Help, Mistake, Plain, Quit
from messango.server.host_events import Joined, Left, Renamed, ServerEvent
from messango.terminal.host_commands import Offer, complete, help_lines, read_command
from messango.terminal.host_lines import told


class HostConsole:
    """Knows who is in, for names to be completed and read. For one thread at a time."""

    def __init__(self, hand: HandLike, facts: Callable[[], RoomInfo]) -> None:
        self.quits = False
        self._hand = hand
        self._facts = facts
        self._locked = False
        self._names: dict[str, None] = {}
        #: Those in the room when the host was asked: nobody need be asked about nobody.
        self._asked_about: list[str] = []

    def hear(self, event: ServerEvent) -> list[str]:
        """Return what the host reads about it."""
        if isinstance(event, Joined):
            self._names[event.name] = None
        elif isinstance(event, Left):
            self._names.pop(event.name, None)
        elif isinstance(event, Renamed):
            self._names.pop(event.old, None)
            self._names[event.name] = None
        return told(event)

    def enter(self, typed: str) -> list[str]:
        """Do what was typed, and return what is to be read at once; `quits` is true then where it ends.

        Several lines were pasted: each is a command, unless all of it is to be said.
        """
        self._asked_about = []
        lines = [typed] if isinstance(read_command(typed, ()), Announce) else typed.splitlines()
        answers: list[str] = []
        while lines and not self.quits:
            answers += self._do(lines.pop(0))
        return answers

    def _do(self, line: str) -> list[str]:
        command = read_command(line, self._names)
        if command is None:
            return []
        if isinstance(command, Mistake):
            return [safe_line(command.sentence)]
        if isinstance(command, Help):
            return help_lines()
        if isinstance(command, Quit):
            self.quits = True
            return []
        if isinstance(command, Plain):
            self._locked = {"lock": True, "unlock": False}.get(command.word, self._locked)
        command.carry_out(self._hand)
        return []

    def end(self) -> list[str]:
        """The input has ended (Ctrl-D): quit, or ask first where that would close the room for others."""
        if self._asked_about == [*self._names]:
            self.quits = True
            return []
        self._asked_about = [*self._names]
        count = len(self._names)
        who = next(iter(self._names)) if count == 1 else f"{count} people"
        verb = "is" if count == 1 else "are"
        return [safe_line(f"{who} {verb} in the room. Ctrl-D once more closes it for everybody.")]

    def complete(self, before: str) -> list[Offer]:
        """Return what Tab offers for the text before the cursor."""
        return complete(before, self._names)

    def status(self) -> str:
        """Return how the room does, in a line: its name, its seats, and who may come in."""
        facts = self._facts()
        # The facts do not say which of the two it is.
        entry = "  locked" if self._locked else "  with a password" if facts.locked else ""
        return safe_line(f"“{facts.name}”  {facts.members} of {facts.seats}{entry}  help lists the commands")
