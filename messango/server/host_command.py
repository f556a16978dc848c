"""What a host may want of the room, each able to ask the host's hand for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias


class ModerationProtocol(Protocol):
    """What commands ask of the host's hand: `messango.server.moderation.HostsHand` has it all."""

    def kick(self, name: str, reason: str = "") -> None: ...
    def ban(self, name: str, seconds: float | None = None, reason: str = "") -> None: ...
    def ban_address(self, address: str, seconds: float | None = None, reason: str = "") -> None: ...
    def unban(self, target: str) -> None: ...
    def lock(self) -> None: ...
    def unlock(self) -> None: ...
    def announce(self, text: str) -> None: ...
    def who(self) -> None: ...
    def bans(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Kick:
    """Send a member out."""

    name: str
    reason: str = ""

    def execute(self, moderation: ModerationProtocol) -> None:
        moderation.kick(self.name, self.reason)


@dataclass(frozen=True, slots=True)
class Ban:
    """Keep a name, an address or a network out, for good where `seconds` is None."""

    target: str
    is_address: bool
    seconds: float | None = None
    reason: str = ""

    def execute(self, moderation: ModerationProtocol) -> None:
        apply_ban = moderation.ban_address if self.is_address else moderation.ban
        apply_ban(self.target, self.seconds, self.reason)


@dataclass(frozen=True, slots=True)
class Unban:
    """Let in again."""

    target: str

    def execute(self, moderation: ModerationProtocol) -> None:
        moderation.unban(self.target)


@dataclass(frozen=True, slots=True)
class Announce:
    """Say something to all."""

    text: str

    def execute(self, moderation: ModerationProtocol) -> None:
        moderation.announce(self.text)


@dataclass(frozen=True, slots=True)
class SimpleCommand:
    """A command that is one word: `lock`, `unlock`, `who` or `bans`."""

    word: str

    def execute(self, moderation: ModerationProtocol) -> None:
        {
            "lock": moderation.lock,
            "unlock": moderation.unlock,
            "who": moderation.who,
            "bans": moderation.bans,
        }[self.word]()


@dataclass(frozen=True, slots=True)
class Help:
    """Show what can be typed."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Close the room."""


@dataclass(frozen=True, slots=True)
class InvalidCommand:
    """What was typed can't be done: why, and what to type instead."""

    message: str


HostCommand: TypeAlias = Kick | Ban | Unban | Announce | SimpleCommand
ParsedCommand: TypeAlias = HostCommand | Help | Quit | InvalidCommand
