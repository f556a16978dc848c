"""Search in a transcript."""

from __future__ import annotations

import pytest

from messango.gui.model.search.transcript_search import STEP_S, TranscriptSearch
from messango.gui.model.transcript import parts as parts_module
from messango.gui.model.transcript.transcript import Transcript
from tests.gui.fakes import NOON, received


class Timer:
    """A timer that advances each time it is read."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self.step_s = 0.0, step_s

    def __call__(self) -> float:
        """Return the seconds."""
        self.now_s += self.step_s
        return self.now_s


def transcript_with(count: int) -> Transcript:
    """Return a transcript in which every tenth message contains `Mango`."""
    transcript = Transcript(lambda: NOON)
    for seq in range(count):
        transcript.message_received(received(seq, "Ben", f"Mango {seq}" if seq % 10 == 0 else f"line {seq}"))
    return transcript


def test_newest_match_is_first() -> None:
    """Moving goes up and down and wraps around; case is ignored."""
    search = TranscriptSearch(transcript_with(100))
    search.start("mANGo")
    search.step()
    assert (search.current, search.status_text) == (90, "10 of 10")
    search.move(-1)
    assert (search.current, search.status_text) == (80, "9 of 10")
    search.move(1)
    search.move(1)
    assert (search.current, search.status_text) == (0, "1 of 10")


def test_long_transcript_is_searched_in_steps() -> None:
    """Each step is bounded; meanwhile the status shows that there may be more."""
    search = TranscriptSearch(transcript_with(2_000), Timer(STEP_S))
    search.start("mango")
    statuses = []
    while not search.done:
        search.step()
        statuses.append(search.status_text)
    assert len(statuses) == 10
    assert statuses[0] == "20 of 20…"
    assert statuses[-1] == "200 of 200"


def test_new_messages_are_searched_too() -> None:
    """The count changes, but the current match stays."""
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


def test_no_match_is_reported() -> None:
    """Notices are not searched, and blanks are not a query."""
    transcript = transcript_with(10)
    transcript.add_notice("papaya")
    search = TranscriptSearch(transcript)
    search.start("papaya")
    search.step()
    assert (search.current, search.status_text) == (None, "Nothing found")
    search.move(1)
    search.start("  ")
    assert (search.active, search.status_text) == (False, "")


def test_names_are_searched_too() -> None:
    """A search for Ben finds Ben's messages."""
    search = TranscriptSearch(transcript_with(10))
    search.start("ben")
    search.step()
    assert search.status_text == "10 of 10"


@pytest.mark.parametrize("query", ["会議 三時", "ben 会議", "C++", "❤", ":)", "CAFÉ", "o’clock", "folded"])
def test_words_are_found_as_in_the_history(query: str) -> None:
    """In every script, all of them, also in the part of a message that is not shown, or in the name."""
    transcript = transcript_with(1)
    transcript.message_received(
        received(1, "Ben", "明日の会議は三時です C++ ❤️ :) cafe\u0301 o'clock" + " x" * 3_000 + " folded")
    )
    search = TranscriptSearch(transcript)
    search.start(query)
    search.step()
    assert (search.current, search.status_text) == (1, "1 of 1")


def test_trimmed_blocks_are_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving from a trimmed match leads to an existing one."""
    monkeypatch.setattr(parts_module, "MAX_BLOCKS", 100)
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
