"""Names for what is saved, and the sentences where that fails."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from messango.client.files.downloads import save_place
from messango.client.files.downloads.save_place import SavePlace
from messango.client.files.transfer import TransferFailed
from messango.protocol.files.file_name import numbered_file_name


def saved(place: SavePlace, data: str) -> Path:
    """Save these words there."""
    part = place.folder / "x.part"
    part.write_text(data)
    return place.move_here(part, 0o640)


def test_each_gets_a_name_of_its_own(tmp_path: Path) -> None:
    """Numbered before the ending."""
    place = SavePlace(tmp_path, "a.tar", replaces=False)
    names = [saved(place, str(number)).name for number in range(3)]
    assert names == ["a.tar", "a (2).tar", "a (3).tar"]
    assert [(tmp_path / name).read_text() for name in names] == ["0", "1", "2"]
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in names} == {0o640}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)


def test_a_chosen_file_is_replaced(tmp_path: Path) -> None:
    """A link too, and not what it leads to."""
    (tmp_path / "target").write_text("target")
    (tmp_path / "link").symlink_to("target")
    place = SavePlace(tmp_path, "link", replaces=True)
    place.prepare()
    assert saved(place, "new") == tmp_path / "link"
    assert not (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "target"


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_in_the_last_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """Nobody's file is replaced, whoever is faster."""
    if not links:
        monkeypatch.setattr(os, "link", _fail)
    (tmp_path / "a").write_text("first")

    def take_first(name: str, number: int) -> str:
        taken = numbered_file_name(name, number)
        if number == 2:
            (tmp_path / taken).write_text("mine")
        return taken

    monkeypatch.setattr(save_place, "numbered_file_name", take_first)
    assert saved(SavePlace(tmp_path, "a", replaces=False), "new").name == "a (3)"
    assert (tmp_path / "a (2)").read_text() == "mine"


def _fail(*_: object) -> None:
    raise OSError(errno.EPERM, "no links here")


def test_names_have_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which every name is taken is a sentence."""
    monkeypatch.setattr(save_place, "_MAX_NUMBER", 3)
    place = SavePlace(tmp_path, "a", replaces=False)
    for _ in range(3):
        saved(place, "")
    with pytest.raises(FileExistsError) as caught:
        saved(place, "")
    assert "can't be saved" in str(place.failure(caught.value, 0))


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk(tmp_path: Path, code: int) -> None:
    """With the size of the file."""
    failure = SavePlace(tmp_path, "a", replaces=False).failure(OSError(code, "full"), 2_100_000)
    assert str(failure) == "The disk has no space for “a” (2.1 MB)."
    assert failure.hint


def test_what_does_not_fit_is_not_begun(tmp_path: Path) -> None:
    """A disk that does not tell is tried."""
    place = SavePlace(tmp_path, "a", replaces=False)
    place.require_space(1)
    with pytest.raises(TransferFailed, match="no space"):
        place.require_space(2**60)
    SavePlace(tmp_path / "missing", "a", replaces=False).require_space(2**60)
