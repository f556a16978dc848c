"""One file of those that a person is about to send."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.sending.chosen_file import ChosenFile
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.gui.widgets.labels.wrapped_label import WrappedLabel


class FileRow(ttk.Frame):
    """Shows a `ChosenFile`: a small picture or an icon, its name and size, and what to know about it."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, *, on_remove: Callable[[], None]
    ) -> None:
        super().__init__(parent, style="Surface.TFrame")
        self._look, self._sanitizer = look, sanitizer
        self._thumbnail = ""
        self._file: ChosenFile | None = None
        self.picture = ttk.Label(self, style="Surface.TLabel", anchor="center")
        self.name = EllipsisLabel(self, look, sanitizer, is_name=True, style="SurfaceStrong.TLabel")
        self._size = ttk.Label(self, style="SurfaceSmall.TLabel")
        self._note = WrappedLabel(self, sanitizer, style="SurfaceSmall.TLabel")
        self.remove_button = ttk.Button(self, text="✕", width=2, style="Surface.TButton", command=on_remove)
        gap = look.scaled(theme.GAP)
        self.columnconfigure(0, minsize=look.scaled_with_text(theme.FILE_PICTURE))
        self.columnconfigure(1, weight=1)
        self.picture.grid(row=0, column=0, rowspan=3, padx=(0, gap))
        self.name.grid(row=0, column=1, sticky="sew")
        self._size.grid(row=1, column=1, sticky="w")
        self._note.grid(row=2, column=1, sticky="new")
        self.remove_button.grid(row=0, column=2, rowspan=3, padx=(gap, 0))
        self.rowconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.bind("<Configure>", lambda _: self._wrap())
        self.bind("<<ThemeChanged>>", lambda _: self._show_picture())

    def show(self, file: ChosenFile) -> None:
        """Show what is known about the file now."""
        self._file = file
        self.name.show(file.given_name)
        self._size.configure(text="Reading…" if file.size is None and not file.problem else file.size_text)
        self._note.configure(style="SurfaceError.TLabel" if file.problem else "SurfaceSmall.TLabel")
        self._note.show(file.note)
        for label, shown in ((self._size, not file.problem), (self._note, bool(file.note))):
            if shown:
                label.grid()
            else:
                label.grid_remove()
        self._show_picture()
        self._wrap()

    def show_thumbnail(self, image: str) -> None:
        """Show this Tk image in the place of the icon."""
        self._thumbnail = image
        self._show_picture()

    def visible_text(self) -> str:
        """Return what the row says."""
        size = str(self._size.cget("text")) if self._size.winfo_manager() else ""
        return " ".join(filter(None, (self.name.full_text, size, self._file.note if self._file else "")))

    def _show_picture(self) -> None:
        if self._thumbnail:
            self.picture.configure(image=self._thumbnail)
        elif self._file is not None:
            icon = "picture" if self._file.is_picture else "file"
            self.picture.configure(image=self._look.pictures.file_icon(icon, self._look.palette))

    def _wrap(self) -> None:
        edges = self.picture.winfo_reqwidth() + self.remove_button.winfo_reqwidth()
        width = self.winfo_width() - edges - 3 * self._look.scaled(theme.GAP)
        self._note.wrap(max(width, self._look.scaled(120)))
