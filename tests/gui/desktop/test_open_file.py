"""Files are opened and shown by the system's own programs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from messango.gui.desktop import open_file as module
from messango.gui.desktop.open_file import CannotOpen, open_file, show_in_folder

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these are programs of Linux")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the only programs that are found; what they are called with is in `calls` there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def install(folder: Path, name: str, status: int = 0, ending: str = "") -> None:
    """Install a program that notes how it was called."""
    program = folder / name
    program.write_text(
        f'#!/bin/sh\nprintf "%s|" {name} "$@" >> "{folder}/calls"\nprintf "\\n" >> "{folder}/calls"\n'
        f"{ending}\nexit {status}\n",
        encoding="utf-8",
    )
    program.chmod(0o700)


def calls(folder: Path) -> list[list[str]]:
    """Return how the programs were called."""
    lines = (folder / "calls").read_text(encoding="utf-8").splitlines()
    return [line.split("|")[:-1] for line in lines]


def test_document_is_opened_without_a_shell(programs: Path, tmp_path: Path) -> None:
    """Its name is one argument, whatever is in it, and never an option."""
    install(programs, "xdg-open")
    document = tmp_path / "-o $(touch pwned) 'x'.pdf"
    document.write_bytes(b"")
    open_file(document)
    assert calls(programs) == [["xdg-open", str(document)]]
    assert not (Path.cwd() / "pwned").exists()


def test_programs_and_what_is_gone_are_not_opened(programs: Path, tmp_path: Path) -> None:
    """A sentence says where it is, or what to do."""
    install(programs, "xdg-open")
    script = tmp_path / "setup.sh"
    script.write_bytes(b"")
    with pytest.raises(CannotOpen, match=r"setup\.sh"):
        open_file(script)
    with pytest.raises(CannotOpen, match="no longer"):
        open_file(tmp_path / "gone.pdf")
    with pytest.raises(CannotOpen, match="no longer"):
        show_in_folder(tmp_path / "gone.pdf")
    assert not (programs / "calls").exists()


def test_no_program_can_open_it(programs: Path, tmp_path: Path) -> None:
    """Whether there is none, or it has failed."""
    document = tmp_path / "a.pdf"
    document.write_bytes(b"")
    with pytest.raises(CannotOpen) as caught:
        open_file(document)
    assert str(tmp_path) in caught.value.hint
    install(programs, "xdg-open", status=4)
    with pytest.raises(CannotOpen):
        open_file(document)


def test_file_manager_shows_the_file(programs: Path, tmp_path: Path) -> None:
    """Where it can't select it, its folder is opened."""
    file = tmp_path / "it's 100 % ü.zip"
    file.write_bytes(b"")
    install(programs, "gdbus")
    install(programs, "xdg-open")
    show_in_folder(file)
    [call] = calls(programs)
    assert call[-2:] == [f"['file://{tmp_path}/it%27s%20100%20%25%20%C3%BC.zip']", '""']
    install(programs, "gdbus", status=1)
    show_in_folder(file)
    assert calls(programs)[-1] == ["xdg-open", str(tmp_path)]


def test_viewer_that_stays_does_not_hold_up_the_window(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some desktops' xdg-open is the viewer itself."""
    monkeypatch.setattr(module, "_WAIT_S", 0.05)
    reader, writer = os.pipe()
    install(programs, "xdg-open", ending="read line <&0")
    document = tmp_path / "a.pdf"
    document.write_bytes(b"")
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def popen(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(real(*args, **{**options, "stdin": reader}))  # type: ignore[call-overload]
        return started[0]

    monkeypatch.setattr(subprocess, "Popen", popen)
    open_file(document)
    assert started[0].poll() is None
    os.close(writer)
    os.close(reader)
    started[0].wait(10)
