"""Detects the system's dark mode, in a thread, because the answer may take a while."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

#: A command that has not finished by then is ignored.
_COMMAND_TIMEOUT_S: Final = 1.0

#: The query is repeated when the window gets the focus, but at most this often.
_MIN_INTERVAL_S: Final = 5.0

#: Values of `color-scheme` in `org.freedesktop.appearance` (XDG desktop portal, Settings).
_PORTAL_DARK, _PORTAL_LIGHT = "uint32 1", "uint32 2"
_PORTAL_COMMAND: Final = (
    *("gdbus", "call", "--session", "--timeout", "1"),
    *("--dest", "org.freedesktop.portal.Desktop", "--object-path", "/org/freedesktop/portal/desktop"),
    *("--method", "org.freedesktop.portal.Settings.Read", "org.freedesktop.appearance", "color-scheme"),
)
_GNOME_COMMAND: Final = ("gsettings", "get", "org.gnome.desktop.interface")

#: Runs a command and returns its output, or an empty text if it failed.
RunCommand = Callable[[tuple[str, ...]], str]


class DarkModeWatcher:
    """Owns the thread; `events` gets true for dark or false for light, whenever the answer changes."""

    def __init__(self, query: Callable[[], bool | None]) -> None:
        self.events: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._query = query
        self._thread: threading.Thread | None = None
        self._queried_at = -_MIN_INTERVAL_S
        self._last: bool | None = None

    def refresh(self) -> None:
        """Start a query, unless there was one just before."""
        now = time.monotonic()
        if now - self._queried_at < _MIN_INTERVAL_S or (self._thread and self._thread.is_alive()):
            return
        self._queried_at = now
        self._thread = threading.Thread(target=self._run, name="messango-gui-dark-mode", daemon=True)
        self._thread.start()

    def finish(self, timeout_s: float) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        dark = self._query()
        if dark is not None and dark is not self._last:
            self._last = dark
            self.events.put(dark)


def system_is_dark() -> bool | None:
    """Return whether the system is in dark mode, or None if it is unknown. May take seconds."""
    if sys.platform == "win32":
        return _windows_is_dark()
    if sys.platform == "darwin":
        return mac_is_dark(_run_command)
    return linux_is_dark(_run_command) if _has_session_bus() else None


def mac_is_dark(run: RunCommand) -> bool:
    """Return macOS's answer; in light mode the key does not exist."""
    return run(("defaults", "read", "-g", "AppleInterfaceStyle")).strip() == "Dark"


def linux_is_dark(run: RunCommand) -> bool | None:
    """Return the answer of the desktop portal, else of GNOME's settings or its theme's name."""
    answer = run(_PORTAL_COMMAND)
    if _PORTAL_DARK in answer or _PORTAL_LIGHT in answer:
        return _PORTAL_DARK in answer
    scheme = run((*_GNOME_COMMAND, "color-scheme"))
    if "prefer" in scheme:
        return "prefer-dark" in scheme
    theme_name = run((*_GNOME_COMMAND, "gtk-theme")).strip().strip("'").lower()
    return theme_name.endswith("-dark") if theme_name else None


def _has_session_bus() -> bool:
    """Return whether there is a session bus; without one, the query would start one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return "DBUS_SESSION_BUS_ADDRESS" in os.environ or bool(runtime and Path(runtime, "bus").exists())


def _windows_is_dark() -> bool | None:
    if sys.platform == "win32":
        import winreg

        key_path = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize"
        with contextlib.suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key_path) as key:
            return bool(winreg.QueryValueEx(key, "AppsUseLightTheme")[0] == 0)
    return None


def _run_command(command: tuple[str, ...]) -> str:
    try:
        completed = subprocess.run(  # noqa: S603 (the command is a constant)
            command,
            capture_output=True,
            text=True,
            timeout=_COMMAND_TIMEOUT_S,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return ""
    return completed.stdout
