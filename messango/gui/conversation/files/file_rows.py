"""The cards of files in a transcript: each a canvas, in the place of the line that stands for the file."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from messango.gui.conversation.files.card_drawing import PICTURE, CardDrawing
from messango.gui.conversation.transcript.embedded import leave_to_text
from messango.gui.conversation.transcript.text_tags import CURRENT_MATCH, MATCH, TAB_FOCUS
from messango.gui.look.look import Look
from messango.gui.model.files.file_card import FileCard, Progress
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.protocol.frames import FileInfo

#: The tag of all cards' bindings: with bindings of its own, each card would cost several Tcl commands.
_BINDINGS: Final = "MessangoFileCards"

#: The second click of a double click does nothing: what the first began may be over by then.
_DOUBLE_CLICK_MS: Final = 400


@dataclass(slots=True)
class _Row:
    canvas: tk.Canvas
    card: FileCard
    file: FileInfo | None
    width: int
    is_visible: bool = False
    mark: str = ""


class FileRows:
    """Makes the card of each file that is in the text; Tk destroys it with its line.

    Nothing is created before the first card, and only those in sight are drawn. `on_press` gets the index in
    the text of the card that was clicked, `on_hover` the card under the pointer, or None; `progress` returns
    how far a card's file is. Pictures come from `image`, which gets the file and the size to show; `note`
    says why there is none. `on_visible` and `on_hidden` get the file of each picture that comes into sight or
    leaves it.
    """

    def __init__(self, text: tk.Text, look: Look, sanitizer: TextSanitizer) -> None:
        self._text, self._look = text, look
        self._drawing = CardDrawing(look, sanitizer)
        self.progress: Callable[[str], Progress] = lambda _key: Progress()
        self.image: Callable[[FileInfo, tuple[int, int]], str] = lambda _file, _size: ""
        self.note: Callable[[FileInfo], str] = lambda _file: ""
        self.on_press: Callable[[str], None] = lambda _index: None
        self.on_hover: Callable[[FileCard | None], None] = lambda _card: None
        self.on_visible: Callable[[FileInfo], None] = lambda _file: None
        self.on_hidden: Callable[[FileInfo], None] = lambda _file: None
        self._rows: dict[str, _Row] = {}
        #: The cards that were in sight when their lines were deleted, and so may be inserted again.
        self._redrawn: set[str] = set()
        self._is_bound = False
        self._last_click_ms = -_DOUBLE_CLICK_MS

    def __len__(self) -> int:
        """Return the number of cards in the text."""
        return len(self._rows)

    def insert(self, index: str, card: FileCard, file: FileInfo | None, background: str, width: int) -> None:
        """Insert a card at an index of the text, with lines of this width."""
        self._bind()
        canvas = tk.Canvas(
            self._text,
            highlightthickness=0,
            borderwidth=0,
            background=background,
            takefocus=False,
            cursor="hand2",
        )
        canvas.bindtags((_BINDINGS,))
        row = self._rows[str(canvas)] = _Row(canvas, card, file, width)
        if card.key in self._redrawn:  # at once, so that it does not flicker
            self._redrawn.discard(card.key)
            self._set_visible(row, visible=True)
        self._draw(row)
        self._text.window_create(index, window=canvas, align="center")

    def relayout(self, width: int) -> None:
        """Draw all cards for lines of another width, or in another size."""
        for row in self._rows.values():
            row.width = width
            self._draw(row)

    def recolor(self, background: Callable[[str], str], width: int) -> None:
        """Draw all cards in the present palette; `background` returns the colour at an index of the text."""
        for row in self._rows.values():
            row.canvas.configure(background=background(self._text.index(str(row.canvas))))
        self.relayout(width)

    def update_progress(self, keys: Collection[str]) -> None:
        """Show how far these files are; nothing else is drawn again."""
        for row in self._rows.values() if keys else ():
            if row.card.key in keys and row.is_visible:
                self._drawing.update(row.canvas, row.card, self.progress(row.card.key), row.width)

    def redraw_pictures(self, keys: Collection[str]) -> None:
        """Draw these pictures again: they are here now, or can't be shown."""
        for row in self._rows.values() if keys else ():
            if row.card.key in keys and row.card.is_picture and row.is_visible:
                self._draw(row)
                self._update_mark(row)

    def update_marks(self) -> None:
        """Draw the border of the card that Tab has reached, and of those that a search has found."""
        for row in self._rows.values():
            if row.is_visible:
                self._update_mark(row)

    def request_visible(self) -> None:
        """Ask again for the pictures in sight."""
        for row in [*self._rows.values()]:
            if row.is_visible and row.card.is_picture and row.file is not None:
                self.on_visible(row.file)
                self._draw(row)

    def visible_text(self, index: str) -> list[str]:
        """Return the texts on the card at an index of the text."""
        canvas = self._rows[str(self._text.window_cget(index, "window"))].canvas
        items = (str(item) for item in canvas.find_all())
        call = self._text.tk.call
        return [str(call(str(canvas), "itemcget", item, "-text")) for item in items if _is_text(canvas, item)]

    def has_picture(self, index: str) -> bool:
        """Return whether the card at an index of the text shows its picture."""
        canvas = self._rows[str(self._text.window_cget(index, "window"))].canvas
        return bool(canvas.find_withtag(PICTURE))

    def _update_mark(self, row: _Row) -> None:
        mark = self._mark_at(self._text.tag_names(str(row.canvas)))
        if mark != row.mark:
            row.mark = mark
            self._drawing.mark(row.canvas, row.card, row.width, mark)

    def _mark_at(self, tags: tuple[str, ...]) -> str:
        palette = self._look.palette
        if TAB_FOCUS in tags or "sel" in tags:
            return palette.focus
        return palette.primary if CURRENT_MATCH in tags or MATCH in tags else ""

    def _draw(self, row: _Row) -> None:
        """Draw a card in sight; of others only the size counts, and an image can be given up."""
        card, progress = row.card, self.progress(row.card.key)
        row.mark = ""
        if not row.is_visible:
            self._drawing.clear(row.canvas, card, row.width)
            return
        if not card.is_picture or row.file is None:
            self._drawing.draw(row.canvas, card, progress, row.width)
            return
        size = self._drawing.picture_box(card, row.width)
        image = self.image(row.file, size)
        note = "" if image else self.note(row.file)
        self._drawing.draw_picture(row.canvas, card, progress, row.width, image, note)

    def _bind(self) -> None:
        if self._is_bound:
            return
        self._is_bound = True
        text = self._text
        text.bind_class(_BINDINGS, "<ButtonRelease-1>", self._on_release)
        text.bind_class(_BINDINGS, "<Enter>", lambda event: self._on_pointer(event, inside=True))
        text.bind_class(_BINDINGS, "<Leave>", lambda event: self._on_pointer(event, inside=False))
        text.bind_class(_BINDINGS, "<Map>", lambda event: self._on_map(event, visible=True))
        text.bind_class(_BINDINGS, "<Unmap>", lambda event: self._on_map(event, visible=False))
        text.bind_class(_BINDINGS, "<Destroy>", self._on_destroy)
        text.bind("<<Selection>>", lambda _: self.update_marks(), add=True)
        leave_to_text(text, _BINDINGS)

    def _on_release(self, event: tk.Event[tk.Misc]) -> None:
        row = self._rows.get(str(event.widget))
        since_ms, self._last_click_ms = event.time - self._last_click_ms, event.time
        if row is not None and not 0 <= since_ms < _DOUBLE_CLICK_MS:
            self._text.focus_set()
            self.on_press(self._text.index(str(row.canvas)))

    def _on_pointer(self, event: tk.Event[tk.Misc], *, inside: bool) -> None:
        row = self._rows.get(str(event.widget))
        if row is not None:
            self.on_hover(row.card if inside else None)

    def _on_map(self, event: tk.Event[tk.Misc], *, visible: bool) -> None:
        row = self._rows.get(str(event.widget))
        if row is None or row.is_visible == visible:
            return
        self._set_visible(row, visible=visible)
        self._draw(row)
        if visible:
            self._redrawn.clear()
            self._update_mark(row)

    def _set_visible(self, row: _Row, *, visible: bool) -> None:
        row.is_visible = visible
        if row.card.is_picture and row.file is not None:
            (self.on_visible if visible else self.on_hidden)(row.file)

    def _on_destroy(self, event: tk.Event[tk.Misc]) -> None:
        row = self._rows.pop(str(event.widget), None)
        if row is None:
            return
        if row.is_visible:
            self._redrawn.add(row.card.key)
            self._set_visible(row, visible=False)
        row.canvas.destroy()  # tkinter keeps a reference until then


def _is_text(canvas: tk.Canvas, item: str) -> bool:
    return str(canvas.tk.call(str(canvas), "type", item)) == "text"
