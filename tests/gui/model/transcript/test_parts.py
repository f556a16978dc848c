"""Older messages and islands in a transcript, without a display."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from messango.client.events import MessageReceived
from messango.gui.model.transcript import parts as parts_module
from messango.gui.model.transcript.blocks import MAX_GROUP, Block, BlockKind
from messango.gui.model.transcript.transcript import Transcript
from tests.gui.fakes import NOON, in_utc, received


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Use the same time zone everywhere."""
    with in_utc():
        yield


def new_transcript(messages: list[MessageReceived]) -> Transcript:
    """Return a transcript of Ann's, with these messages."""
    transcript = Transcript(lambda: NOON)
    transcript.session_started("Ann", "member Ann")
    for message in messages:
        transcript.message_received(message)
    return transcript


def shown(transcript: Transcript) -> list[Block]:
    """Return the settled blocks that are shown."""
    return transcript.blocks(transcript.first, transcript.end)


def is_apart(transcript: Transcript) -> bool:
    """Return whether the newest part is not shown."""
    return not transcript.parts.shows_newest


def random_talk(seed: int, count: int) -> list[MessageReceived]:
    """Return messages of several people over several days, the last of today."""
    rng = random.Random(seed)  # noqa: S311 (a test)
    talk, seconds, name = [], 0.0, "Ben"
    for seq in range(count, 0, -1):
        name = rng.choice(("Ben", "Chiara")) if rng.random() < 0.6 else name
        text = "/me waves" if rng.random() < 0.1 else f"line {seq}"
        talk.append(received(2 * seq, name, text, after_s=seconds))
        seconds -= rng.choice((1, 10, 400, 40_000) if rng.random() < 0.1 else (1, 10))
    return talk[::-1]


@pytest.mark.parametrize("seed", range(20))
def test_older_messages_look_as_if_they_had_always_been_there(seed: int) -> None:
    """Wherever the seams are: the same separators, headers and groups."""
    talk = random_talk(seed, 120)
    rng = random.Random(seed)  # noqa: S311 (a test)
    whole = shown(new_transcript(talk))
    start = rng.randrange(1, 120)
    transcript = new_transcript(talk[start:])
    while start > 0:
        count = min(rng.choice((1, 2, 7, 30)), start)
        transcript.parts.add_older(talk[start - count : start])
        start -= count
    assert shown(transcript) == whole
    assert transcript.first == -(len(whole) - transcript.end)


@pytest.mark.parametrize("seed", range(20))
def test_island_grows_both_ways_and_meets_the_newest_part(seed: int) -> None:
    """New messages go below the newest part meanwhile, and its blocks keep their numbers."""
    talk = random_talk(seed, 120)
    transcript = new_transcript(talk[80:110])
    moved: list[int] = []
    transcript.parts.on_renumbered.append(moved.append)
    newest = transcript.end - 1
    transcript.parts.show_island(talk[30:40])
    hit = transcript.parts.find(talk[35].seq)
    assert hit is not None
    for message in talk[110:]:
        transcript.message_received(message)
    assert transcript.parts.find(talk[115].seq) not in (None, hit)
    assert all(block.seq <= talk[39].seq for block in shown(transcript))
    transcript.parts.add_older(talk[10:30])
    transcript.parts.add_newer(talk[40:60])
    transcript.parts.add_newer(talk[60:80])
    assert transcript.block(hit).seq == talk[35].seq
    transcript.parts.join_island()
    (shift,) = moved
    assert transcript.block(hit + shift).seq == talk[35].seq
    assert transcript.block(newest).seq == talk[109].seq
    assert shown(transcript) == shown(new_transcript(talk[10:]))


def test_changed_seam_is_reported() -> None:
    """A header that is not needed any more, and a separator that moves up."""
    talk = [received(seq, "Ben", f"line {seq}", after_s=seq - 86_400) for seq in range(1, 5)]
    transcript = new_transcript(talk[2:])
    assert shown(transcript)[0].kind is BlockKind.SEPARATOR
    transcript.pop_changed()
    transcript.parts.add_older(talk[:2])
    assert transcript.pop_changed() == {0, 1}
    assert [block.has_header for block in shown(transcript)] == [False, True, False, False, False]


def test_no_group_gets_too_long() -> None:
    """However its messages came."""
    talk = [received(seq, "Ben", f"line {seq}") for seq in range(1, 101)]
    transcript = new_transcript(talk[93:])
    for start in range(86, -7, -7):
        transcript.parts.add_older(talk[max(start, 0) : start + 7])
    size = 0
    for block in shown(transcript):
        size = 1 if block.has_header else size + 1
        assert size <= MAX_GROUP


