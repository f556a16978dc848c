"""Random courses: what a client holds is what the room would give it now, whatever came when."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

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
from messango.room.history.present import with_details
from messango.room.history.reading.member_reading import HistoryReading
from tests.client.session_harness import SessionHarness
from tests.room.batches import RoomHarness

NAMES = ("Ann", "Ben", "Cleo", "Dora")
EMOJI = ("👍", "❤️", "🎉")
STEPS = 250


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


class Course:
    """A room with its members, and what happens next by chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 (a course that can be repeated)
        self.room = RoomHarness()
        self.members = [Member(name) for name in NAMES]
        self.connections = self.ids = 0
        for member in self.members:
            self.join(member)

    def join(self, member: Member) -> None:
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

    def leave(self, member: Member) -> None:
        """Break the connection and return; or leave, and come as somebody new."""
        member.inbox.clear()
        if self.random.random() < 0.3:
            self.room.leave(member.connection)
            self.members[self.members.index(member)] = member = Member(member.name)
        else:
            self.room.disconnect(member.connection)
            member.client.session.detach()
            member.client.attach()
        self.fetch()
        self.join(member)

    def request(self, member: Member, about: Sequence[AnyMessage] = ()) -> None:
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
        member.client.outbox.add(request)
        member.client.outbox.next_batch()
        self.room.request(member.connection, request)

    def answer(self, member: Member) -> None:
        """Give older messages, as they are now; the answer overtakes some frames, or others overtake it."""
        self.ids += 1
        before = self.random.randint(1, self.room.history.latest + 1)
        question = Earlier(f"q{self.ids}", before, self.random.randint(1, 20))
        member.client.questions.add(question)
        member.client.questions.next_batch()
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

    def compare(self) -> int:
        """Compare what each member holds with what the room would give them; return how much that is."""
        count = 0
        for member in self.members:
            for held in member.present.in_order():
                stored = self.room.history.messages([held.seq])[held.seq]
                (now,) = with_details(self.room.history, [stored], member.id)
                assert shown(held) == shown(now), (member.name, held.seq)
                count += 1
        return count


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


@pytest.fixture(autouse=True)
def _short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give those who join little, so that they have to ask for the rest."""
    monkeypatch.setattr("messango.room.following.MAX_BACKLOG_MESSAGES", 3)


@pytest.mark.parametrize("seed", range(12))
def test_a_client_holds_what_the_room_has(seed: int) -> None:
    """After breaks, with answers that overtake changes, and changes that overtake answers."""
    course = Course(seed)
    compared = 0
    for _ in range(4):
        for _ in range(STEPS // 4):
            course.step()
        course.settle()
        compared += course.compare()
    assert compared > STEPS


def test_nobody_holds_what_is_private_to_others() -> None:
    """Nor is it in an answer or a quote."""
    course = Course(99)
    for _ in range(STEPS):
        course.step()
    course.settle()
    for member in course.members:
        for held in member.present.in_order():
            if isinstance(held, PrivateMessageReceived):
                assert member.id in (held.member, held.to)
            else:
                assert not held.text.startswith("private")
