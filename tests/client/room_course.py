"""Random courses of a room: members talk, change what they said, leave and come back.

Answers to questions overtake some frames, and others overtake them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

from messango.client.events import (
    EarlierReceived,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    ReceivedMessage,
    RoomJoined,
    SearchResult,
)
from messango.client.present_messages import PresentMessages
from messango.protocol.frames import (
    AnyMessage,
    Delete,
    Earlier,
    EarlierMessages,
    Edit,
    React,
    Reaction,
    Say,
    ServerFrame,
    Tell,
    Welcome,
)
from messango.room.history.reading.member_reading import HistoryReading
from messango.room.request_check import EntryRequest
from tests.client.session_harness import SessionHarness
from tests.room.batches import RoomHarness

NAMES: Final = ("Ann", "Ben", "Cleo", "Dora")
EMOJI: Final = ("👍", "❤️", "🎉")


class Member:
    """A client's session, what it holds, and the frames that it has not handled yet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.client = SessionHarness()
        self.present = PresentMessages()
        self.id = self.token = ""
        self.connection = 0
        self.inbox: list[ServerFrame] = []

    def handle(self, count: int) -> None:
        """Handle the next frames."""
        frames, self.inbox = self.inbox[:count], self.inbox[count:]
        for event in self.client.handle(*frames):
            if isinstance(event, RoomJoined):
                self.present.joined(event)
            elif isinstance(event, MessageReceived | PrivateMessageReceived):
                self.present.add(event)
            elif isinstance(event, ReactionChanged | MessageEdited | MessageDeleted):
                self.present.apply(event)
            elif isinstance(event, EarlierReceived | SearchResult):
                self.present.add_answer(event)

    def send(self, request: EntryRequest) -> None:
        """Note a request that is on its way."""
        self.client.outbox.add(request)
        self.client.outbox.next_batch()

    def ask(self, question: Earlier) -> None:
        """Note a question that is on its way."""
        self.client.questions.add(question)
        self.client.questions.next_batch()

    def before(self, course: random.Random, latest: int) -> int:
        """Return the number before which to ask for older messages."""
        return course.randint(1, latest + 1)

    def break_off(self) -> None:
        """Lose the connection, and what came over it unread."""
        self.inbox.clear()
        self.client.session.detach()
        self.client.attach()


M = TypeVar("M", bound=Member)


class Course(Generic[M]):
    """A room with its members, and what happens next by chance."""

    def __init__(self, seed: int, new_member: Callable[[str], M]) -> None:
        self.random = random.Random(seed)  # noqa: S311 (a course that can be repeated)
        self.room = RoomHarness()
        self.new_member = new_member
        self.members = [new_member(name) for name in NAMES]
        self.connections = self.ids = 0
        for member in self.members:
            self.join(member)

    def join(self, member: M) -> None:
        """Join, or return after a break."""
        self.connections += 1
        member.connection = self.connections
        since = member.client.session.last_seq
        self.room.join(member.connection, member.name, member.token or None, since)
        self.fetch()
        welcome = next(frame for frame in member.inbox if isinstance(frame, Welcome))
        member.id, member.token = welcome.member, welcome.session

    def fetch(self) -> None:
        """Put what the room has sent behind what each member has not handled yet."""
        for member in self.members:
            member.inbox += self.room.received.pop(member.connection, [])
            while member.connection in self.room.lagging:
                self.room.read_backlog(member.connection)
                member.inbox += self.room.received.pop(member.connection, [])

    def step(self) -> None:
        """Let one of the members do something, or something happen to them."""
        member = self.random.choice(self.members)
        chance = self.random.random()
        if chance < 0.06:
            self.leave(member)
        elif chance < 0.3:
            member.handle(self.random.randint(1, 8))
        elif chance < 0.45:
            self.answer(member)
        else:
            self.request(member)
        self.fetch()

    def leave(self, member: M) -> None:
        """Break the connection and return; or leave, and come as somebody new."""
        if self.random.random() < 0.3:
            self.room.leave(member.connection)
            self.members[self.members.index(member)] = member = self.new_member(member.name)
        else:
            self.room.disconnect(member.connection)
            member.break_off()
        self.fetch()
        self.join(member)

    def request(self, member: M, about: Sequence[AnyMessage] = ()) -> None:
        """Send a request; about one of these or any message, also about one that the member must not see."""
        self.ids += 1
        request_id, seq = f"q{self.ids}", self.random.randint(1, max(1, self.room.history.latest))
        if about:
            seq = self.random.choice(about).seq
        other = self.random.choice(self.members)
        request = self.random.choice(
            [
                Say(request_id, f"text {self.ids}"),
                Say(request_id, f"answer {self.ids}", seq),
                Tell(request_id, other.id, f"private {self.ids}"),
                React(request_id, seq, self.random.choice(EMOJI), True),
                React(request_id, seq, self.random.choice(EMOJI), True),
                React(request_id, seq, self.random.choice(EMOJI), False),
                Edit(request_id, seq, f"edited {self.ids}"),
                Delete(request_id, seq) if self.random.random() < 0.4 else Say(request_id, "more"),
            ]
        )
        member.send(request)
        self.room.request(member.connection, request)

    def answer(self, member: M) -> None:
        """Give older messages, as they are now; the answer overtakes some frames, or others overtake it."""
        self.ids += 1
        before = member.before(self.random, self.room.history.latest)
        question = Earlier(f"q{self.ids}", before, self.random.randint(1, 20))
        member.ask(question)
        with HistoryReading(member.id, self.room.history.unsaved().copy(), None) as reading:
            messages, more = reading.before(question.before, question.count)
            answer = EarlierMessages(question.id, messages, more, reading.latest)
        welcome = next((i for i, frame in enumerate(member.inbox) if isinstance(frame, Welcome)), -1)
        for _ in range(self.random.randint(0, 6)):
            self.request(self.random.choice(self.members), messages)
            self.fetch()
        member.inbox.insert(self.random.randint(welcome + 1, len(member.inbox)), answer)

    def settle(self) -> None:
        """Let everybody handle everything."""
        for member in self.members:
            member.handle(len(member.inbox))


def shown(message: ReceivedMessage | AnyMessage) -> tuple[object, ...]:
    """Return what people see of a message."""
    quote = message.reply and (message.reply.seq, message.reply.name, message.reply.text)
    return (
        message.text,
        message.edited,
        message.deleted,
        quote,
        sorted(map(counted, message.reactions)),
    )


def counted(reaction: Reaction) -> tuple[str, int, bool, list[str]]:
    """Return a reaction; the order in which they began is the room's to know."""
    return reaction.emoji, reaction.count, reaction.mine, sorted(reaction.names)
