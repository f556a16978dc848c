"""One file of those that a person is about to send."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.card_pictures import CardPictures
from messango.gui.look.look import Look
from messango.gui.model.files.file_kind import kind_of
from messango.gui.model.sending.chosen_file import ChosenFile
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.gui.widgets.labels.wrapped_label import WrappedLabel


class ChosenFileRow(ttk.Frame):
    """Shows a `ChosenFile`: a small picture or an icon, its name and size, and what to know about it."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, on_remove: Callable[[], None]
    ) -> None:
        super().__init__(parent, style="Surface.TFrame")
        self._look, self._icons = look, CardPictures(look.pictures)
        self._note_text = ""
        self.picture = tk.Canvas(self, highlightthickness=0, borderwidth=0)
        self.name = EllipsisLabel(self, look, sanitizer, is_name=True, style="SurfaceStrong.TLabel")
        self._size = ttk.Label(self, style="SurfaceSmall.TLabel")
        self._note = WrappedLabel(self, sanitizer, style="SurfaceSmall.TLabel")
        self.remove_button = ttk.Button(self, text="✕", width=2, style="Surface.TButton", command=on_remove)
        gap = look.scaled(theme.GAP)
        self.columnconfigure(1, weight=1)
        self.picture.grid(row=0, column=0, rowspan=3, padx=(0, gap))
        self.name.grid(row=0, column=1, sticky="sew")
        self._size.grid(row=1, column=1, sticky="w")
        self._note.grid(row=2, column=1, sticky="new")
        self.remove_button.grid(row=0, column=2, rowspan=3, padx=(gap, 0))
        self.rowconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)

    def show(self, file: ChosenFile, image: str) -> None:
        """Show what is known about the file now; `image` is a Tk image of it, or empty."""
        self._note_text = file.note
        self.name.show(file.given_name)
        self._size.configure(text="Reading…" if file.size is None and not file.problem else file.size_text)
        self._note.configure(style="SurfaceError.TLabel" if file.problem else "SurfaceSmall.TLabel")
        self._note.show(file.note)
        for label, shown in ((self._size, not file.problem), (self._note, bool(file.note))):
            if shown:
                label.grid()
            else:
                label.grid_remove()
        self._show_picture(file, image)

    def wrap(self, width: int) -> None:
        """Break the note so that the row fits into this width."""
        edges = self.picture.winfo_reqwidth() + self.remove_button.winfo_reqwidth()
        text_width = width - edges - 2 * self._look.scaled(theme.GAP)
        self._note.wrap(max(text_width, self._look.scaled(120)))

    def visible_text(self) -> str:
        """Return what the row says."""
        size = str(self._size.cget("text")) if self._size.winfo_manager() else ""
        return " ".join(filter(None, (self.name.full_text, size, self._note_text)))

    def _show_picture(self, file: ChosenFile, image: str) -> None:
        palette, icons = self._look.palette, self._icons
        images = [image] if image else [icons.tile(palette), icons.icon(kind_of(file.name).value, palette)]
        call, canvas = self.tk.call, self.picture
        width, height = (
            max(int(call("image", side, name)) for name in (images[0], icons.tile(palette)))
            for side in ("width", "height")
        )
        canvas.delete("all")
        canvas.configure(width=width, height=height, background=palette.surface)
        for name in images:
            canvas.create_image(width // 2, height // 2, image=name)
