"""Older messages in a session: breaks, failures, and rooms that keep nothing."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from messango.client.events import (
    AnyReceived,
    Disconnected,
    EarlierReceived,
    EndReason,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.errors import ConnectionLost
from messango.gui.model.conversation.conversation import ConversationModel
from messango.protocol.features import EARLIER, SEARCH
from tests.gui.fakes import NOON, joined, received


def joined_room(
    *, latest: int, back: bool = False, oldest: int = 1, features: tuple[str, ...] = (EARLIER, SEARCH)
) -> RoomJoined:
    """Return the event that we have joined a room that keeps messages."""
    event = joined("Ben", "Ann", latest=latest, back=back)
    return replace(event, room=msgspec.structs.replace(event.room, features=features), oldest=oldest)


def messages(first: int, last: int, *, history: bool = True) -> list[AnyReceived]:
    """Return messages with these numbers."""
    return [
        received(seq, "Ben", f"line {seq}", after_s=seq - 10_000, history=history)
        for seq in range(first, last + 1)
    ]


class Session:
    """A conversation whose reader looks at its first block."""

    def __init__(self, event: RoomJoined) -> None:
        self.conversation = ConversationModel("10.0.0.2:8000", now=lambda: NOON, clock=lambda: 100.0)
        self.asked: list[tuple[int, int]] = []
        self.conversation.apply(event)

    def receive(self, *received_messages: AnyReceived) -> None:
        """Let messages arrive."""
        for message in received_messages:
            self.conversation.apply(message)

    def look(self) -> None:
        """Let the first blocks be visible."""
        first = self.conversation.transcript.first
        self.conversation.room_history.loader.load((first, first + 20), self._ask)

    def answer(self, *answered: AnyReceived, more: bool = False) -> None:
        """Answer the last request."""
        self.conversation.apply(EarlierReceived(f"r{len(self.asked)}", answered, more, 1_000))

    def seqs(self) -> list[int]:
        """Return the numbers of the messages that are shown."""
        transcript = self.conversation.transcript
        blocks = transcript.blocks(transcript.first, transcript.end)
        return [block.seq for block in blocks if block.is_message]

    def _ask(self, before: int, count: int) -> str:
        self.asked.append((before, count))
        return f"r{len(self.asked)}"


def test_break_while_loading_shows_nothing_twice() -> None:
    """The client asks again by itself; what came meanwhile is below."""
    session = Session(joined_room(latest=300))
    session.receive(*messages(201, 300))
    session.look()
    session.conversation.apply(Disconnected(ConnectionLost("gone"), 1.0))
    session.look()
    session.conversation.apply(joined_room(latest=310, back=True))
    session.receive(*messages(301, 310))
    session.answer(*messages(1, 200))
    session.answer(*messages(1, 200))
    assert session.asked == [(201, 200)]
    assert session.seqs() == [*range(1, 311)]


def test_answer_for_a_former_session_is_asked_for_again() -> None:
    """It will never come."""
    session = Session(joined_room(latest=300))
    session.receive(*messages(201, 300))
    session.look()
    session.conversation.apply(joined_room(latest=300))
    session.receive(*messages(201, 300))
    session.look()
    assert session.asked == [(201, 200)] * 2
    session.answer(*messages(101, 200), more=True)
    assert session.seqs() == [*range(101, 301)]


def test_older_messages_are_saved_in_order() -> None:
    """They are part of the conversation that this window holds."""
    session = Session(joined_room(latest=300))
    session.receive(*messages(201, 300))
    session.look()
    session.answer(*messages(1, 200))
    assert [message.seq for message in session.conversation.message_store.messages()] == [*range(1, 301)]


def test_failure_is_not_shown_as_an_error() -> None:
    """The next request comes by itself."""
    session = Session(joined_room(latest=300))
    session.receive(*messages(201, 300))
    session.look()
    session.conversation.apply(RequestFailed("The history can't be read now.", "", "fault", "r1"))
    assert session.conversation.banner is None
    assert "could not be loaded" in session.conversation.room_history.loader.note()


def test_room_without_the_feature_is_not_asked() -> None:
    """Nor a room that we have left."""
    old = Session(joined_room(latest=300, features=()))
    old.receive(*messages(201, 300))
    old.look()
    assert old.asked == []
    ended = Session(joined_room(latest=300))
    ended.receive(*messages(201, 300))
    ended.conversation.apply(SessionEnded(EndReason.CLOSED, ConnectionLost("closed")))
    ended.look()
    assert ended.asked == []
    assert not ended.conversation.room_history.search.is_available


def test_cut_room_does_not_promise_its_beginning() -> None:
    """It has lost what came before."""
    session = Session(joined_room(latest=300, oldest=101))
    session.receive(*messages(201, 300))
    session.look()
    session.answer(*messages(101, 200))
    transcript = session.conversation.transcript
    assert transcript.block(transcript.first).text == "The room keeps nothing older"
