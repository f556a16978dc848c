"""What is read about a file before it is sent."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from messango.gui.background.file_facts import read_facts
from messango.gui.model.sending.chosen_file import IS_FOLDER, IS_GONE, IS_SPECIAL, FileFacts


def test_a_file_has_a_size(tmp_path: Path) -> None:
    """Also an empty one."""
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "empty").touch()
    assert read_facts(tmp_path / "a") == FileFacts(5)
    assert read_facts(tmp_path / "empty") == FileFacts(0)


def test_folders_and_what_is_gone_can_not_be_sent(tmp_path: Path) -> None:
    """Each with its own sentence."""
    assert read_facts(tmp_path) == FileFacts(problem=IS_FOLDER)
    assert read_facts(tmp_path / "nothing") == FileFacts(problem=IS_GONE)
    assert "can't be read" in read_facts(Path("a\0b")).problem


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    """That would wait for its other end."""
    os.mkfifo(tmp_path / "pipe")
    assert read_facts(tmp_path / "pipe") == FileFacts(problem=IS_SPECIAL)


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_the_right_to_read_says_so(tmp_path: Path) -> None:
    """In the system's words."""
    path = tmp_path / "secret"
    path.touch(mode=0)
    assert "Permission denied" in read_facts(path).problem
