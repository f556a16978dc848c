"""Real windows for tests: opened, driven until a condition holds, closed and collected in this thread."""

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
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.settings import SettingsStore
from messango.gui.window import Window
from tests.gui.fakes import NOON, FakeServices
from tests.gui.painted_once import paint_once

#: Long enough for the slowest computer; a passing test never waits this long.
TIMEOUT_S = 60.0

#: How long `until` waits for an event before it looks at its condition again.
_LOOK_AGAIN_MS = 20

paint_once()


class WindowDriver:
    """Opens windows and runs them until a condition holds."""

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
        """Open a window, and wait until it is visible and has the focus; `dpi` is the resolution."""
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
        # Without a window manager, the window does not get the focus by itself.
        (root.focus_lastfor() or root).focus_force()
        self.until(lambda: root.focus_displayof() is not None)
        # A pointer over the list would freeze its rows, and highlight one.
        root.event_generate("<Motion>", warp=True, x=1, y=1)
        self.until(lambda: root.winfo_pointerxy() == (1, 1))
        return window

    def until(self, condition: Callable[[], bool]) -> None:
        """Run Tk until `condition` holds; fails after `TIMEOUT_S`."""
        deadline = time.monotonic() + TIMEOUT_S
        interpreters = [window.root for window in self._windows] + self._roots
        is_waiting = False

        def stop_waiting() -> None:
            nonlocal is_waiting
            is_waiting = False

        while not condition():
            assert time.monotonic() < deadline, "the condition never became true"
            if not is_waiting:  # one at a time: more would wake this loop ever more often
                is_waiting = True
                # An event of our own, so that dooneevent() returns.
                interpreters[-1].tk.createtimerhandler(_LOOK_AGAIN_MS, stop_waiting)
            interpreters[-1].tk.dooneevent(0)
        interpreters[-1].update_idletasks()

    def focus(self, widget: tk.Misc) -> None:
        """Give a widget the focus: generated keys go to the focused widget, whichever they were generated on.

        Wait until the widget is visible; before that it can't take the focus.
        """

        def has_focus() -> bool:  # of all windows of this process, and of its own
            return widget.focus_displayof() is widget and widget.focus_get() is widget

        def takes_focus() -> bool:
            if widget.winfo_viewable() and not has_focus():
                widget.focus_force()
            return has_focus()

        self.until(takes_focus)

    def press(self, widget: tk.Misc, *keys: str) -> None:
        """Press keys while a widget has the focus."""
        self.focus(widget)
        for key in keys:
            widget.event_generate(key)

    def close(self, window: Window) -> None:
        """Close one window."""
        self._windows.remove(window)
        window.close()
        window.finish()

    def until_closed(self, window: Window) -> None:
        """Wait for the threads of a window that has closed itself."""
        self._windows.remove(window)
        with pytest.raises(tk.TclError):
            window.root.winfo_exists()
        window.finish()

    def close_all(self) -> None:
        """Close all windows and collect them here: a Tk interpreter must be deleted in its own thread."""
        if self._scaling is not None:  # all windows of this process share it
            self._windows[0].root.tk.call("tk", "scaling", self._scaling)
        for window in list(self._windows):
            self.close(window)
        for root in self._roots:
            root.destroy()
        self._roots.clear()
        gc.collect()


@pytest.fixture
def driver() -> Iterator[WindowDriver]:
    """A driver, which closes its windows at the end."""
    driver = WindowDriver()
    yield driver
    driver.close_all()


@pytest.fixture
def fakes() -> FakeServices:
    """Fake services: a browser and clients that do nothing by themselves."""
    return FakeServices()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder for screenshots: MESSANGO_PICTURES, or a temporary one."""
    chosen = os.environ.get("MESSANGO_PICTURES")
    return Path(chosen).resolve() if chosen else tmp_path
