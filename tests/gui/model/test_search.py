"""Search in all that is held of a conversation."""

from __future__ import annotations

import pytest

from messango.gui.model import transcript as transcript_module
from messango.gui.model.search import STEP_S, TranscriptSearch
from messango.gui.model.transcript import Transcript
from tests.gui.fakes import NOON, received


class Timer:
    """A timer that moves on each time it is read."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self.step_s = 0.0, step_s

    def __call__(self) -> float:
        """Return the seconds."""
        self.now_s += self.step_s
        return self.now_s


def transcript_with(count: int) -> Transcript:
    """Return a transcript in which every tenth message has a mango in it."""
    transcript = Transcript(lambda: NOON)
    for seq in range(count):
        transcript.message_received(received(seq, "Ben", f"Mango {seq}" if seq % 10 == 0 else f"line {seq}"))
    return transcript


def test_the_newest_match_comes_first() -> None:
    """Then one goes up and down, round and round; case does not matter."""
    search = TranscriptSearch(transcript_with(100))
    search.start("mANGo")
    search.step()
    assert (search.current, search.status_text) == (90, "10 of 10")
    search.move(-1)
    assert (search.current, search.status_text) == (80, "9 of 10")
    search.move(1)
    search.move(1)
    assert (search.current, search.status_text) == (0, "1 of 10")


def test_a_long_conversation_is_searched_a_little_at_a_time() -> None:
    """A step ends with its time, and the next goes on; meanwhile it says that there may be more."""
    search = TranscriptSearch(transcript_with(2_000), Timer(STEP_S))
    search.start("mango")
    told = []
    while not search.done:
        search.step()
        told.append(search.status_text)
    assert len(told) == 10
    assert told[0] == "20 of 20…"
    assert told[-1] == "200 of 200"


def test_what_is_said_meanwhile_is_found() -> None:
    """It counts, but the place where somebody looks stays."""
    transcript = transcript_with(100)
    search = TranscriptSearch(transcript)
    search.start("mango")
    search.step()
    transcript.message_received(received(100, "Chiara", "one more mango"))
    assert not search.done
    search.step()
    assert (search.current, search.status_text) == (90, "10 of 11")
    search.move(1)
    assert search.current == 100


def test_nothing_is_found_in_words() -> None:
    """Neither what is not there, nor blanks, nor what nobody said."""
    transcript = transcript_with(10)
    transcript.add_notice("papaya")
    search = TranscriptSearch(transcript)
    search.start("papaya")
    search.step()
    assert (search.current, search.status_text) == (None, "Nothing found")
    search.move(1)
    search.start("  ")
    assert (search.active, search.status_text) == (False, "")


def test_a_name_is_found_too() -> None:
    """Who looks for Ben wants what Ben said."""
    search = TranscriptSearch(transcript_with(10))
    search.start("ben")
    search.step()
    assert search.status_text == "10 of 10"


def test_what_was_let_go_is_found_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Going on from a match that is gone leads to one that is there."""
    monkeypatch.setattr(transcript_module, "MAX_BLOCKS", 100)
    transcript = transcript_with(100)
    search = TranscriptSearch(transcript)
    search.start("mango")
    search.step()
    for seq in range(100, 190):
        transcript.message_received(received(seq, "Ben", "line"))
    search.step()
    search.move(-1)
    assert search.current is not None
    assert search.current >= transcript.first
