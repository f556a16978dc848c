"""The scrollbar is there only if it is needed, and comes to rest."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk

import pytest

from messango.gui.widgets.layout.scroll_area import ScrollArea
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices

pytestmark = pytest.mark.window


class Content:
    """A label in an area of 300 x 200 pixels, with another height when it has all the width."""

    def __init__(self, driver: WindowDriver, fakes: FakeServices, *, full: int, narrow: int) -> None:
        window = driver.open(fakes.services())
        self._driver, self.layouts = driver, 0
        top = tk.Toplevel(window.root)
        self.area = ScrollArea(top, window._context.look)
        self.area.place(x=0, y=0, width=300, height=200)
        self.frame = ttk.Frame(self.area.content, width=1, height=narrow)
        self.frame.pack(fill="x")
        self.heights = (full, narrow)
        self.frame.bind("<Configure>", self._lay_out)

    def _lay_out(self, event: tk.Event[tk.Misc]) -> None:
        self.layouts += 1
        if self.layouts < 200:  # otherwise this is for ever
            self.frame.configure(height=self.heights[0 if event.width == 300 else 1])

    def has_scrollbar(self) -> bool:
        """Return whether there is a scrollbar now."""
        return self.area.canvas.winfo_width() < 300

    def change(self, full: int, narrow: int) -> None:
        """Take other heights."""
        self.heights = (full, narrow)
        self.frame.configure(height=narrow if self.has_scrollbar() else full)


@pytest.mark.parametrize(("height", "scrolls"), [(100, False), (300, True)])
def test_the_scrollbar_is_there_if_needed(
    driver: WindowDriver, fakes: FakeServices, height: int, *, scrolls: bool
) -> None:
    """It goes again when the content has become shorter."""
    content = Content(driver, fakes, full=height, narrow=height)
    driver.until(lambda: content.layouts > 0 and content.has_scrollbar() is scrolls)
    content.change(300, 300)
    driver.until(content.has_scrollbar)
    content.change(100, 100)
    driver.until(lambda: not content.has_scrollbar())
    assert content.layouts < 100


def test_content_that_fits_only_beside_the_scrollbar(driver: WindowDriver, fakes: FakeServices) -> None:
    """A row that drops something where little fits is lower then. The layout ends, with the scrollbar."""
    content = Content(driver, fakes, full=300, narrow=100)
    driver.until(lambda: content.layouts > 2 and content.has_scrollbar())
    assert content.layouts < 100
    content.change(90, 90)
    driver.until(lambda: not content.has_scrollbar())
