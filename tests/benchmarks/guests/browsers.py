"""Chromiums of several people. The page is open only once in each browser, so each guest has one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from types import TracebackType
from typing import Final, Literal, TypeAlias

from tests.benchmarks.guests.room import OpenRoom
from tests.support.browser.chromium import Chromium, ChromiumPage, start_chromedriver

Way: TypeAlias = Literal["WebSocket", "event stream"]

WAYS: Final[tuple[Way, ...]] = ("WebSocket", "event stream")

#: Has the page begin with the second way, as if the first had failed.
_TAKE_STREAM: Final = "try { sessionStorage.setItem('messango.way', 'stream'); } catch {}"

_HAS_POSTED: Final = """
return performance.getEntriesByType('resource').some((one) => one.name.endsWith('/frames'));
"""

_JOIN: Final = """
document.querySelector('#join-name').value = args[0];
document.querySelector('#join-form').requestSubmit();
"""


class Browsers:
    """Owns a driver, and Chromiums that start when they are needed. For one thread. A context manager."""

    def __init__(self) -> None:
        self._undo = contextlib.ExitStack()
        self._chromiums: list[Chromium] = []

    def __enter__(self) -> Browsers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def take(self, count: int) -> list[Chromium]:
        """Return so many browsers; at the next call the same ones."""
        if not self._chromiums:
            self._driver = start_chromedriver()
            self._undo.callback(self._driver.close)
        while len(self._chromiums) < count:
            self._chromiums.append(Chromium(self._driver))
        return self._chromiums[:count]


@contextlib.contextmanager
def new_tab(browser: Chromium) -> Iterator[ChromiumPage]:
    """Open an empty tab during the block."""
    page = browser.open_tab()
    try:
        yield page
    finally:
        page.close()
        # The driver takes commands only while a tab that is there is the current one.
        assert browser.page.url


@contextlib.contextmanager
def guest_page(browser: Chromium, room: OpenRoom, name: str, way: Way) -> Iterator[ChromiumPage]:
    """Join by the page, and stay during the block."""
    with new_tab(browser) as page:
        if way == "event stream":
            page.cdp("Page.addScriptToEvaluateOnNewDocument", source=_TAKE_STREAM)
        page.goto(room.link)
        page.wait_for("#join-form")
        page.run(_JOIN, name)
        page.wait_for("#room-state", "seats taken")
        if page.run(_HAS_POSTED) != (way == "event stream"):
            raise RuntimeError(f"the page did not take the {way}")
        yield page
