"""Files between the page and a room, as a person sends and saves them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.benchmarks.contestants import Tree
from tests.benchmarks.files.shapes import Moved, Shape
from tests.benchmarks.files.usage import clear_peak, cpu_s, status_mb
from tests.benchmarks.guests.browsers import WAYS, Browsers, guest_page
from tests.benchmarks.guests.room import OpenRoom, open_room
from tests.support.browser.chromium import ChromiumPage, chromium_skip_reason

SHAPE: Final = Shape("50 MB", 50_000_000)

_SAVED_WITHIN_S: Final = 120.0

#: Sends what is chosen as soon as the page has read it, and notes when the room has it.
_SEND: Final = """
const [input, form] = ['#file-input', '#composer'].map((one) => document.querySelector(one));
window.sent = new Promise((done) => {
  input.addEventListener('change', () => {
    const begun = performance.now();
    let isGone = false;
    const observer = new MutationObserver(() => {
      const chosen = document.querySelector('.chosen').textContent;
      if (chosen && !chosen.includes('Reading') && !isGone) {
        isGone = true;
        form.requestSubmit();
      } else if (document.querySelector('.own.sent .file-card')) {
        observer.disconnect();
        done((performance.now() - begun) / 1000);
      }
    });
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
  }, { once: true, capture: true });
});
"""


class ThePage:
    """Two guests: up until the page shows the message as sent, down until the browser has saved the file."""

    name = "the page"

    def __init__(self, tree: Tree, browsers: Browsers) -> None:
        self._tree = tree
        self._browsers = browsers

    def missing_reason(self) -> str:
        """Return why it can't take part, or an empty string."""
        return chromium_skip_reason()

    def move(self, paths: Sequence[Path], folder: Path) -> tuple[Moved, Moved]:
        """Move one file from a page to the room, and from there to another one."""
        (path,) = paths
        (saved := folder / "saved").mkdir()
        with ExitStack() as stack:
            room = stack.enter_context(open_room(self._tree))
            up, down = (
                stack.enter_context(guest_page(browser, room, f"Guest {number}", WAYS[0]))
                for number, browser in enumerate(self._browsers.take(2))
            )
            down.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(saved))
            sent = _measured(room, lambda: _send(up, path))
            got = _measured(room, lambda: _save(down, saved / path.name, path.stat().st_size))
        return sent, got


def _measured(room: OpenRoom, move: Callable[[], float]) -> Moved:
    before_mb, before_s = clear_peak(room.pid), cpu_s(room.pid)
    seconds = move()
    grown_mb = status_mb(room.pid, "VmHWM") - before_mb
    return Moved(seconds, cpu_s(room.pid) - before_s, 0.0, grown_mb)


def _send(page: ChromiumPage, path: Path) -> float:
    page.cdp("Page.bringToFront")
    page.run(_SEND)
    page.find("#file-input").upload(path)
    return float(page.run("return window.sent;"))


def _save(page: ChromiumPage, path: Path, size: int) -> float:
    page.cdp("Page.bringToFront")
    button = page.wait_for(".file-card button")
    pause, begun_s = threading.Event(), time.perf_counter()
    button.click()
    while not (path.exists() and path.stat().st_size == size):
        if (taken_s := time.perf_counter() - begun_s) > _SAVED_WITHIN_S:
            raise RuntimeError(f"the page did not save the file within {taken_s:.0f} s")
        pause.wait(0.005)
    return time.perf_counter() - begun_s
