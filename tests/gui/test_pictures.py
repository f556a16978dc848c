"""Pictures of conversations in real windows, for people to look at.

They are kept where MESSANGO_PICTURES names a folder: MESSANGO_PICTURES=tests/gui/screenshots pytest tests/gui
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
from messango.gui.model.banner import Step
from messango.gui.model.target import Target
from messango.transport.addresses import Address
from tests.gui.conftest import Desk
from tests.gui.fakes import FakeServices, added, entered, heard, in_utc
from tests.gui.pictures import check, take

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]

TARGET = Target("10.0.0.2:8000", (Address("10.0.0.2", 8000),))


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Let the pictures show one time everywhere."""
    with in_utc():
        yield


def talk(fakes: FakeServices) -> None:
    """Let a few people say what people say."""
    events = fakes.clients[0].events
    events.put(entered("Ben", "Ann", "Lena", "Chiara", latest=3))
    said = [
        (1, "Ben", "Is the printer on the second floor back?", -5400),
        (2, "Lena", "It is. Somebody had fed it a transparency.", -5340),
        (3, "Lena", "I have taken the sign down.", -5330),
    ]
    for seq, name, text, after_s in said:
        events.put(heard(seq, name, text, after_s=after_s, history=True))
    events.put(
        heard(
            4, "Chiara", "Who is in for lunch? The place by the canal has mango lassi again 🥭", after_s=-600
        )
    )
    events.put(heard(5, "Ann", "Me! 12:30 at the door?", after_s=-560, own="a"))
    plan = "12:30 it is. I will book for four:\n    Ann, Ben, Lena\n    and me"
    events.put(heard(6, "Chiara", plan, after_s=-500))
    events.put(MemberJoined("Mateo"))
    later = "Can we make it 12:45? My build has just started, and it is one of those that want company."
    events.put(heard(7, "Lena", later, after_s=-240))
    events.put(heard(8, "Ann", "12:45 is fine.", after_s=-200, own="b"))
    events.put(heard(9, "Ann", "Mateo, there is a fifth chair, come along!", after_s=-190, own="c"))
    events.put(MemberTyping("Mateo"))


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_a_conversation(desk: Desk, fakes: FakeServices, folder: Path, palette: theme.Palette) -> None:
    """A conversation among five, light and dark."""
    window = desk.open(fakes.services(), target=TARGET)
    talk(fakes)
    page = window.conversation_view
    assert page is not None
    desk.until(lambda: "come along" in page.transcript.text.get("1.0", "end"))
    desk.until(lambda: page.note() != "")
    if palette is theme.DARK:
        page.toggle.invoke()
    page.entry.text.configure(insertofftime=0)  # or the caret is in one picture and not in the next
    path = folder / f"conversation-{palette.name}.png"
    take(window, path)
    check(path, palette)


@pytest.mark.parametrize("width", [960, 420])
@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_a_closed_room(
    desk: Desk, fakes: FakeServices, folder: Path, palette: theme.Palette, width: int
) -> None:
    """The banner with what can be done, light and dark, wide and narrow: every button is seen whole."""
    window = desk.open(fakes.services(), target=TARGET)
    talk(fakes)
    fakes.clients[0].events.put(
        SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host has closed “Office”."))
    )
    fakes.browser.events.put(added("office", host="ben-thinkpad"))
    page = window.conversation_view
    assert page is not None
    window.root.geometry(f"{width}x720")
    desk.until(lambda: page.banner.offers(Step.JOIN) and window.root.winfo_width() == width)
    desk.until(lambda: bool(page.banner.button(Step.BACK).winfo_ismapped()))
    if palette is theme.DARK:
        page.toggle.invoke()
    buttons = [page.banner.button(step) for step in (Step.JOIN, Step.HOST_ON, Step.KEEP, Step.BACK)]

    def seen_whole(button: ttk.Button) -> bool:
        right = button.winfo_rootx() + button.winfo_width()
        inside = right <= page.banner.winfo_rootx() + page.banner.winfo_width()
        return inside and button.winfo_width() >= button.winfo_reqwidth()

    desk.until(lambda: all(seen_whole(button) for button in buttons))
    take(window, folder / f"closed-{palette.name}-{width}.png")
