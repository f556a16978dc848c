"""Loading what the room keeps besides what is shown, from a room that is played here."""

from __future__ import annotations

import random

import pytest

from messango.client.events import AnyReceived, EarlierReceived, MessageReceived
from messango.gui.model.transcript import history_loader
from messango.gui.model.transcript import parts as parts_module
from messango.gui.model.transcript.history_loader import AHEAD_BLOCKS, HistoryLoader
from messango.gui.model.transcript.transcript import Transcript
from tests.gui.fakes import NOON, received


class PlayedRoom:
    """Answers as a room does: the newest messages before a number, as many as fit into an answer."""

    def __init__(self, seqs: list[int]) -> None:
        self.messages = [received(seq, "Ben", f"line {seq}", after_s=-100_000 + seq) for seq in seqs]
        self.max_answer = 200
        self.requests: list[tuple[int, int]] = []

    def seqs(self) -> list[int]:
        """Return the numbers of all messages."""
        return [message.seq for message in self.messages]

    def ask(self, before: int, count: int) -> str:
        """Note the request."""
        self.requests.append((before, count))
        return f"r{len(self.requests)}"

    def answer(self) -> EarlierReceived:
        """Return the answer to the last request."""
        before, count = self.requests[-1]
        older = [message for message in self.messages if message.seq < before]
        answered = older[-min(count, self.max_answer) :]
        more = len(older) > len(answered)
        return EarlierReceived(f"r{len(self.requests)}", tuple(answered), more, self.messages[-1].seq)


class Reading:
    """A transcript with the newest messages of a room, and a reader who looks at some of its blocks."""

    def __init__(self, room: PlayedRoom, loaded: int = 200) -> None:
        self.room = room
        self.transcript = Transcript(lambda: NOON)
        self.parts = self.transcript.parts
        for message in room.messages[-loaded:]:
            self.transcript.message_received(message)
        self.seconds = 100.0
        self.loader = HistoryLoader(self.parts, lambda: self.seconds)
        self.loader.is_available, self.loader.room_name = True, "Kitchen"

    def look(self, top: int | None = None) -> bool:
        """Look at 20 blocks, by default the first; returns whether there is a new request."""
        before = len(self.room.requests)
        top = self.transcript.first if top is None else top
        self.loader.load((top, min(top + 20, self.transcript.end)), self.room.ask)
        return len(self.room.requests) > before

    def answer(self, event: EarlierReceived | None = None) -> None:
        """Give the loader the answer to its last request, or another one."""
        event = event or self.room.answer()
        self.loader.received(event, event.messages)

    def seqs(self) -> list[int]:
        """Return the numbers of the messages that are shown."""
        blocks = self.transcript.blocks(self.transcript.first, self.transcript.end)
        return [block.seq for block in blocks if block.is_message]

    def texts(self) -> list[str]:
        """Return the texts of all blocks that are shown."""
        return [block.text for block in self.transcript.blocks(self.transcript.first, self.transcript.end)]


def test_older_messages_are_loaded_ahead_until_the_beginning() -> None:
    """One request at a time, of 200; the beginning is marked once, and then there are no requests."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    while reading.look():
        assert not reading.look()
        reading.answer()
    assert reading.seqs() == [*range(1, 1_001)]
    assert reading.texts().count("This is the beginning of Kitchen") == 1
    assert reading.texts()[0] == "This is the beginning of Kitchen"
    assert reading.room.requests == [(801, 200), (601, 200), (401, 200), (201, 200)]


def test_enough_is_loaded_above_the_reader() -> None:
    """And no more than that."""
    reading = Reading(PlayedRoom([*range(1, 10_001)]))
    top = reading.transcript.end - 20
    while reading.look(top):
        reading.answer()
    assert AHEAD_BLOCKS <= top - reading.transcript.first <= AHEAD_BLOCKS + 200


def test_cut_history_says_so() -> None:
    """The room has lost what came before."""
    reading = Reading(PlayedRoom([*range(101, 400)]))
    reading.loader.is_cut = True
    reading.look()
    reading.answer()
    assert reading.texts()[0] == "The room keeps nothing older"


def test_room_without_the_feature_is_never_asked() -> None:
    """Nothing looks broken there."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    reading.loader.is_available = False
    assert not reading.look()
    assert not reading.loader.go_to(5)
    assert reading.loader.go_to(990)


def test_messages_that_are_shown_are_not_added_again() -> None:
    """Nor what a faulty server adds: other numbers, the wrong order, an answer to nothing."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    reading.answer(EarlierReceived("r1", (received(5, "Eve", "no"),), True, 1))
    reading.look()
    room = reading.room
    hostile = (*room.messages[790:810], room.messages[700], room.messages[795], received(-3, "Eve", "no"))
    reading.answer(EarlierReceived("r1", hostile, True, 1_000))
    assert reading.seqs() == [701, *range(791, 1_001)]
    reading.look()
    reading.answer(EarlierReceived("r2", (), True, 1_000))
    assert not reading.look()


def test_failed_request_is_made_again_later() -> None:
    """Not at once, as the room may be busy; other requests are none of ours."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    reading.look()
    assert not reading.loader.failed("other")
    assert reading.loader.failed("r1")
    assert "could not be loaded" in reading.loader.note()
    assert not reading.look()
    reading.seconds += 10
    assert reading.look()
    assert reading.loader.note() == ""
    reading.seconds += 1
    assert reading.loader.note() == "Loading earlier messages…"
    reading.answer()
    assert reading.loader.note() == ""
    assert reading.seqs()[0] == 601


