"""Screenshots of states of a conversation, for people to look at; see test_pictures.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.client.events import (
    Disconnected,
    EndReason,
    MemberJoined,
    MemberLeft,
    MessageFailed,
    SessionEnded,
)
from messango.errors import ConnectionLost, JoinRefused
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.look import theme
from messango.gui.window import Window
from messango.protocol import error_codes
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, in_utc, joined, received
from tests.gui.pictures import check, colors, take
from tests.gui.test_pictures import TARGET, talk

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Show the same times on every computer."""
    with in_utc():
        yield


@pytest.fixture
def window(driver: WindowDriver, fakes: FakeServices) -> Window:
    """A window that joins a room."""
    return driver.open(fakes.services(), target=TARGET)


def page_of(window: Window) -> ConversationView:
    """Return the page, with a caret that does not blink."""
    assert window.conversation_view is not None
    window.conversation_view.entry.text.configure(insertofftime=0)
    return window.conversation_view


def transcript_text(page: ConversationView) -> str:
    """Return the text of the transcript."""
    return page.transcript.text.get("1.0", "end")


def test_reconnecting(driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window) -> None:
    """The banner counts down; one message is pending, and one has failed."""
    page, events = page_of(window), fakes.clients[0].events
    talk(fakes)
    driver.until(lambda: "come along" in transcript_text(page))
    events.put(MemberLeft("Mateo", error_codes.CONNECTION_BROKE))
    page.entry.set("Is it raining at yours, too?")
    page.send_button.invoke()
    events.put(MessageFailed("own-1", "Is it raining at yours, too?", "The room did not take it.", ""))
    driver.until(lambda: "Send again" in transcript_text(page))
    page.entry.set("I am writing this while the cable is out.")
    page.send_button.invoke()
    page.entry.set("And this is not finished y")
    page.entry.text.mark_set("insert", "end-1c")
    events.put(Disconnected(ConnectionLost("The room stopped responding."), 3))
    driver.until(lambda: "sending…" in transcript_text(page) and bool(page.banner.winfo_ismapped()))
    take(window, folder / "reconnecting.png")
    check(folder / "reconnecting.png", theme.LIGHT)


def test_full(driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window) -> None:
    """The banner of a full room."""
    page = page_of(window)
    reason = "The room is full: Ben, Chiara, Deniz, Lena and Mateo are in."
    fakes.clients[0].events.put(
        SessionEnded(EndReason.FAILED, JoinRefused(error_codes.FULL, reason, "Try again in a while."))
    )
    driver.until(lambda: bool(page.banner.winfo_ismapped()))
    take(window, folder / "full.png")
    assert colors(folder / "full.png").get(theme.LIGHT.warning_background, 0) > 5_000


def test_search(driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window) -> None:
    """Matches are highlighted, the current one in a stronger colour."""
    page = page_of(window)
    talk(fakes)
    driver.until(lambda: "come along" in transcript_text(page))
    page.open_search()
    page.search_bar.entry.insert(0, "ann")
    driver.until(lambda: "of" in page.search_bar.status_text())
    page.search_bar.move(-1)
    driver.until(lambda: "of" in page.search_bar.status_text())
    take(window, folder / "search.png")
    check(folder / "search.png", theme.LIGHT)


@pytest.mark.parametrize("palette", theme.PALETTES.values(), ids=theme.PALETTES.keys())
def test_long(
    driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window, palette: theme.Palette
) -> None:
    """A long conversation: links, code, a collapsed message, joins and leaves."""
    page, events = page_of(window), fakes.clients[0].events
    events.put(joined("Ben", "Ann", "Lena", "Chiara", "Old laptop", unencrypted=("Old laptop",), seats=12))
    for seq in range(400):
        events.put(
            received(seq, "Lena" if seq % 7 else "Ben", f"Measurement {seq} is in.", after_s=seq - 9e4)
        )
    events.put(
        received(400, "Ben", "The notes are at https://wiki.example.org/team/printer?page=2.", after_s=-900)
    )
    events.put(
        received(
            401,
            "Ben",
            "Run `make figures` first, then:\n```\nfor run in 1 2 3; do\n    ./measure $run\ndone\n```",
            after_s=-890,
        )
    )
    events.put(received(402, "Chiara", "/me is fetching coffee", after_s=-880))
    for name in ("Mateo", "Deniz", "Eve"):
        events.put(MemberJoined(name))
    events.put(MemberLeft("Lena", error_codes.CONNECTION_BROKE))
    events.put(received(403, "Chiara", "\n".join(f"row {row}" for row in range(1_000)), after_s=-800))
    events.put(received(404, "Ann", "W" * 120, after_s=-700, own="z"))
    driver.until(lambda: "WWW" in transcript_text(page))
    if palette is theme.DARK:
        page.header.color_scheme_button.invoke()
    page.transcript.scroll_to(397)
    page.transcript.text.yview(page.transcript.held.window.start_line(401))
    page.transcript.on_scrolled()
    for seq in range(405, 417):
        events.put(received(seq, "Ben", f"More of it: {seq}", after_s=-100))
    driver.until(lambda: "12 new" in str(page.jump_button.cget("text")))
    path = folder / ("long.png" if palette is theme.LIGHT else "long-dark.png")
    take(window, path)
    check(path, palette)


def test_narrow(driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window) -> None:
    """The smallest window shows no members."""
    page = page_of(window)
    talk(fakes)
    driver.until(lambda: "come along" in transcript_text(page))
    window.root.geometry("360x480")
    driver.until(lambda: window.root.winfo_width() == 360 and not page.members.winfo_ismapped())
    take(window, folder / "narrow.png")
    check(folder / "narrow.png", theme.LIGHT)
