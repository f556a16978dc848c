"""Emoji as pictures: a sequence is one, drawn in another thread; without Pillow or a font there are none."""

from __future__ import annotations

import queue
import tkinter as tk
from collections.abc import Callable, Iterator

import pytest

from messango.errors import InternalError, MessangoError
from messango.gui.background.tasks import BackgroundTasks
from messango.gui.look.emoji_font import EmojiFont
from messango.gui.look.emoji_pictures import EmojiPictures
from tests.gui.conftest import WindowDriver

SIZE = 20


@pytest.fixture(scope="module")
def font() -> EmojiFont:
    """The system's colour font."""
    found = EmojiFont.load()
    if found is None:
        pytest.skip("needs Pillow and a colour font")
    return found


class Pump:
    """Runs the completions of tasks."""

    def __init__(self) -> None:
        self.tasks = BackgroundTasks()

    def run(self) -> None:
        """Call what is due."""
        try:
            self.tasks.completions.get_nowait()()
        except queue.Empty:
            return


@pytest.fixture
def pump() -> Iterator[Pump]:
    """Background tasks, whose threads have ended after the test."""
    pump = Pump()
    yield pump
    pump.tasks.finish(60.0)


def size_of(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def is_blank(root: tk.Tk, image: str) -> bool:
    """Return whether an image has only transparent pixels."""
    middle = SIZE // 2
    places = [(x, y) for x in range(0, SIZE, 2) for y in (middle - 3, middle, middle + 3)]
    return all(root.tk.getboolean(root.tk.call(image, "transparency", "get", x, y)) for x, y in places)


@pytest.mark.parametrize("emoji", ["😀", "👩🏽‍💻", "👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️", "1️⃣", "🏳️‍🌈"])
def test_a_sequence_is_one_picture(font: EmojiFont, emoji: str) -> None:
    """Of the size of any other."""
    assert font.has(emoji)
    assert size_of(font.png(emoji, SIZE)) == (SIZE, SIZE)


@pytest.mark.parametrize("emoji", ["👩‍🥭", "\U0001fabf\u200d\U0001f525", "\U0001faff", "🇽🇽🇽🇽"])
def test_what_the_font_lacks_is_a_plain_sign(font: EmojiFont, emoji: str) -> None:
    """In one picture, too; nobody sees the parts."""
    assert not font.has(emoji)
    assert size_of(font.png(emoji, SIZE)) == (SIZE, SIZE)


@pytest.mark.window
def test_an_image_is_there_at_once_and_drawn_soon(driver: WindowDriver, pump: Pump, font: EmojiFont) -> None:
    """Each once for each size."""
    del font
    root = driver.root()
    pictures = EmojiPictures(root, pump.tasks.submit)
    names = [pictures.image(emoji, SIZE) for emoji in ("🥭", "🇩🇪", "🥭")]
    assert names[0] == names[2] != names[1]
    assert all(is_blank(root, name) for name in names)

    def are_drawn() -> bool:
        pump.run()
        return not any(is_blank(root, name) for name in names)

    driver.until(are_drawn)
    assert pictures.image("🥭", SIZE + 1) != names[0]


@pytest.mark.window
def test_unused_images_are_dropped(driver: WindowDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest, but not those that are shown."""
    monkeypatch.setattr("messango.gui.look.emoji_pictures._MAX_IMAGES", 8)
    root = driver.root()
    pictures = EmojiPictures(root, lambda _task, _done: None)
    shown = pictures.image("🥭", SIZE)
    label = tk.Label(root, image=shown)
    unused = pictures.image("😀", SIZE)
    for number in range(12):
        pictures.image(chr(0x1F600 + number), SIZE + 1)
    known = root.tk.splitlist(root.tk.call("image", "names"))
    assert shown in known
    assert unused not in known
    assert pictures.image("🥭", SIZE) == shown
    label.destroy()


@pytest.mark.window
@pytest.mark.parametrize("error", [None, InternalError()])
def test_without_a_font(
    driver: WindowDriver, monkeypatch: pytest.MonkeyPatch, error: MessangoError | None
) -> None:
    """It shows when it is looked for; then everything is drawn again, as text."""
    monkeypatch.setattr(EmojiFont, "load", lambda: None)
    tasks: list[tuple[Callable[[], object], Callable[[MessangoError | None], None]]] = []
    given_up: list[bool] = []
    pictures = EmojiPictures(
        driver.root(), lambda task, done: tasks.append((task, done)), lambda: given_up.append(True)
    )
    states = [pictures.available]
    pictures.image("🥭", SIZE)
    task, done = tasks.pop()
    task()
    done(error)
    states.append(pictures.available)
    assert states == [True, False]
    assert given_up == [True]


def test_without_pillow_or_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """There are no pictures, which is known at once."""
    root: tk.Tk = object()  # type: ignore[assignment]
    assert not EmojiPictures(root, None).available
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert not EmojiPictures(root, lambda _task, _done: None).available