def test_notice_above_the_history_stays_above_it() -> None:
    """And the group below it keeps its header."""
    transcript = new_transcript([])
    transcript.add_notice("Check the words")
    transcript.message_received(received(2, "Ben", "two", after_s=2))
    transcript.parts.add_older([received(1, "Ben", "one", after_s=1)])
    assert [(block.text, block.has_header) for block in shown(transcript)] == [
        ("one", True),
        ("Check the words", False),
        ("two", True),
    ]


def test_beginning_is_marked_once() -> None:
    """Above the first day."""
    transcript = new_transcript([received(1, "Ben", "one", after_s=-86_400)])
    for _ in range(2):
        transcript.parts.mark_beginning("This is the beginning of Kitchen")
    assert [block.kind for block in shown(transcript)] == [BlockKind.SEPARATOR] * 2 + [BlockKind.MESSAGE]
    assert shown(transcript)[0].text == "This is the beginning of Kitchen"


def test_message_is_found_by_its_number() -> None:
    """Also between separators and notices; another host's numbers are not mixed up with former ones."""
    talk = random_talk(3, 60)
    transcript = new_transcript(talk[30:])
    transcript.add_notice("a notice")
    transcript.parts.add_older(talk[:30])
    for message in talk:
        number = transcript.parts.find(message.seq)
        assert number is not None
        assert transcript.block(number).seq == message.seq
        assert transcript.parts.find(message.seq + 1) is None


def test_another_host_counts_anew() -> None:
    """A message that came before is found by its new number, once somebody has told it."""
    talk = [received(seq, "Ben", f"line {seq}", after_s=seq) for seq in range(10, 20)]
    transcript = new_transcript(talk)
    newest = transcript.parts.newest
    newest.restart_numbers()
    assert newest.find(15) is None
    assert newest.find_former(15) == 5
    newest.move(5, 14)
    newest.move(6, 15)
    transcript.message_received(received(18, "Ben", "new", after_s=30))
    assert [newest.find(seq) for seq in (13, 14, 15, 16, 18)] == [None, 5, 6, None, 10]
    assert newest.oldest_seq == 14
    newest.move(0, 9)
    transcript.parts.add_older([received(seq, "Ben", "older") for seq in (7, 8)])
    assert [newest.find(seq) for seq in (7, 8, 9)] == [-2, -1, 0]
    assert newest.oldest_seq == 7
    newest.drop_first(3)
    assert (newest.find(9), newest.find(14), newest.oldest_seq) == (None, 5, 14)


def test_what_is_loaded_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """While one scrolls up the newest are dropped but for the last; back down the oldest; none is lost."""
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", 300)
    monkeypatch.setattr(parts_module, "KEPT_NEWEST", 50)
    talk = random_talk(5, 1_000)
    transcript = new_transcript(talk[900:])
    parts = transcript.parts

    def total() -> int:
        return len(parts.newest) + (len(parts.island) if parts.island else 0)

    for start in range(850, -50, -50):
        parts.add_older(talk[start : start + 50])
        assert total() <= 300
        assert transcript.block(transcript.first).seq <= talk[start].seq
    assert is_apart(transcript)
    assert parts.newest.newest_seq == talk[-1].seq
    while is_apart(transcript):
        after = parts.shown.newest_seq or 0
        oldest = parts.newest.oldest_seq or 0
        newer = [message for message in talk if after < message.seq < oldest][:50]
        parts.add_newer(newer)
        if len(newer) < 50:
            parts.join_island()
        assert total() <= 300
    assert parts.shown.newest_seq == talk[-1].seq
    seqs = [block.seq for block in shown(transcript) if block.is_message]
    assert seqs == [message.seq for message in talk[-len(seqs) :]]


def test_reader_at_the_top_keeps_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """New messages push out what is between, which can be loaded again."""
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", 300)
    monkeypatch.setattr(parts_module, "KEPT_NEWEST", 50)
    talk = random_talk(7, 500)
    transcript = new_transcript(talk[:250])
    transcript.parts.read_from = transcript.first + 5
    read = transcript.block(transcript.first + 5)
    for message in talk[250:]:
        transcript.message_received(message)
    assert transcript.block(transcript.first + 5) == read
    assert transcript.parts.newest.newest_seq == talk[-1].seq
    assert len(transcript.parts.newest) + len(transcript.parts.shown) <= 310
