"""Screenshots of the writing side, for people to look at; see test_pictures.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.client.events import MemberJoined, MemberLeft
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.look import theme
from messango.gui.window import Window
from messango.protocol import error_codes
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeClient, FakeServices, in_utc, received
from tests.gui.pictures import check, take
from tests.gui.test_pictures import TARGET, talk

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]

SIZES = {"narrow": (360, 480), "wide": (1000, 700)}


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Show the same times on every computer."""
    with in_utc():
        yield


def answering(page: ConversationView, _client: FakeClient) -> None:
    """Answer a message of everybody's."""
    page.composer.answer(4, "Ben", "Who brings the cable, and does anybody know which room it is this time?")
    page.entry.text.insert("insert", "I do. Room 12.")


def private(page: ConversationView, _client: FakeClient) -> None:
    """Write to one member only."""
    page.composer.write_to("member Ben", "Ben")
    page.entry.text.insert("insert", "Between us: the cake is for Chiara.")


def private_empty(page: ConversationView, _client: FakeClient) -> None:
    """The empty field says so as well."""
    page.composer.write_to("member Ben", "Ben")


def private_answer(page: ConversationView, client: FakeClient) -> None:
    """Answer a private message of somebody who is away."""
    from messango.gui.model.composer.composer_mode import Recipient

    page.composer.answer(5, "Ben", "Is the cake a surprise?", Recipient("member Ben", "Ben"))
    client.events.put(MemberLeft("Ben", error_codes.CONNECTION_BROKE, "member Ben"))


def blocked(page: ConversationView, client: FakeClient) -> None:
    """The recipient has left."""
    private(page, client)
    client.events.put(MemberLeft("Ben", error_codes.LEFT, "member Ben"))


def editing(page: ConversationView, _client: FakeClient) -> None:
    """Edit an own message, directly after Up."""
    page.entry.text.focus_force()
    page.entry.text.event_generate("<Up>")


def names(page: ConversationView, client: FakeClient) -> None:
    """Names after an @."""
    for name in ("Ann Lee", "Mateo García", "Beatrice", "小明", "Aristoteles Papadopoulos"):
        client.events.put(MemberJoined(name, member=f"member {name}"))
    page.update()
    page.entry.text.focus_force()
    page.entry.text.insert("insert", "See you there, @")
    page.update()
    page.entry.text.event_generate("<Down>")


def mentions(page: ConversationView, client: FakeClient) -> None:
    """Mentions far above, which nobody has seen."""
    page.transcript.scroll_to(page.transcript.transcript.first)
    client.events.put(received(100, "Ben", "@Ann, can you bring the cable?"))
    for seq in range(101, 160):
        client.events.put(received(seq, "Chiara", f"Measurement {seq} is in."))
    client.events.put(received(160, "Ben", "Ann: never mind, found one"))


STATES = (answering, private, private_empty, private_answer, blocked, editing, names, mentions)


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_writing(
    driver: WindowDriver,
    fakes: FakeServices,
    folder: Path,
    palette: theme.Palette,
    size: str,
    state: Callable[[ConversationView, FakeClient], None],
) -> None:
    """Each mode, light and dark, in the smallest window and in a large one."""
    window: Window = driver.open(fakes.services(), target=TARGET)
    page = window.conversation_view
    assert page is not None
    page.entry.text.configure(insertofftime=0)
    talk(fakes)
    driver.until(lambda: "come along" in page.transcript.text.get("1.0", "end"))
    if palette is theme.DARK:
        page.header.color_scheme_button.invoke()
    width, height = SIZES[size]
    window.root.geometry(f"{width}x{height}")
    driver.until(lambda: window.root.winfo_width() == width)
    state(page, fakes.clients[0])
    driver.until(lambda: fakes.clients[0].events.empty())
    driver.until(lambda: not page.refresh())
    path = folder / f"wcomposer-{state.__name__}-{size}-{palette.name}.png"
    take(window, path)
    check(path, palette)
