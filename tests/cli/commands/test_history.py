"""`messango history` as a process."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from messango.cli.main import main
from tests.support.program import open_room, run, run_here

pytestmark = pytest.mark.program


def test_a_room_without_history() -> None:
    """`--no-history` stores nothing, and `history` ends with status 3."""
    with open_room("Office", "--no-history") as (_, port):
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="hello\n").returncode == 0
    result = run("history", "Office")
    assert (result.returncode, result.stdout) == (3, "")
    assert "no history" in result.stderr


def test_formats_and_choices() -> None:
    """`--format` and `--search` apply to what the room has stored."""
    with open_room("Office") as (_, port):
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="tea\nlunch\n").returncode == 0
        found = run_here(
            "history", "office", "--search", "LUN", "--format", "markdown", "--since", "2h"
        ).stdout
    assert found.startswith("# Office\n")
    assert "> lunch" in found
    assert "tea" not in found


def test_a_time_that_is_not_valid() -> None:
    """Status 2, and what could be typed instead."""
    result = run_here("history", "Office", "--since", "5y")
    assert result.returncode == 2
    assert "“5y” is not a valid time. Use 2026-11-22" in result.stderr


@pytest.mark.parametrize(("folder", "sentence"), [("", "is empty"), ("a.txt", "“a.txt” is a file")])
def test_the_folder_for_files_is_one(
    folder: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty variable of a script must not fill the folder in which it runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("a")
    result = CliRunner().invoke(main, ["history", "Tea", "--files", folder])
    assert result.exit_code == 2
    assert sentence in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