def test_lost_answer_is_asked_for_again() -> None:
    """After a while; and in a new session at once."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    assert reading.look()
    reading.seconds += 60
    assert reading.look()
    reading.loader.reset()
    assert reading.look()


def test_dropped_messages_are_not_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest that were shown went while an answer was under way: that answer would leave a gap."""
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", 220)
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    reading.look()
    for seq in range(1_001, 1_030):
        reading.transcript.message_received(received(seq, "Ben", f"line {seq}", after_s=seq))
    assert reading.seqs()[0] > 801
    first = reading.seqs()[0]
    reading.answer()
    assert reading.seqs()[0] == first


@pytest.mark.parametrize("seed", range(12))
def test_island_around_a_message_meets_the_newest_part(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever numbers are missing, however few messages fit into an answer, wherever the reader scrolls.

    No message is ever shown twice, out of order or left out; new ones come meanwhile.
    """
    rng = random.Random(seed)  # noqa: S311 (a test)
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", rng.choice((500, 5_000)))
    monkeypatch.setattr(parts_module, "KEPT_NEWEST", 100)
    monkeypatch.setattr(history_loader, "AHEAD_BLOCKS", 60)
    seqs, seq = [], 0
    for _ in range(1_000):
        seq += rng.choice((1, 1, 1, 1, rng.choice((2, 40, 900))))
        seqs.append(seq)
    room = PlayedRoom(seqs)
    room.max_answer = rng.choice((3, 30, 200))
    reading = Reading(room, loaded=50)
    wanted = rng.choice(seqs[:900])
    assert reading.loader.go_to(wanted)
    targets: list[int] = []
    steps = 0
    while not (targets and reading.parts.shows_newest and steps > 200):
        steps += 1
        assert steps < 5_000
        ends = (reading.transcript.first, max(reading.transcript.end - 21, reading.transcript.first))
        if reading.look(rng.choice(ends) if steps < 200 else ends[1]):
            reading.answer()
        if (target := reading.loader.pop_target()) is not None:
            targets.append(reading.transcript.block(target).seq)
        if steps % 50 == 0:
            message = received(room.messages[-1].seq + 1, "Ben", "new", after_s=steps)
            room.messages.append(message)
            reading.transcript.message_received(message)
        shown = reading.seqs()
        start = room.seqs().index(shown[0])
        assert shown == room.seqs()[start : start + len(shown)]
    assert targets == [wanted]
    assert not reading.loader.pop_missing()


def test_missing_message_is_given_up() -> None:
    """It was deleted, or is private to others."""
    reading = Reading(PlayedRoom([seq for seq in range(1, 1_001) if seq != 300]))
    assert reading.loader.go_to(300)
    for _ in range(2):
        assert reading.look(reading.transcript.end - 20)
        reading.answer()
    assert reading.loader.pop_missing()
    assert not reading.loader.pop_missing()
    assert reading.parts.shows_newest


def test_message_in_the_newest_part_is_shown_there() -> None:
    """While an island is shown."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    reading.loader.go_to(300)
    reading.look()
    reading.answer()
    assert reading.seqs()[-1] < 950
    assert reading.loader.pop_target() is not None
    assert reading.loader.go_to(950)
    assert reading.seqs()[-1] == 1_000
    target = reading.loader.pop_target()
    assert target is not None
    assert reading.transcript.block(target).seq == 950


def test_message_near_the_newest_part_joins_it_at_once() -> None:
    """There is no gap, so there is no island."""
    reading = Reading(PlayedRoom([*range(1, 1_001)]))
    reading.loader.go_to(760)
    reading.look()
    reading.answer()
    assert reading.parts.shows_newest
    assert reading.seqs() == [*range(641, 1_001)]


def test_messages_of_another_host_are_recognised() -> None:
    """They get their new numbers, and are not shown twice."""
    room = PlayedRoom([*range(1, 401)])
    reading = Reading(room, loaded=300)
    known = {message.id: message.seq for message in room.messages[-300:]}
    newest = reading.parts.newest
    newest.restart_numbers()

    def recognise(message: AnyReceived) -> bool:
        if message.id not in known:
            return False
        number = newest.find_former(known[message.id])
        assert number is not None
        newest.move(number, message.seq)
        return True

    reading.loader.recognise = recognise
    room.messages = [renumbered(message) for message in room.messages]
    for message in room.messages[-100:]:
        recognise(message)
    while reading.look():
        reading.answer()
    assert reading.seqs() == [seq + 1_000 for seq in range(1, 401)]
    assert all(newest.find(seq + 1_000) is not None for seq in range(1, 401))


def renumbered(message: MessageReceived) -> MessageReceived:
    """Return a message with the number that another host gave it."""
    moved = received(message.seq + 1_000, message.name, message.text, after_s=message.time - NOON)
    return MessageReceived(
        moved.seq,
        message.id,
        *(getattr(moved, name) for name in ("member", "time", "name", "text", "own", "history")),
    )
