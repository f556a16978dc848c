"""Checks Tk and the display, the clock, and Messango's folder."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import messango
from messango.doctor.findings import Finding, Severity
from messango.errors import StorageUnavailable
from messango.storage import home, home_warning, write_private

#: No release of Messango is older.
_EARLIEST: Final = datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
_LATEST: Final = datetime.datetime(2100, 1, 1, tzinfo=datetime.timezone.utc)

#: A file's time may be local time mistaken for UTC, which is off by half a day at most.
_FILE_TIME_SLACK: Final = datetime.timedelta(days=1)

_X_FIRST_PORT: Final = 6000
_X_LAST_NUMBER: Final = 65_535 - _X_FIRST_PORT
_X_TIMEOUT_S: Final = 1.0
_DISPLAY: Final = re.compile(r"(?P<host>[^:]*|\[.*\]):(?P<number>\d{1,5})(\.\d+)?")

#: For everything that needs Tk.
INSTALL_TK_HINT: Final = (
    "Debian and Ubuntu: sudo apt install python3-tk. Fedora: sudo dnf install python3-tkinter. "
    "macOS with Homebrew: brew install python-tk. Or chat in the terminal: messango chat"
)


def check_window(
    system: str = sys.platform, load: Callable[[str], object] = importlib.import_module
) -> Iterator[Finding]:
    """Report whether the window can be shown, without showing one."""
    try:
        load("tkinter")
    except ImportError:
        yield Finding(
            "tk", Severity.WARNING, "Tk is not installed, and the window needs it.", INSTALL_TK_HINT
        )
        return
    yield Finding("tk", Severity.OK, "Tk is installed.")
    if system not in ("win32", "darwin"):
        yield _display(os.environ.get("DISPLAY", ""))


def check_clock(now: Callable[[], datetime.datetime] | None = None) -> Iterator[Finding]:
    """Report whether the clock is clearly wrong."""
    time = now() if now else datetime.datetime.now(datetime.timezone.utc)
    installed = datetime.datetime.fromtimestamp(
        Path(messango.__file__).stat().st_mtime, datetime.timezone.utc
    )
    if max(_EARLIEST, installed - _FILE_TIME_SLACK) <= time < _LATEST:
        yield Finding("clock", Severity.OK, f"The clock shows {time:%Y-%m-%d %H:%M} UTC.")
        return
    yield Finding(
        "clock",
        Severity.WARNING,
        f"The clock is wrong: it shows {time:%Y-%m-%d %H:%M} UTC. Rooms still work, but messages show wrong "
        "times.",
        "Turn on automatic time in the system settings (Linux: sudo timedatectl set-ntp true).",
    )


def check_home() -> Iterator[Finding]:
    """Report whether Messango's folder is writable, and whether others can read its secrets."""
    try:
        folder = home()
        test_file = folder / "doctor.trial"
        write_private(test_file, b"")
        test_file.unlink()
    except StorageUnavailable as error:
        yield Finding("home", Severity.PROBLEM, str(error), error.hint)
        return
    except (OSError, RuntimeError) as error:
        where = getattr(error, "filename", None) or "Messango's folder"
        yield Finding(
            "home",
            Severity.PROBLEM,
            f"{where} is not writable: {getattr(error, 'strerror', None) or error}. Without it, Messango "
            "can't open a room or remember one.",
            "Make it writable, or choose another folder with MESSANGO_HOME.",
        )
        return
    if warning := home_warning():
        yield Finding("home", Severity.WARNING, *warning)
    else:
        yield Finding("home", Severity.OK, f"{folder} is writable, and only you can read it.")


def _display(display: str) -> Finding:
    if not display:
        return Finding(
            "display",
            Severity.WARNING,
            "The window needs a display, and there is none (DISPLAY is not set).",
            "Run it in a desktop session, or chat in the terminal: messango chat",
        )
    if not _display_answers(display):
        return Finding(
            "display",
            Severity.WARNING,
            f"The display {display} does not answer.",
            "Check DISPLAY (with ssh: ssh -X), or chat in the terminal: messango chat",
        )
    return Finding("display", Severity.OK, f"The display {display} answers.")


def _display_answers(display: str) -> bool:
    """Connect to the X server as Tk would, without opening a window."""
    match = _DISPLAY.fullmatch(display)
    if match is None or int(match["number"]) > _X_LAST_NUMBER:
        return False
    host, number = match["host"], int(match["number"])
    if host not in ("", "unix"):
        return _accepts_connection(socket.AF_INET, (host.strip("[]"), _X_FIRST_PORT + number))
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 (where X servers listen)
    return _accepts_connection(socket.AF_UNIX, path) or _accepts_connection(socket.AF_UNIX, f"\0{path}")


def _accepts_connection(family: socket.AddressFamily, address: str | tuple[str, int]) -> bool:
    with contextlib.suppress(OSError):
        if isinstance(address, tuple):
            socket.create_connection(address, timeout=_X_TIMEOUT_S).close()
            return True
        with socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.settimeout(_X_TIMEOUT_S)
            sock.connect(address)
            return True
    return False
