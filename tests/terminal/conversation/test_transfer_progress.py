"""How far all transfers together are, and how fast."""

from __future__ import annotations

from pathlib import Path

from messango.client.events import FileFailed, FileProgress, FileSaved
from messango.terminal.conversation.transfer_progress import TransferProgress
from messango.terminal.conversation.transfer_rate import TransferRate
from tests.terminal.conversation.messages import shared


class Clock:
    """A clock that a test moves."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def moved(transfer_id: str, done: int, size: int = 1_000) -> FileProgress:
    """Return how far a download is."""
    return FileProgress(transfer_id, "a", size, done, upload=False)


def test_what_has_arrived_counts_until_all_has() -> None:
    """The bar does not jump back when the first file is there."""
    progress = TransferProgress(Clock())
    progress.handle(moved("t1", 0))
    progress.handle(moved("i2", 0))
    progress.handle(moved("t3", 0, 2_000))
    progress.handle(FileSaved("t1", "a", 1_000, Path("a"), "f1"))
    assert progress.fraction == 0.25
    progress.handle(shared(2, "ann", "a"))
    assert progress.fraction == 0.5
    progress.handle(FileFailed("t3", "a", False, "No.", ""))
    assert progress.moving == []
    progress.handle(moved("t4", 100))
    assert progress.fraction == 0.1


def test_a_member_who_copies_our_id_ends_nothing() -> None:
    """Only an own message is the receipt."""
    progress = TransferProgress(Clock())
    progress.handle(moved("i2", 0))
    progress.handle(shared(2, "bob", "a"))
    assert [event.id for event in progress.moving] == ["i2"]


def test_bytes_that_were_there_before_do_not_count_as_speed() -> None:
    """A transfer that goes on after a break begins where it was."""
    clock = Clock()
    progress = TransferProgress(clock)
    progress.handle(moved("t1", 0))
    progress.handle(moved("t1", 600))
    progress.handle(moved("t1", 700))
    clock.now_s += 1
    assert progress.bytes_per_second == 100


def test_the_rate_is_that_of_the_last_seconds() -> None:
    """Nothing is said before half a second, and an old burst does not count."""
    clock = Clock()
    rate = TransferRate(clock)
    seen = []
    rate.add(1_000)
    seen.append(rate.bytes_per_second)
    clock.now_s += 1
    seen.append(rate.bytes_per_second)
    clock.now_s += 9
    rate.add(400)
    seen.append(rate.bytes_per_second)
    rate.reset()
    seen.append(rate.bytes_per_second)
    assert seen == [None, 1_000, 100, None]
