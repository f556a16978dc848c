"""Real windows for tests: opened, driven until something holds, closed and collected in this thread."""

from __future__ import annotations

import gc
import os
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.gui.background.services import Services
from messango.gui.look.tk_root import open_root
from messango.gui.model.target import JoinTarget
from messango.gui.settings import SettingsStore
from messango.gui.window import Window
from tests.gui.fakes import NOON, FakeServices

#: Long enough for the slowest machine; nothing waits for it where all is well.
TIMEOUT_S = 60.0


class WindowDriver:
    """Opens windows and lets them live until a condition holds."""

    def __init__(self) -> None:
        self._windows: list[Window] = []
        self._roots: list[tk.Tk] = []
        self._scaling: object = None

    def root(self) -> tk.Tk:
        """Return a bare root."""
        root = open_root()
        root.geometry("+0+0")
        root.deiconify()
        self._roots.append(root)
        return root

    def open(
        self,
        services: Services,
        *,
        name: str = "Ann",
        room_name: str = "",
        target: JoinTarget | None = None,
        settings: SettingsStore | None = None,
        dpi: int | None = None,
    ) -> Window:
        """Open a window and wait until it can be seen and has the keyboard; `dpi` is what the screen has."""
        root = open_root()
        if dpi is not None:
            self._scaling = root.tk.call("tk", "scaling")
            root.tk.call("tk", "scaling", dpi / 72)
        store = settings or SettingsStore(None)
        window = Window(
            root, services, settings=store, name=name, room_name=room_name, target=target, now=lambda: NOON
        )
        self._windows.append(window)
        root.geometry("960x720+0+0")
        self.until(lambda: bool(root.winfo_viewable()) and root.winfo_width() > 900)
        self.until(lambda: root.focus_lastfor() is not root)
        # Without a window manager nobody gives the window the keyboard; within it, it stays where it is.
        (root.focus_lastfor() or root).focus_force()
        self.until(lambda: root.focus_displayof() is not None)
        # A pointer that happens to be over the list would hold its rows, and light one up.
        root.event_generate("<Motion>", warp=True, x=1, y=1)
        self.until(lambda: root.winfo_pointerxy() == (1, 1))
        return window

    def until(self, condition: Callable[[], bool]) -> None:
        """Let Tk work until `condition` holds; fails when it never does."""
        deadline = time.monotonic() + TIMEOUT_S
        interpreters = [window.root for window in self._windows] + self._roots
        while not condition():
            assert time.monotonic() < deadline, "what was waited for never came"
            # Something has to happen, so that waiting for it has an end.
            interpreters[-1].tk.call("after", 20, "set", "waited", 1)
            interpreters[-1].tk.dooneevent(0)
        interpreters[-1].update_idletasks()

    def focus(self, widget: tk.Misc) -> None:
        """Give a widget the keyboard: a key that a test makes goes to whoever has it, not to its widget.

        What can't be seen yet gets it later, so it is waited for.
        """

        def has_it() -> bool:  # of all windows of this process, and of its own one
            return widget.focus_displayof() is widget and widget.focus_get() is widget

        def takes_it() -> bool:
            if widget.winfo_viewable() and not has_it():
                widget.focus_force()
            return has_it()

        self.until(takes_it)

    def press(self, widget: tk.Misc, *keys: str) -> None:
        """Press keys while a widget has the keyboard."""
        self.focus(widget)
        for key in keys:
            widget.event_generate(key)

    def close(self, window: Window) -> None:
        """Close one window."""
        self._windows.remove(window)
        window.close()
        window.finish()

    def until_closed(self, window: Window) -> None:
        """Wait for the end of a window that has closed itself."""
        self._windows.remove(window)
        with pytest.raises(tk.TclError):
            window.root.winfo_exists()
        window.finish()

    def close_all(self) -> None:
        """Close what is open, and collect it here: a Tk interpreter must end in the thread that made it."""
        if self._scaling is not None:  # every window of this process shares it
            self._windows[0].root.tk.call("tk", "scaling", self._scaling)
        for window in list(self._windows):
            self.close(window)
        for root in self._roots:
            root.destroy()
        self._roots.clear()
        gc.collect()


@pytest.fixture
def driver() -> Iterator[WindowDriver]:
    """A place for windows; at the end it is empty."""
    driver = WindowDriver()
    yield driver
    driver.close_all()


@pytest.fixture
def fakes() -> FakeServices:
    """A browser and clients that do nothing by themselves."""
    return FakeServices()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where pictures go: away with the test, unless somebody wants them."""
    wanted = os.environ.get("MESSANGO_PICTURES")
    return Path(wanted).resolve() if wanted else tmp_path
