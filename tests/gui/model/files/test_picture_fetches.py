"""Which pictures come by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.gui.model.files import picture_fetches
from messango.gui.model.files.picture_fetches import AUTO_BYTES, MAX_AT_ONCE, PictureFetches
from messango.protocol.frames import FileInfo
from tests.gui.files import file_info


def picture(number: int, size: int = 1_000) -> FileInfo:
    """Return a picture."""
    return file_info(f"{number}.png", size, width=10, height=10)


def see(pictures: PictureFetches, *files: FileInfo) -> None:
    """Let these come into sight, one after the other."""
    for file in files:
        pictures.became_visible(file)


def fetch_all(pictures: PictureFetches) -> list[str]:
    """Start all that may be fetched now, each by a transfer of its own name; returns the names."""
    started = []
    while (file := pictures.next()) is not None:
        pictures.started(file.name, file)
        started.append(file.name)
    return started


def save(pictures: PictureFetches, file: FileInfo) -> None:
    """A picture has come."""
    pictures.handle(FileSaved(file.name, file.name, file.size, Path(file.name), file.id))


def test_two_at_a_time_the_last_seen_first() -> None:
    """Each further one when another is done; what is out of sight again waits until it is not."""
    pictures = PictureFetches()
    see(pictures, *map(picture, range(4)))
    assert fetch_all(pictures) == ["3.png", "2.png"]
    assert MAX_AT_ONCE == 2
    pictures.became_hidden(picture(1).id)
    save(pictures, picture(3))
    assert pictures.path_of(picture(3).id) == Path("3.png")
    assert fetch_all(pictures) == ["0.png"]
    assert not pictures.is_coming(picture(1).id)
    assert pictures.is_coming(picture(0).id)


def test_large_ones_come_on_a_click() -> None:
    """At once, whatever else is on its way; also when nothing is to come by itself."""
    pictures = PictureFetches()
    large = picture(7, AUTO_BYTES + 1)
    see(pictures, large)
    assert fetch_all(pictures) == []
    pictures.automatic = False
    see(pictures, picture(1))
    assert fetch_all(pictures) == []
    pictures.request(large)
    assert pictures.is_coming(large.id)
    assert fetch_all(pictures) == ["7.png"]


def test_room_can_not_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that comes by itself is bounded, and so is what is kept; the oldest go."""
    monkeypatch.setattr(picture_fetches, "MAX_AUTO_BYTES", 3.5 * picture_fetches.LEAST_BYTES)
    pictures = PictureFetches()
    for number in range(5):
        see(pictures, picture(number))
        fetch_all(pictures)
        if pictures.is_coming(picture(number).id):
            save(pictures, picture(number))
    assert [pictures.path_of(picture(number).id) is not None for number in range(5)] == [True] * 3 + [
        False
    ] * 2
    assert pictures.pop_evicted() == []
    monkeypatch.setattr(picture_fetches, "MAX_KEPT_BYTES", 2.5 * picture_fetches.LEAST_BYTES)
    pictures.path_of(picture(0).id)  # it is looked at
    assert pictures.pop_evicted() == [Path("1.png")]
    monkeypatch.setattr(picture_fetches, "MAX_KEPT_BYTES", 0)
    assert len(pictures.pop_evicted()) == 1, "the last one is being looked at"


def test_countless_tiny_pictures_are_bounded() -> None:
    """A room may say that each has a single byte: they need time and files all the same."""
    pictures = PictureFetches()
    count = 0
    for number in range(10_000):
        see(pictures, picture(number, 1))
        count += len(fetch_all(pictures))
        save(pictures, picture(number, 1)) if pictures.is_coming(picture(number).id) else None
    assert count == picture_fetches.MAX_AUTO_BYTES // picture_fetches.LEAST_BYTES


def test_picture_that_came_twice_is_kept_once() -> None:
    """By itself, and by an impatient click; the first is deleted."""
    pictures = PictureFetches()
    see(pictures, picture(1))
    fetch_all(pictures)
    save(pictures, picture(1))
    pictures.request(picture(1))
    pictures.started("again", picture(1))
    pictures.handle(FileSaved("again", "1.png", 1_000, Path("again.png"), picture(1).id))
    assert pictures.path_of(picture(1).id) == Path("again.png")
    assert pictures.pop_evicted() == [Path("1.png")]


def test_failed_one_is_not_fetched_again_by_itself() -> None:
    """It says why, and comes again on a click."""
    pictures = PictureFetches()
    see(pictures, picture(1))
    fetch_all(pictures)
    pictures.handle(FileProgress("1.png", "1.png", 1_000, 5, upload=False))
    pictures.handle(FileFailed("1.png", "1.png", upload=False, reason="It is damaged.", hint=""))
    assert pictures.failure(picture(1).id) == "It is damaged."
    see(pictures, picture(1))
    assert fetch_all(pictures) == []
    pictures.request(picture(1))
    assert pictures.failure(picture(1).id) == ""
    assert fetch_all(pictures) == ["1.png"]


def test_changes_are_told_once() -> None:
    """When one begins, has come, or turned out to be none."""
    pictures = PictureFetches()
    see(pictures, picture(1))
    fetch_all(pictures)
    assert pictures.pop_changed() == {picture(1).id}
    save(pictures, picture(1))
    pictures.pop_changed()
    pictures.not_shown(picture(1).id, "It is no picture.")
    assert pictures.pop_changed() == {picture(1).id}
    assert pictures.pop_changed() == set()


def test_end_of_the_session() -> None:
    """Nothing is waited for any more, and what is here stays."""
    pictures = PictureFetches()
    see(pictures, *map(picture, range(4)))
    fetch_all(pictures)
    save(pictures, picture(3))
    pictures.session_ended()
    assert fetch_all(pictures) == []
    assert not pictures.is_coming(picture(2).id)
    assert pictures.path_of(picture(3).id) is not None
    assert pictures.file_of("2.png") is None


def test_hundreds_in_sight_are_bounded() -> None:
    """Whoever scrolls through them loads those seen last."""
    pictures = PictureFetches()
    see(pictures, *map(picture, range(500)))
    waiting = sum(pictures.is_coming(picture(number).id) for number in range(500))
    assert waiting == 50
    assert pictures.is_coming(picture(499).id)
