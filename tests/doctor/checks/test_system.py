"""The checks of Tk, the display, the clock and Messango's folder."""

from __future__ import annotations

import datetime
import os
import socket
from pathlib import Path

import pytest

from messango.doctor.checks.system import check_clock, check_home, check_window
from messango.doctor.findings import Severity

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has other rights on files")


def importable(_: str) -> object:
    """Load any module."""
    return object()


def test_a_python_without_tk_gets_an_install_hint() -> None:
    """The hint names the package for each system, and the terminal as the way without Tk."""

    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    (finding,) = check_window("linux", missing)
    assert (finding.check, finding.severity) == ("tk", Severity.WARNING)
    assert "python3-tk" in finding.remedy
    assert "messango chat" in finding.remedy


def test_a_session_without_a_display_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tk is installed, but there is no display for a window."""
    monkeypatch.delenv("DISPLAY", raising=False)
    tk, display = check_window("linux", importable)
    assert (tk.severity, display.severity) == (Severity.OK, Severity.WARNING)
    assert display.check == "display"
    assert "messango chat" in display.remedy


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_always_have_a_display(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    """Windows and macOS do not use DISPLAY."""
    monkeypatch.delenv("DISPLAY", raising=False)
    (finding,) = check_window(system, importable)
    assert finding.severity is Severity.OK


def test_a_display_that_listens_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check connects to the X server as Tk would."""
    with socket.create_server(("127.0.0.1", 0)) as display:
        number = display.getsockname()[1] - 6000
        monkeypatch.setenv("DISPLAY", f"127.0.0.1:{number}.0")
        assert [finding.severity for finding in check_window("linux", importable)] == [
            Severity.OK,
            Severity.OK,
        ]


@posix
@pytest.mark.parametrize("display", ["127.0.0.1:9", ":9876", "unix:9876", "nonsense", "::::", "[::1]:65000"])
def test_a_display_that_does_not_answer_is_a_warning(monkeypatch: pytest.MonkeyPatch, display: str) -> None:
    """Neither a display without a server nor an invalid one raises anything."""
    monkeypatch.setenv("DISPLAY", display)
    _, finding = check_window("linux", importable)
    assert finding.severity is Severity.WARNING
    assert display in finding.message


def _utc(year: int) -> datetime.datetime:
    return datetime.datetime(year, 6, 1, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("year", [1970, 2024, 2105])
def test_a_clock_that_is_clearly_wrong_is_a_warning(year: int) -> None:
    """A machine without a battery starts in 1970; the year is shown."""
    (finding,) = check_clock(lambda: _utc(year))
    assert (finding.check, finding.severity) == ("clock", Severity.WARNING)
    assert str(year) in finding.message
    assert finding.remedy


def test_a_clock_behind_the_installation_warns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Messango can't have been installed tomorrow."""
    installed = tmp_path / "__init__.py"
    installed.touch()
    os.utime(installed, (_utc(2031).timestamp(),) * 2)
    monkeypatch.setattr("messango.__file__", str(installed))
    (finding,) = check_clock(lambda: _utc(2030))
    assert finding.severity is Severity.WARNING
    (finding,) = check_clock(lambda: _utc(2032))
    assert finding.severity is Severity.OK


def test_the_clock_of_this_machine_is_read() -> None:
    """Without a made-up time it is the machine's clock."""
    (finding,) = check_clock()
    assert str(datetime.datetime.now(datetime.timezone.utc).year) in finding.message


def test_a_private_folder_is_ok(tmp_path: Path) -> None:
    """The check writes a real file, and leaves nothing behind."""
    tmp_path.chmod(0o700)
    (finding,) = check_home()
    assert (finding.check, finding.severity) == ("home", Severity.OK)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The message names the file in its place, and the hint the variable for another folder."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "file" / "messango"))
    (finding,) = check_home()
    assert finding.severity is Severity.PROBLEM
    assert str(tmp_path / "file") in finding.message
    assert "MESSANGO_HOME" in finding.remedy


@posix
def test_a_folder_that_others_can_open_is_a_warning(tmp_path: Path) -> None:
    """It has files of others in it, so Messango did not close it."""
    (tmp_path / "thesis.txt").touch()
    tmp_path.chmod(0o770)
    (finding,) = check_home()
    assert finding.severity is Severity.WARNING
    assert str(tmp_path) in finding.message
    assert "chmod" in finding.remedy
