"""Emoji as Tk images: one for each emoji and size, drawn by `EmojiFont` in another thread."""

from __future__ import annotations

import importlib.util
import logging
import tkinter as tk
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from messango.errors import MessangoError
from messango.gui.look.emoji_font import EmojiFont

logger = logging.getLogger(__name__)

#: Runs a slow task in a thread, then calls a function in the main thread with its error or None.
Submit: TypeAlias = Callable[[Callable[[], object], Callable[[MessangoError | None], None]], None]

#: Drawn by one task, so that the first ones of many appear soon.
_BATCH: Final = 24

#: More images than this are not kept; those that a widget shows are. One takes 2 to 8 kB.
_MAX_IMAGES: Final = 2_500

#: A longer text is not drawn: no emoji is that long.
_MAX_CHARACTERS: Final = 40


class _Wanted(NamedTuple):
    name: str
    emoji: str
    size: int


class EmojiPictures:
    """Gives each emoji an image at once, which is empty until the emoji is drawn. Main thread only.

    Nothing is loaded before the first emoji. Without `submit`, Pillow or a colour font, `available` is False;
    that there is no font shows only when it is looked for: then `on_unavailable` is called.
    """

    def __init__(
        self, root: tk.Tk, submit: Submit | None, on_unavailable: Callable[[], None] = lambda: None
    ) -> None:
        self._root, self._submit, self._on_unavailable = root, submit, on_unavailable
        self._font: EmojiFont | None = None
        self._available: bool | None = None if submit else False
        self._names: dict[tuple[str, int], str] = {}
        self._created = 0
        self._wanted: list[_Wanted] = []
        self._is_drawing = False

    @property
    def available(self) -> bool:
        """Whether emoji can be drawn as pictures, as far as is known."""
        if self._available is None:
            self._available = importlib.util.find_spec("PIL") is not None
        return self._available

    def image(self, emoji: str, size: int) -> str:
        """Return the name of the square image of an emoji; `size` is in pixels. Needs `available`."""
        key = emoji[:_MAX_CHARACTERS], size
        name = self._names.pop(key, "")
        if not name:
            self._drop_unused()
            self._created += 1
            name = f"messango-emoji-{self._created}"
            self._root.tk.call("image", "create", "photo", name, "-width", size, "-height", size)
            self._wanted.append(_Wanted(name, *key))
            self._draw()
        self._names[key] = name  # the newest last
        return name

    def _drop_unused(self) -> None:
        if len(self._names) < _MAX_IMAGES:
            return
        for key, name in [*self._names.items()][: _MAX_IMAGES // 4]:
            if not self._root.tk.getboolean(self._root.tk.call("image", "inuse", name)):
                self._root.tk.call("image", "delete", name)
                del self._names[key]

    def _draw(self) -> None:
        """Draw the newest wanted emoji: what was scrolled past can wait."""
        if self._is_drawing or not self._wanted or self._submit is None:
            return
        batch, self._wanted = self._wanted[-_BATCH:], self._wanted[:-_BATCH]
        drawn: list[tuple[str, bytes]] = []

        def task() -> None:
            self._font = self._font or EmojiFont.load()
            if self._font is not None:
                drawn.extend((name, self._font.png(emoji, size)) for name, emoji, size in batch)

        def done(error: MessangoError | None) -> None:
            self._is_drawing = False
            if error is not None or self._font is None:
                self._give_up()
                return
            self._show(drawn)
            self._draw()

        self._is_drawing = True
        self._submit(task, done)

    def _show(self, drawn: list[tuple[str, bytes]]) -> None:
        known = {*self._names.values()}
        for name, png in drawn:
            if name in known:
                self._root.tk.call(name, "configure", "-data", png)

    def _give_up(self) -> None:
        logger.info("emoji are shown as text: no colour font that Pillow can draw")
        self._available = False
        self._wanted.clear()
        self._on_unavailable()
