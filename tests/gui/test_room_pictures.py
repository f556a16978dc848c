"""Pictures of the rooms and of the pages beside them, for people to look at; see test_pictures.py."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from messango.discovery.rooms import Status
from messango.gui import theme
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, added
from tests.gui.pictures import check, colors, take

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]


def test_the_rooms(desk: Desk, fakes: FakeServices, folder: Path) -> None:
    """The list with rooms of every kind."""
    window = desk.open(fakes.services())
    rooms = [
        added("Office"),
        added("Kitchen table", host="fridge-pi", members=1, locked=True),
        added("Workshop", host="bench-2", members=5, status=Status.FULL),
        added("Lecture hall 4", host="lectern.local", members=14, seats=40, ping_ms=3.4),
        added("Reading group", host="attic", status=Status.SILENT),
    ]
    for room in rooms:
        fakes.browser.events.put(room)
    desk.until(lambda: len(window.rooms_view.list.texts()) == len(rooms))
    for key in ("<End>", "<Up>", "<Up>"):
        window.root.event_generate(key)
    desk.until(lambda: not window.rooms_view.join_button.instate(["disabled"]))
    take(window, folder / "rooms.png")
    check(folder / "rooms.png", theme.LIGHT)


def test_no_rooms(desk: Desk, fakes: FakeServices, folder: Path) -> None:
    """The empty list, and what it says."""
    window = desk.open(fakes.services())
    window.rooms_view.refresh(6.0)
    take(window, folder / "rooms-none.png")
    assert colors(folder / "rooms-none.png").get(theme.LIGHT.fill, 0) > 500


@pytest.mark.parametrize("page", ["host", "settings", "shortcuts"])
@pytest.mark.parametrize("size", ["960x720", "360x480"])
def test_a_page_beside_the_rooms(desk: Desk, fakes: FakeServices, folder: Path, page: str, size: str) -> None:
    """Each in a usual window and in the smallest one."""
    window = desk.open(fakes.services())
    window.root.geometry(size)
    desk.until(lambda: f"{window.root.winfo_width()}x{window.root.winfo_height()}" == size)
    keys = {"host": "<Control-n>", "settings": "<Control-comma>", "shortcuts": "<F1>"}
    window.root.event_generate(keys[page])
    desk.until(lambda: window.side_page is not None and bool(window.side_page.winfo_ismapped()))
    name = page if size == "960x720" else f"{page}-small"
    take(window, folder / f"{name}.png")
    assert colors(folder / f"{name}.png").get(theme.LIGHT.ground, 0) > 10_000
