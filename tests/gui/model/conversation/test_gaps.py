"""Joining again after more messages than a newcomer gets: the gap is filled when somebody scrolls there."""

from __future__ import annotations

from dataclasses import replace

from messango.client.events import EarlierReceived, HistoryEnded, MessageReceived
from messango.gui.model.conversation.conversation import ConversationModel
from tests.gui.fakes import NOON, joined, received


def said(seq: int, *, history: bool = False) -> MessageReceived:
    """Return a message of the room."""
    return received(seq, "Ben", f"line {seq}", after_s=seq, history=history)


class Away:
    """Somebody who has read the messages up to 100, and joins again when there are `latest`."""

    def __init__(self, *, latest: int = 500, first: int = 301, following: bool = True) -> None:
        self.model = ConversationModel("Kitchen", now=lambda: NOON, clock=lambda: 100.0)
        self.transcript, self.loader = self.model.transcript, self.model.room_history.loader
        self.requests: list[int] = []
        self.latest = latest
        self.model.apply(replace(joined("Ben", "Ann"), oldest=1))
        for seq in range(1, 101):
            self.model.apply(said(seq))
        self.transcript.parts.is_followed = following
        self.model.start_new_session()
        self.model.apply(replace(joined("Ben", "Ann", latest=latest), oldest=1))
        for seq in range(first, latest + 1):
            self.model.apply(said(seq, history=True))
        self.model.apply(HistoryEnded())

    def look(self, top: int) -> bool:
        """Look at 20 blocks; returns whether something was loaded."""

        def ask(before: int, count: int) -> str:
            self.requests.append(before)
            return f"r{len(self.requests)}-{count}"

        count = len(self.requests)
        self.loader.load((top, min(top + 20, self.transcript.end)), ask)
        if len(self.requests) == count:
            return False
        before = self.requests[-1]
        messages = tuple(said(seq, history=True) for seq in range(max(before - 200, 1), before))
        self.model.apply(EarlierReceived(f"r{count + 1}-200", messages, before > 201, self.latest))
        return True

    def seqs(self) -> list[int]:
        """Return the numbers of the messages that are shown."""
        blocks = self.transcript.blocks(self.transcript.first, self.transcript.end)
        return [block.seq for block in blocks if block.is_message]

    def saved(self) -> list[int]:
        """Return the numbers of the messages in the order in which they would be saved."""
        return [message.seq for message in self.model.message_store.messages()]


def test_follower_sees_the_newest_and_scrolls_through_what_was_missed() -> None:
    """Each message once and in order, on the screen and in a saved conversation."""
    away = Away()
    assert away.seqs() == [*range(301, 501)]
    while away.look(away.transcript.first):
        pass
    assert away.seqs() == [*range(1, 501)]
    assert away.saved() == [*range(1, 501)]
    texts = [block.text for block in away.transcript.blocks(away.transcript.first, away.transcript.end)]
    assert texts.count("You were away until here") == 1


def test_reader_stays_and_scrolls_down_through_what_was_missed() -> None:
    """The view does not move when messages come far below."""
    away = Away(following=False)
    assert away.seqs() == [*range(1, 101)]
    assert away.transcript.parts.island is not None
    while away.look(away.transcript.end - 20):
        pass
    assert away.seqs() == [*range(1, 501)]
    assert away.saved() == [*range(1, 501)]


def test_reader_may_go_to_the_newest_and_back_to_an_old_message() -> None:
    """What was here is not loaded again for that."""
    away = Away(following=False)
    away.transcript.parts.show_newest()
    assert away.seqs() == [*range(301, 501)]
    assert away.loader.go_to(50)
    assert away.loader.pop_target() in range(away.transcript.first, away.transcript.end)
    assert away.seqs() == [*range(1, 101)]


def test_what_is_changed_above_the_gap_is_changed_there() -> None:
    """A part that is not shown is not forgotten."""
    away = Away()
    number = away.transcript.find(50)
    assert number is not None
    assert away.transcript.block(number).text == "line 50"


def test_without_a_gap_nothing_is_apart() -> None:
    """The first message of the history is known, or the next one."""
    assert Away(latest=120, first=60).seqs() == [*range(1, 121)]
    assert Away(latest=120, first=101).seqs() == [*range(1, 121)]


def test_two_gaps() -> None:
    """Joining again once more before the first is filled."""
    away = Away()
    away.model.start_new_session()
    away.latest = 1_000
    away.model.apply(replace(joined("Ben", "Ann", latest=1_000), oldest=1))
    for seq in range(801, 1_001):
        away.model.apply(said(seq, history=True))
    assert away.seqs() == [*range(801, 1_001)]
    while away.look(away.transcript.first):
        pass
    assert away.seqs() == [*range(1, 1_001)]
    assert away.saved() == [*range(1, 1_001)]


def test_another_host_closes_the_gap() -> None:
    """Messages have other numbers there, so it can't be filled."""
    away = Away()
    away.model.start_new_session()
    away.model.apply(replace(joined("Ben", "Ann", latest=0), fingerprint="another"))
    assert away.seqs() == [*range(1, 101), *range(301, 501)]
