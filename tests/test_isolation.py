"""No test reads or writes the settings of whoever runs it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def test_undoing_a_patch_keeps_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that undoes its own patches does not open rooms in the real home afterwards."""
    monkeypatch.undo()
    assert os.environ["MESSANGO_HOME"] == str(tmp_path)
    assert os.environ["MESSANGO_INTERFACES"] == "127.0.0.1"
