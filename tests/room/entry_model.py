"""A simple model of a room's conversation, and members who keep what they receive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from messango.protocol.frames import AnyMessage, Deleted, Edited, Entry, Reacted, ServerFrame, Told, Welcome

#: How a member sees one message: sender, receiver or "", text, what it answers, edited, deleted, reactions.
View = tuple[str, str, str, int, bool, bool, frozenset[tuple[str, str]]]


@dataclass
class ModelMessage:
    """A message as it is now; `reactions` are pairs of an emoji and a member's id."""

    sender: str
    receiver: str
    text: str
    reply_to: int = 0
    edited: bool = False
    deleted: bool = False
    reactions: set[tuple[str, str]] = field(default_factory=set)

    def is_seen_by(self, member: str) -> bool:
        return not self.receiver or member in (self.sender, self.receiver)

    def view(self) -> View:
        fields = (self.sender, self.receiver, self.text, self.reply_to, self.edited, self.deleted)
        return (*fields, frozenset(self.reactions))


class Model:
    """What was accepted, by number."""

    def __init__(self) -> None:
        self.messages: dict[int, ModelMessage] = {}
        self.latest = 0

    def seen_by(self, member: str) -> dict[int, View]:
        """Return each message that this member may see."""
        return {seq: each.view() for seq, each in self.messages.items() if each.is_seen_by(member)}

    def apply(self, entry: Entry) -> None:
        """Take over an entry that the room has accepted."""
        self.latest = max(self.latest, entry.seq)
        apply_entry(self.messages, entry)


def apply_entry(messages: dict[int, ModelMessage], entry: Entry) -> None:
    """Do to messages what an entry says."""
    if isinstance(entry, AnyMessage):
        receiver = entry.to if isinstance(entry, Told) else ""
        reply_to = entry.reply.seq if entry.reply else 0
        messages[entry.seq] = ModelMessage(
            entry.member, receiver, entry.text, reply_to, entry.edited, entry.deleted
        )
        return
    target = messages[entry.target]
    if isinstance(entry, Reacted):
        pair = (entry.emoji, entry.member)
        if entry.on:
            assert pair not in target.reactions, "nothing is counted twice"
            target.reactions.add(pair)
        elif not target.deleted:
            target.reactions.remove(pair)
    elif isinstance(entry, Edited):
        if not target.deleted:
            target.text, target.edited = entry.text, True
    elif isinstance(entry, Deleted):
        messages[entry.target] = ModelMessage(target.sender, target.receiver, "", deleted=True)


class Client:
    """A member over one or more connections: what they have received, and how they resume."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.member = ""
        self.session: str | None = None
        self.connection_id: int | None = None
        self.messages: dict[int, ModelMessage] = {}
        self.last_seq = 0
        self.taken = 0

    def welcomed(self, welcome: Welcome, connection_id: int) -> None:
        self.member, self.session = welcome.member, welcome.session
        self.connection_id, self.taken = connection_id, 0

    def take(self, frames: list[ServerFrame], requests: set[str]) -> None:
        """Take the frames since the last time; answers to repeated requests are not new."""
        for frame in frames[self.taken :]:
            if isinstance(frame, Entry) and not (frame.seq <= self.last_seq and frame.id in requests):
                assert frame.seq > self.last_seq, "in order, and once"
                self.last_seq = frame.seq
                apply_entry(self.messages, frame)
        self.taken = len(frames)

    def views(self) -> dict[int, View]:
        return {seq: message.view() for seq, message in self.messages.items()}


NAMES: Final = ("Ann", "Ben", "Cleo", "Dan")
