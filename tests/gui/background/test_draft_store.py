"""The file of half-written texts."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.gui.background.draft_store import FILE_NAME, MAX_CHARACTERS, MAX_ROOMS, DraftStore
from messango.gui.background.tasks import BackgroundTasks
from messango.gui.model.composer.composer_mode import Recipient, Unsent

WAIT_S = 30.0


@pytest.fixture
def tasks() -> Iterator[BackgroundTasks]:
    """Tasks, whose threads are gone at the end."""
    tasks = BackgroundTasks()
    yield tasks
    tasks.finish(WAIT_S)


def load(folder: Path | None, tasks: BackgroundTasks, room_id: str) -> list[Unsent]:
    """Return what a new window gets."""
    tasks.finish(WAIT_S)
    found: list[Unsent] = []
    DraftStore(folder, tasks).load(room_id, found.append)
    tasks.finish(WAIT_S)
    while not tasks.completions.empty():
        tasks.completions.get()()
    return found


def test_a_draft_is_kept_until_it_is_sent(tmp_path: Path, tasks: BackgroundTasks) -> None:
    """For its room, in a file for nobody else."""
    store, draft = DraftStore(tmp_path, tasks), Unsent("to all", "to Ben", Recipient("b1", "Ben"))
    store.save("room 1", draft)
    assert load(tmp_path, tasks, "room 1") == [draft]
    assert load(tmp_path, tasks, "room 2") == []
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    store.save("room 1", Unsent())
    assert load(tmp_path, tasks, "room 1") == []
    assert "to" not in (tmp_path / FILE_NAME).read_text()


def test_two_windows_keep_the_drafts_of_both(tmp_path: Path, tasks: BackgroundTasks) -> None:
    """Each changes only its own rooms; the last of several changes counts."""
    one, other = DraftStore(tmp_path, tasks), DraftStore(tmp_path, tasks)
    one.save("room 1", Unsent("one"))
    other.save("room 2", Unsent("two"))
    tasks.finish(WAIT_S)
    for text in ("a", "ab", "abc"):
        one.save("room 1", Unsent(text))
    assert load(tmp_path, tasks, "room 1") == [Unsent("abc")]
    assert load(tmp_path, tasks, "room 2") == [Unsent("two")]


def test_nothing_is_written_for_nothing(tmp_path: Path, tasks: BackgroundTasks) -> None:
    """Not even an empty file."""
    DraftStore(tmp_path, tasks).save("room", Unsent())
    tasks.finish(WAIT_S)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_bounded(tmp_path: Path, tasks: BackgroundTasks) -> None:
    """The drafts of the rooms that were left last stay."""
    store = DraftStore(tmp_path, tasks)
    for number in range(MAX_ROOMS + 5):
        store.save(f"room {number}", Unsent("text"))
        tasks.finish(WAIT_S)
    assert load(tmp_path, tasks, "room 4") == []
    assert load(tmp_path, tasks, f"room {MAX_ROOMS + 4}") == [Unsent("text")]
    store.save("long", Unsent("x" * (MAX_CHARACTERS - 4)))
    assert load(tmp_path, tasks, f"room {MAX_ROOMS + 4}") == [Unsent("text")]
    assert load(tmp_path, tasks, f"room {MAX_ROOMS + 3}") == []


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"room": 3}', b"[" * 100_000, b"\xff"])
def test_a_damaged_file_loses_drafts_only(tmp_path: Path, tasks: BackgroundTasks, content: bytes) -> None:
    """Nothing fails, and the next draft is kept."""
    (tmp_path / FILE_NAME).write_bytes(content)
    assert load(tmp_path, tasks, "room") == []
    DraftStore(tmp_path, tasks).save("room", Unsent("text"))
    assert load(tmp_path, tasks, "room") == [Unsent("text")]


def test_without_a_folder_drafts_last_as_long_as_the_window(tasks: BackgroundTasks) -> None:
    """Leaving and coming back works all the same."""
    store, found = DraftStore(None, tasks), list[Unsent]()
    store.load("room", found.append)
    store.save("room", Unsent("text"))
    store.load("room", found.append)
    assert found == [Unsent("text")]
