"""Screenshots of conversations in real windows, for people to look at.

To save them in a folder: MESSANGO_PICTURES=tests/gui/screenshots pytest tests/gui
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tkinter import ttk

import pytest

from messango.client.events import EndReason, MemberJoined, MemberTyping, SessionEnded
from messango.errors import RoomClosed
from messango.gui.look import theme
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.rooms.join_target import JoinTarget
from messango.transport.addresses import Address
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, in_utc, joined, received, room_added
from tests.gui.pictures import check, take

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]

TARGET = JoinTarget("10.0.0.2:8000", (Address("10.0.0.2", 8000),))


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Show the same times on every computer."""
    with in_utc():
        yield


def talk(fakes: FakeServices) -> None:
    """Fill a conversation with messages of a few people."""
    events = fakes.clients[0].events
    events.put(joined("Ben", "Ann", "Lena", "Chiara", latest=3))
    history = [
        (1, "Ben", "Is the printer on the second floor back?", -5400),
        (2, "Lena", "It is. Somebody had fed it a transparency.", -5340),
        (3, "Lena", "I have taken the sign down.", -5330),
    ]
    for seq, name, text, after_s in history:
        events.put(received(seq, name, text, after_s=after_s, history=True))
    events.put(
        received(
            4, "Chiara", "Who is in for lunch? The place by the canal has mango lassi again 🥭", after_s=-600
        )
    )
    events.put(received(5, "Ann", "Me! 12:30 at the door?", after_s=-560, own="a"))
    plan = "12:30 it is. I will book for four:\n    Ann, Ben, Lena\n    and me"
    events.put(received(6, "Chiara", plan, after_s=-500))
    events.put(MemberJoined("Mateo"))
    later = "Can we make it 12:45? My build has just started, and it is one of those that want company."
    events.put(received(7, "Lena", later, after_s=-240))
    events.put(received(8, "Ann", "12:45 is fine.", after_s=-200, own="b"))
    events.put(received(9, "Ann", "Mateo, there is a fifth chair, come along!", after_s=-190, own="c"))
    events.put(MemberTyping("Mateo"))


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_conversation(
    driver: WindowDriver, fakes: FakeServices, folder: Path, palette: theme.Palette
) -> None:
    """A conversation of five people, light and dark."""
    window = driver.open(fakes.services(), target=TARGET)
    talk(fakes)
    page = window.conversation_view
    assert page is not None
    driver.until(lambda: "come along" in page.transcript.text.get("1.0", "end"))
    driver.until(lambda: page.status_text() != "")
    if palette is theme.DARK:
        page.header.color_scheme_button.invoke()
    page.entry.text.configure(insertofftime=0)  # the caret must not blink
    path = folder / f"conversation-{palette.name}.png"
    take(window, path)
    check(path, palette)


@pytest.mark.parametrize("width", [960, 420])
@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_closed_room(
    driver: WindowDriver, fakes: FakeServices, folder: Path, palette: theme.Palette, width: int
) -> None:
    """The banner, light and dark, wide and narrow: no button is cut off."""
    window = driver.open(fakes.services(), target=TARGET)
    talk(fakes)
    fakes.clients[0].events.put(
        SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”."))
    )
    fakes.browser.events.put(room_added("office", host="ben-thinkpad"))
    page = window.conversation_view
    assert page is not None
    window.root.geometry(f"{width}x720")
    driver.until(lambda: page.banner.has_button(BannerAction.JOIN) and window.root.winfo_width() == width)
    driver.until(lambda: bool(page.banner.button(BannerAction.BACK).winfo_ismapped()))
    if palette is theme.DARK:
        page.header.color_scheme_button.invoke()
    buttons = [
        page.banner.button(action)
        for action in (BannerAction.JOIN, BannerAction.REHOST, BannerAction.SAVE, BannerAction.BACK)
    ]

    def is_whole(button: ttk.Button) -> bool:
        right = button.winfo_rootx() + button.winfo_width()
        inside = right <= page.banner.winfo_rootx() + page.banner.winfo_width()
        return inside and button.winfo_width() >= button.winfo_reqwidth()

    driver.until(lambda: all(is_whole(button) for button in buttons))
    take(window, folder / f"closed-{palette.name}-{width}.png")
