"""Screenshots of files and pictures in a conversation, for people to look at; see test_pictures.py."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.client.events import MessageReceived
from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.look import theme
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.window import Window
from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices, in_utc, joined, received
from tests.gui.files import file_info, png, received_file
from tests.gui.pictures import check, colors, take
from tests.gui.test_pictures import TARGET

pytestmark = [
    pytest.mark.window,
    pytest.mark.skipif(
        shutil.which("import") is None, reason="the command `import` (ImageMagick) is missing"
    ),
]

VIEW = file_info("view from the hut.png", 1_400_000, width=1_280, height=720)
REPORT = file_info("Report of the working group on lunch, final version 7.pdf", 2_100_000)
DATA = file_info("measurements.zip", 48_000_000)


@pytest.fixture(autouse=True)
def _utc() -> Iterator[None]:
    """Show the same times on every computer."""
    with in_utc():
        yield


@pytest.fixture(params=[*theme.PALETTES.values()], ids=[*theme.PALETTES])
def palette(request: pytest.FixtureRequest) -> theme.Palette:
    """Light and dark."""
    chosen: theme.Palette = request.param
    return chosen


@pytest.fixture
def window(driver: WindowDriver, fakes: FakeServices, palette: theme.Palette) -> Window:
    """A window in a room, in that palette; the caret does not blink."""
    window = driver.open(fakes.services(), target=TARGET)
    fakes.clients[0].events.put(joined("Ben", "Chiara", "Ann", "Lena"))
    driver.until(lambda: bool(page_of(window).members.winfo_ismapped()))
    if palette is theme.DARK:
        page_of(window).header.color_scheme_button.invoke()
    page_of(window).entry.text.configure(insertofftime=0)
    return window


def page_of(window: Window) -> ConversationView:
    """Return the page."""
    assert window.conversation_view is not None
    return window.conversation_view


def cards(window: Window) -> int:
    """Return how many cards are drawn."""
    return len(page_of(window).transcript.held.file_rows)


def say(fakes: FakeServices, *events: MessageReceived) -> None:
    """Deliver these messages."""
    for event in events:
        fakes.clients[0].events.put(event)


def show_picture(driver: WindowDriver, fakes: FakeServices) -> None:
    """Let the picture come that the window asks for."""
    client = fakes.clients[0]
    driver.until(lambda: bool(client.fetched))
    path = client.fetched[0][1]
    assert path is not None
    png(path, 1_280, 720)
    client.events.put(FileSaved("t1", VIEW.name, VIEW.size, path, VIEW.id))


def test_picture(
    driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window, palette: theme.Palette
) -> None:
    """A picture in the conversation, and the same one large."""
    say(
        fakes,
        received(1, "Lena", "How was the weekend?", after_s=-900),
        received_file(2, "Ben", VIEW, "The view from the hut on Sunday morning", after_s=-600),
        received(3, "Chiara", "Wow! Send me the way there, please.", after_s=-300),
    )
    rows = page_of(window).transcript.held.file_rows
    show_picture(driver, fakes)
    index = str(page_of(window).transcript.text.tag_ranges("file-card")[0])
    driver.until(lambda: rows.has_picture(index))
    path = folder / f"picture-{palette.name}.png"
    take(window, path)
    check_colors(path, palette)
    page_of(window).files.commands.run(page_of(window).transcript.transcript.block(1), None)
    viewer = page_of(window).files.viewer
    assert viewer is not None
    driver.until(lambda: viewer.has_picture)
    take(window, folder / f"picture-large-{palette.name}.png")


def test_files(
    driver: WindowDriver, fakes: FakeServices, folder: Path, window: Window, palette: theme.Palette
) -> None:
    """One that is offered, one that comes, own ones on their way and failed."""
    client, page = fakes.clients[0], page_of(window)
    say(fakes, received_file(1, "Lena", REPORT, "Here is what I promised.", after_s=-900))
    say(fakes, received_file(2, "Lena", DATA, after_s=-890))
    driver.until(lambda: cards(window) == 2)
    page.files.commands.run(page.transcript.transcript.block(1), None)
    client.events.put(FileProgress("t1", DATA.name, DATA.size, 31_000_000, upload=False))
    for name, size, caption in (("slides.odp", 12_000_000, "And my slides"), ("film.mp4", 900_000_000, "")):
        page.composer.send_file(OutgoingShare(OutgoingFile(name, Path(name)), size, caption))
    client.events.put(FileProgress("t2", "slides.odp", 12_000_000, 5_000_000, upload=True))
    reason, hint = "This room takes files up to 200 MB.", "Make it smaller, or send a link."
    client.events.put(FileFailed("t3", "film.mp4", upload=True, reason=reason, hint=hint))
    driver.until(lambda: "200 MB" in page.transcript.text.get("1.0", "end"))
    driver.until(lambda: cards(window) == 4)
    path = folder / f"files-{palette.name}.png"
    take(window, path)
    check(path, palette)


def check_colors(path: Path, palette: theme.Palette) -> None:
    """Check that there is a picture between our colours, so less of them than `check` wants."""
    counts = colors(path)
    assert counts.get(palette.surface, 0) > 0.2 * sum(counts.values())
    assert len(counts) > 300
