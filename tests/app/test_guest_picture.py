"""The QR code as a file."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from messango.app.guest_picture import save_code
from messango.errors import SaveFailed
from tests.support.ansi_picture import read_codes

LINK = "https://192.168.1.20:8000/#k=kJ3x_9-Qh0aZbYcXdWeVfU"


@pytest.mark.zbar
def test_a_picture(tmp_path: Path) -> None:
    """A phone reads the link from it."""
    save_code(tmp_path / "code.png", LINK, "Tea")
    assert read_codes((tmp_path / "code.png").read_bytes(), tmp_path) == [LINK]


@pytest.mark.parametrize("name", ["page.svg", "page.SVG"])
def test_a_page_to_print(tmp_path: Path, name: str) -> None:
    """With the room's name."""
    save_code(tmp_path / name, LINK, "Tea & Cake")
    page = (tmp_path / name).read_text()
    assert page.startswith("<?xml")
    assert "Tea &amp; Cake" in page


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits.")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """With the link, everybody can join."""
    path = tmp_path / "code.png"
    save_code(path, LINK, "Tea")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_can_not_be_written(tmp_path: Path) -> None:
    """A folder stays one, and a file is none."""
    with pytest.raises(SaveFailed, match="not a file"):
        save_code(tmp_path, LINK, "Tea")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SaveFailed):
        save_code(tmp_path / "file" / "code.png", LINK, "Tea")
    assert (tmp_path / "file").read_text() == "mine"
