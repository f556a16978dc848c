"""Files at real pseudo-terminals, with a real room: sent, saved, answered, and with hostile names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from click.testing import CliRunner

from messango.cli.main import main
from messango.server.server import Server
from tests.support.rooms import open_room
from tests.support.terminal import TerminalUser, run_in_terminal

pytestmark = pytest.mark.program


def chatting(server: Server, name: str) -> AbstractContextManager[TerminalUser]:
    """Return a person in a chat."""
    return run_in_terminal("chat", f"127.0.0.1:{server.port}", "--name", name)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A room; both people are in a folder with two files."""
    (tmp_path / "the plan.odt").write_bytes(b"plan" * 1_000)
    # Removes the line above, colours, and reads from right to left.
    (tmp_path / "evil\x1b[2J\x1b]0;owned\x07\u202egpj.exe").write_bytes(b"MZ")
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    with open_room() as room:
        yield room


def test_a_file_is_sent_saved_and_answered(server: Server, tmp_path: Path) -> None:
    """Tab completes a path with a space; the line below the status says what Enter will do."""
    with chatting(server, "ann") as ann, chatting(server, "bob") as bob:
        ann.wait_for("as ann")
        bob.wait_for("as bob")
        ann.send_keys("/send the\t")
        ann.wait_for("To everybody: “the plan.odt” (4.0 kB).")
        ann.send_keys(" -- for tonight\r")
        bob.wait_for("the plan.odt (4.0 kB)")
        bob.wait_for("for tonight")
        (tmp_path / "saved").mkdir()
        bob.send_keys("/get 1 saved\r")
        bob.wait_for("Saved “the plan.odt” (4.0 kB) as")
        assert (tmp_path / "saved" / "the plan.odt").read_bytes() == b"plan" * 1_000
        bob.send_keys("/reply ann /send the plan.odt\r")
        ann.wait_for("[file 2] the plan.odt")
        for person in (ann, bob):
            person.send_keys("\x04")
            assert person.read_to_exit() == 0
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["the plan.odt"]


@pytest.mark.skipif(os.name == "nt", reason="no such names there")
def test_the_name_of_a_file_is_never_a_command_to_the_terminal(server: Server, tmp_path: Path) -> None:
    """Neither where it is shown and listed, nor where it is saved. Tab offers no such names."""
    evil = next(path for path in tmp_path.iterdir() if path.name.startswith("evil"))
    (tmp_path / "to\x1b]0;owned\x07").mkdir()
    with chatting(server, "bob") as bob:
        bob.wait_for("as bob")
        assert (
            CliRunner().invoke(main, ["send", f"127.0.0.1:{server.port}", "--file", str(evil)]).exit_code == 0
        )
        bob.wait_for("[file 1] evil")
        bob.send_keys("/files\r")
        bob.wait_for("1  “evil")
        bob.send_keys("/get 1 to\t")
        bob.wait_for("There is no folder “to”.")
        bob.send_keys("\b\b.\r")
        bob.wait_for("aved “evil")
        bob.send_keys("\x04")
        assert bob.read_to_exit() == 0
        written = bob.read_bytes(0)
    for raw in (b"\x1b[2J\x1b]0", b"]0;owned\x07", "\u202e".encode()):
        assert raw not in written
