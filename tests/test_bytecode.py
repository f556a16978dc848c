"""The processes of the tests share compiled files, and leave none where nobody wants them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.bytecode import compile_tests, keep_bytecode_for_processes

_KEEP = "from tests.support.bytecode import *; keep_bytecode_for_processes(); print(os.environ.get('{}'))"


def _kept(variable: str, **environment: str) -> str:
    without = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONPYCACHE")}
    command = [sys.executable, "-c", _KEEP.format(variable)]
    done = subprocess.run(
        command,
        env={**without, **environment},
        cwd=Path(__file__).parents[1],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().strip()


def test_compiled_files_go_at_the_end() -> None:
    """Who wants none gets them in a folder that is gone with the tests."""
    folder = _kept("PYTHONPYCACHEPREFIX", PYTHONDONTWRITEBYTECODE="1")
    assert Path(folder).is_absolute()
    assert not Path(folder).exists()
    assert _kept("PYTHONDONTWRITEBYTECODE", PYTHONDONTWRITEBYTECODE="1") == "None"


def test_who_has_compiled_files_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing changes then."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    before = dict(os.environ)
    keep_bytecode_for_processes()
    assert dict(os.environ) == before


@pytest.mark.program
def test_tests_are_compiled_before_workers_need_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests that were asked for; and again only if there is nothing yet."""
    compiled = tmp_path / "compiled"
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(compiled))
    root = Path(__file__).parents[1]
    compile_tests(root, ["tests/protocol/test_features.py::test_features_of_this_and_of_later_versions_stay"])
    names = {path.name.partition(".")[0] for path in compiled.rglob("*-pytest-*.pyc")}
    assert "test_features" in names
    assert "test_codec" not in names
