"""Two people use the window with real keys and a real mouse, by xdotool."""

from __future__ import annotations

import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from messango.client.room_client import RoomClient
from messango.gui.background.services import real_services
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.pictures import outer_window
from tests.gui.test_real_room import members, page, transcript

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="the command `xdotool` is missing"),
]


class XdotoolUser:
    """A user in front of a window."""

    def __init__(self, driver: WindowDriver, window: Window) -> None:
        self._driver, self.window = driver, window
        self._id = str(int(outer_window(window.root), 16))

    def focus_window(self) -> None:
        """Raise and focus the window, as a click does with a window manager."""
        self._xdotool("windowraise", self._id, "windowfocus", self._id)
        self._driver.until(lambda: self.window.root.focus_displayof() is not None)

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        self._xdotool("key", "--delay", "20", *keys)

    def write(self, text: str) -> None:
        """Type a text and press Enter."""
        self._xdotool("type", "--delay", "10", text)
        self.press("Return")

    def click(self, x: int, y: int) -> None:
        """Click at this place on the screen."""
        self._xdotool("mousemove", str(x), str(y), "click", "1")

    def shift_click(self, x: int, y: int) -> None:
        """Click at a point of the screen while Shift is down."""
        self._xdotool("mousemove", str(x), str(y), "keydown", "shift", "click", "1", "keyup", "shift")

    def _xdotool(self, *words: str) -> None:
        """Run xdotool in a thread while Tk handles events, which it needs to get the keys."""
        done = threading.Event()

        def run() -> None:
            subprocess.run(["xdotool", *words], check=False, timeout=60)
            done.set()

        thread = threading.Thread(target=run, name="test-xdotool")
        thread.start()
        self._driver.until(done.is_set)
        thread.join()


def test_two_people_meet_and_talk(driver: WindowDriver, tmp_path: Path) -> None:
    """Host, join by the list, talk to all and to one, search, reconnect, save, close."""
    ann = XdotoolUser(driver, driver.open(real_services(), name="Ann"))
    ann.focus_window()
    ann.press("ctrl+n")
    driver.until(lambda: not ann.window.rooms_view.winfo_ismapped())
    ann.write("Table by hand")
    driver.until(lambda: members(ann.window) == ["Ann"])

    ben = XdotoolUser(driver, driver.open(real_services(), name="Ben"))
    ben.focus_window()
    driver.until(lambda: any("Table by hand" in row for row in ben.window.rooms_view.list_view.row_texts()))
    ben.press("Home", "Return")
    driver.until(lambda: members(ann.window) == ["Ann", "Ben"] and members(ben.window) == ["Ben", "Ann"])

    ben.write("hello ann, is there a mango left")
    driver.until(lambda: "is there a mango left" in transcript(ann.window))
    ann.focus_window()
    row = page(ann.window).members.member_view("Ben")
    ann.click(row.winfo_rootx() + 40, row.winfo_rooty() + 10)
    driver.until(lambda: bool(page(ann.window).composer.bar.winfo_ismapped()))
    ann.write("only you know that")
    driver.until(lambda: "only you know that" in transcript(ben.window))
    driver.until(lambda: not page(ann.window).composer.bar.winfo_ismapped())
    ann.shift_click(row.winfo_rootx() + 40, row.winfo_rooty() + 10)
    driver.until(lambda: page(ann.window).entry.get() == "Ben: ")
    ann.write("two of them")
    driver.until(lambda: "Ben: two of them" in transcript(ben.window))

    ben.focus_window()
    ben.press("ctrl+f")
    ben.write("MANGO")
    driver.until(lambda: page(ben.window).search_bar.status_text() == "1 of 1")
    ben.press("Escape")

    break_connection(ben.window)
    ben.write("said while the cable was out")
    driver.until(lambda: "said while the cable was out   ✓" in transcript(ben.window))
    driver.until(lambda: transcript(ann.window).count("said while the cable was out") == 1)
    assert "Ben left" not in transcript(ann.window)

    ben.window.ask_save_path = lambda _parent, room: tmp_path / f"{room}.md"
    ben.press("ctrl+s")
    driver.until(lambda: "saved in Table by hand.md" in transcript(ben.window))
    saved = (tmp_path / "Table by hand.md").read_text(encoding="utf-8")
    assert saved.index("is there a mango left") < saved.index("two of them") < saved.index("cable was out")

    driver.close(ben.window)
    driver.until(lambda: members(ann.window) == ["Ann"])
    ann.focus_window()
    ann.press("ctrl+q")
    driver.until(lambda: "closes for everybody" in page(ann.window).banner.visible_text())


def break_connection(window: Window) -> None:
    """Break the connection of a window's client, as a pulled cable does."""
    client = window._clients[-1]
    assert isinstance(client, RoomClient)
    connection = client._sender._connection
    assert connection is not None
    connection.abort()
