"""WebKitGTK's small browser: the nearest to Safari that a Linux computer has."""

from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path
from typing import Any, Final

from tests.support.browser.driver_process import DriverProcess
from tests.support.browser.page import Page
from tests.support.browser.session import Session

_DRIVER: Final = "WebKitWebDriver"
_BROWSERS: Final = ("*/webkit2gtk-4.*/MiniBrowser", "*/webkitgtk-6.*/MiniBrowser")

#: GLib would find no network in a namespace with only a loopback, and the page would be told so.
_ENVIRONMENT: Final = {"GIO_USE_NETWORK_MONITOR": "base", "LIBGL_ALWAYS_SOFTWARE": "1"}

_LISTENS_WITHIN_S: Final = 30.0


class WebKit:
    """One running browser with an empty profile, in a window on the display.

    Its driver types only characters of the Basic Multilingual Plane, and has no console and no emulation.
    """

    def __init__(self, driver: DriverProcess) -> None:
        """Start it; it accepts self-signed certificates."""
        self._session = Session(driver.commands, _capabilities())
        self.page = Page(self._session.first_window())

    def open_tab(self) -> Page:
        """Open another tab, with the same profile."""
        return Page(self._session.new_window())

    def close(self) -> None:
        """End the browser."""
        self._session.close()


def webkit_skip_reason() -> str:
    """Return why WebKitGTK can't be driven here; empty if it can."""
    if shutil.which(_DRIVER) is None:
        return f"the command `{_DRIVER}` is not installed"
    if not _browsers():
        return "WebKitGTK's MiniBrowser is not installed"
    return "" if os.environ.get("DISPLAY") else "no display"


def start_webkit_driver() -> DriverProcess:
    """Start the driver on a free port, which it does not choose itself, and wait until it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    driver = DriverProcess(_DRIVER, f"--port={port}", port=port, environment=_ENVIRONMENT)
    deadline = time.monotonic() + _LISTENS_WITHIN_S
    while not _listens(port):
        assert time.monotonic() < deadline, "the driver does not listen"
        time.sleep(0.01)
    return driver


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _browsers() -> list[Path]:
    return [path for pattern in _BROWSERS for path in sorted(Path("/usr/lib").glob(pattern))]


def _capabilities() -> dict[str, Any]:
    return {
        "acceptInsecureCerts": True,
        "webkitgtk:browserOptions": {"binary": str(_browsers()[0]), "args": ["--automation"]},
    }
