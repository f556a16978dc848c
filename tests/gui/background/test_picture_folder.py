"""The folder for pictures that were fetched to be shown."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from messango.gui.background.picture_folder import PictureFolder
from messango.gui.background.tasks import BackgroundTasks


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_nothing_is_there_before_the_first_picture(tmp_path: Path) -> None:
    """And nothing after the last."""
    tasks = BackgroundTasks()
    folder = PictureFolder(tasks)
    folder.delete([])
    assert [*tmp_path.iterdir()] == []
    first, second = folder.path_for("a.png"), folder.path_for("a.png")
    assert first != second
    assert first.name == second.name == "a.png"
    first.write_bytes(b"x")
    folder.delete([first])
    tasks.finish(10)
    assert not first.parent.exists()
    assert second.parent.exists()
    folder.finish()
    folder.finish()
    assert [*tmp_path.iterdir()] == []


def test_it_is_made_again_if_the_system_has_deleted_it(tmp_path: Path) -> None:
    """As systems do with old temporary files."""
    folder = PictureFolder(BackgroundTasks())
    folder.path_for("a.png").parent.rmdir()
    [made] = tmp_path.iterdir()
    made.rmdir()
    assert folder.path_for("b.png").parent.is_dir()


def test_names_of_strangers_stay_in_it(tmp_path: Path) -> None:
    """Whatever the room calls a picture."""
    path = PictureFolder(BackgroundTasks()).path_for("../../.ssh/authorized_keys\n.png")
    assert path.resolve().is_relative_to(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_others_can_not_look_into_it(tmp_path: Path) -> None:
    """It is for its owner only."""
    PictureFolder(BackgroundTasks()).path_for("a.png")
    [made] = tmp_path.iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
