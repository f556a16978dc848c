"""Running the window from the command line, and its exit status."""

from __future__ import annotations

import gc
import signal
import sys
import tkinter as tk
from collections.abc import Iterator

import pytest

from messango.errors import BadAddress, BadName, DisplayUnavailable
from messango.gui import app
from messango.transport.addresses import Address
from tests.gui.fakes import FakeServices


@pytest.fixture
def _collected() -> Iterator[None]:
    """Collect the root in its own thread."""
    yield
    gc.collect()


def drive(monkeypatch: pytest.MonkeyPatch, number: signal.Signals | None) -> None:
    """Make the main loop begin with a signal, or by closing the window."""

    def mainloop(root: tk.Tk, _n: int = 0) -> None:
        if number is None:
            root.after(0, root.tk.call, *root.tk.splitlist(root.protocol("WM_DELETE_WINDOW")))
        else:
            signal.raise_signal(number)
        while root.tk.call("info", "commands", "."):
            root.tk.dooneevent(0)

    monkeypatch.setattr(tk.Tk, "mainloop", mainloop)


@pytest.mark.window
@pytest.mark.usefixtures("_collected")
@pytest.mark.parametrize(
    ("number", "status"),
    [
        (None, 0),
        (signal.SIGTERM, 0),
        (getattr(signal, "SIGHUP", signal.SIGTERM), 0),
        (signal.SIGINT, 130),
    ],
    ids=["closed", "TERM", "HUP", "INT"],
)
def test_every_end_leaves_the_room(
    monkeypatch: pytest.MonkeyPatch, fakes: FakeServices, number: signal.Signals | None, status: int
) -> None:
    """Closed, interrupted or terminated: client and browser end, and signal handlers are restored."""
    monkeypatch.setattr(app, "real_services", lambda _room_name: fakes.services())
    drive(monkeypatch, number)
    before = signal.getsignal(signal.SIGINT)
    assert app.run("10.0.0.2:9000", "Ann") == status
    assert fakes.join_calls[0][0].addresses == (Address("10.0.0.2", 9000),)
    assert fakes.join_calls[0][1] == "Ann"
    assert fakes.clients[0].calls == ["start", "leave", "join_thread True"]
    assert fakes.browser.closed
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("room", ["1.2.3.4:99999", "messango://", "[::1"])
def test_invalid_address_opens_no_window(room: str) -> None:
    """It is an error on the command line."""
    with pytest.raises(BadAddress):
        app.run(room, "Ann")


def test_invalid_name_opens_no_window() -> None:
    """It is an error on the command line, too."""
    with pytest.raises(BadName):
        app.run(None, "\n")


def test_missing_tk_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The module can be imported without Tk."""
    monkeypatch.setitem(sys.modules, "tkinter", None)
    with pytest.raises(DisplayUnavailable):
        app.run(None, None)
