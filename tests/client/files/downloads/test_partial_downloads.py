"""Downloads that go on after a restart."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from messango.client.files.downloads import partial_downloads
from messango.client.files.downloads.part_file import PartFile, new_part_path
from messango.client.files.downloads.partial_downloads import FILE_NAME, PartialDownload, PartialDownloads
from messango.protocol.limits import PART_KEPT_S
from messango.storage import home


def begun(folder: Path, file: str = "f1", data: bytes = b"half") -> PartialDownload:
    """Leave the part of a download of this file to the folder."""
    part = PartFile.create(new_part_path(folder, "notes.txt"))
    part.write(data)
    part.close()
    partial = PartialDownload("room", file, "ab" * 32, 8, str(folder), str(part.path), time.time())
    PartialDownloads().add(partial)
    return partial


def going() -> None:
    """Go on."""


def test_a_part_is_found_again(tmp_path: Path) -> None:
    """With its bytes and their digest."""
    partial = begun(tmp_path)
    part = PartialDownloads().resume(partial)
    assert part is not None
    part.read_prefix(8, going)
    part.write(b"done")
    assert (part.done, part.sha256) == (8, hashlib.sha256(b"halfdone").hexdigest())
    part.close()
    PartialDownloads().remove(part.path)
    assert PartialDownloads().resume(partial) is None


@pytest.mark.parametrize(
    "other",
    [{"room": "x"}, {"file": "x"}, {"sha256": "cd" * 32}, {"size": 9}, {"target": "x"}],
    ids=lambda fields: next(iter(fields)),
)
def test_another_download_is_another(tmp_path: Path, other: dict[str, str]) -> None:
    """Of another room, another file, other bytes, to another place."""
    from msgspec.structs import replace

    assert PartialDownloads().resume(replace(begun(tmp_path), **other)) is None


def test_a_part_that_is_in_use_stays(tmp_path: Path) -> None:
    """Another window downloads the same file to the same folder."""
    partial = begun(tmp_path)
    first = PartialDownloads().resume(partial)
    assert first is not None
    assert PartialDownloads().resume(partial) is None
    later = PartialDownloads(lambda: time.time() + 2 * PART_KEPT_S)
    assert later.resume(partial) is None
    assert first.path.exists()
    first.close()


def test_old_parts_are_removed(tmp_path: Path) -> None:
    """At the next download, with what the list says about them."""
    partial = begun(tmp_path)
    other = begun(tmp_path, "f2")
    os.utime(other.part, (1, 1))
    part = PartialDownloads().resume(partial)
    assert part is not None
    part.close()
    assert not Path(other.part).exists()
    assert other.part not in (home() / FILE_NAME).read_text()


def test_a_part_that_somebody_has_replaced_is_not_used(tmp_path: Path) -> None:
    """By a link to a file that must not be written to, or by a second name for one."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    for make in (lambda path: path.symlink_to(victim), lambda path: path.hardlink_to(victim), os.mkfifo):
        partial = begun(tmp_path)
        Path(partial.part).unlink()
        make(Path(partial.part))
        assert PartialDownloads().resume(partial) is None
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b'[{"room":"x"}]', b"\xff"])
def test_a_damaged_list_begins_again(tmp_path: Path, content: bytes) -> None:
    """Nothing is lost but the bytes of broken downloads."""
    (home() / FILE_NAME).write_bytes(content)
    partial = begun(tmp_path)
    part = PartialDownloads().resume(partial)
    assert part is not None
    part.close()


def test_a_home_that_can_not_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Downloads work without the list."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "file"))
    partial = begun(tmp_path)
    assert PartialDownloads().resume(partial) is None


def test_the_list_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes with its bytes."""
    monkeypatch.setattr(partial_downloads, "_MAX_PARTS", 2)
    first, *others = [begun(tmp_path, f"f{number}") for number in range(3)]
    assert not Path(first.part).exists()
    assert all(Path(other.part).exists() for other in others)


def test_a_part_that_is_too_long_begins_again(tmp_path: Path) -> None:
    """It can't be of this file."""
    part = PartialDownloads().resume(begun(tmp_path, data=b"x" * 100))
    assert part is not None
    part.read_prefix(8, going)
    assert part.done == 0
    part.close()


def test_long_names_fit_with_their_ending(tmp_path: Path) -> None:
    """A part's name is longer than the file's; no character is cut in half."""
    part = PartFile.create(new_part_path(tmp_path, "ä" * 127 + ".txt"))
    assert part.path.name.startswith("ä" * 50 + ".")
    part.remove()
    assert not part.path.exists()


def test_a_file_that_is_no_part_stays(tmp_path: Path) -> None:
    """Whatever is in the list: nothing else is deleted, nor written to."""
    from msgspec.structs import replace

    letter = tmp_path / "letter.txt"
    letter.write_bytes(b"dear Ann")
    partial = replace(begun(tmp_path), part=str(letter))
    PartialDownloads().add(partial)
    os.utime(letter, (0, 0))
    assert PartialDownloads(lambda: time.time() + 2 * PART_KEPT_S).resume(partial) is None
    assert letter.read_bytes() == b"dear Ann"
