"""Members send many small files and a few large ones, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crashes.files.records import Content
from tests.lan.faults.file_traffic import FileTraffic

FILES = 60


def contents(folder: Path, seed: str) -> list[Content]:
    """Return what a member sends in a short run."""
    traffic = FileTraffic(seed, folder, 60)
    return [traffic.new_file()[1] for _ in range(FILES)]


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    """Another seed gives others; no two are alike, but for empty ones."""
    once, again = contents(tmp_path / "once", "one"), contents(tmp_path / "again", "one")
    assert once == again
    assert once != contents(tmp_path / "other", "two")
    assert len({content.sha256 for content in once if content.size > 2}) >= FILES * 0.9


def test_most_files_are_small(tmp_path: Path) -> None:
    """A short run has no time for large ones."""
    sizes = [content.size for content in contents(tmp_path, "sizes")]
    assert sum(size <= 1_000_000 for size in sizes) > FILES / 2
    assert max(sizes) <= 3_000_000


def test_a_file_for_everybody_is_one_that_everybody_wants(tmp_path: Path) -> None:
    """A run begins with such a file, and waits until all have it."""
    for number in range(FILES):
        traffic = FileTraffic(f"first {number}", tmp_path / str(number), 60)
        _path, content = traffic.new_file(for_everybody=True)
        assert traffic.wants(content.size)


@pytest.mark.parametrize("size", [0, 1_000_000])
def test_everybody_wants_the_small_ones(tmp_path: Path, size: int) -> None:
    """Large ones are wanted by some."""
    traffic = FileTraffic("wants", tmp_path, 60)
    assert all(traffic.wants(size) for _ in range(FILES))
    assert 0 < sum(traffic.wants(50_000_000) for _ in range(FILES)) < FILES
