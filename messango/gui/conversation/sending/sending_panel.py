"""What a person sees before files go: which ones, how large, and what is removed from pictures."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import partial
from tkinter import ttk
from typing import Final

from messango.gui.conversation.files.thumbnails import Thumbnails
from messango.gui.conversation.sending.chosen_file_row import ChosenFileRow
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.sending.chosen_file import ChosenFile
from messango.gui.model.sending.sending_list import SendingList
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.limited_area import LimitedArea

#: Of the window's height, so that some of the conversation stays in sight.
_MOST_OF_WINDOW: Final = 0.36

_REMOVED: Final = "The place and camera data in pictures are removed."
_KEPT: Final = "Pictures keep the place where they were taken, and camera data."


class SendingPanel(ttk.Frame):
    """Shows a `SendingList`. The message field below is the line about the files, its button sends them.

    `on_remove` gets the key of a file; `on_change` is called after a change of the list's own settings.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        files: SendingList,
        *,
        on_remove: Callable[[int], None],
        on_cancel: Callable[[], None],
        on_change: Callable[[], None],
    ) -> None:
        pad = look.scaled(theme.GAP)
        super().__init__(parent, style="Card.TFrame", padding=(pad, pad))
        self._look, self._sanitizer, self._files = look, sanitizer, files
        self._on_remove, self._on_change = on_remove, on_change
        self.rows: dict[int, ChosenFileRow] = {}
        #: Decodes pictures in the background, if the owner sets it; then `picture_loaded` is to be called.
        self.thumbnails: Thumbnails | None = None
        self._without_picture: set[str] = set()
        self._title = WrappedLabel(self, sanitizer, style="SurfaceStrong.TLabel")
        self.cancel_button = ttk.Button(self, text="Cancel", style="SurfaceLink.TButton", command=on_cancel)
        self._area = LimitedArea(self, look, "Surface.TFrame")
        self._metadata = ttk.Frame(self, style="Surface.TFrame")
        self._metadata_text = WrappedLabel(self._metadata, sanitizer, style="SurfaceSmall.TLabel")
        self.metadata_button = ttk.Button(
            self._metadata, style="SurfaceLink.TButton", command=self._toggle_metadata
        )
        self._lay_out()

    def show(self) -> None:
        """Show the list as it is now."""
        files = self._files
        self._title.show(files.title)
        for key in self.rows.keys() - {file.key for file in files.files}:
            self.rows.pop(key).destroy()
        for index, file in enumerate(files.files):
            row = self.rows.get(file.key) or self._add_row(file.key)
            row.show(file, self._image(file))
            row.wrap(self._row_width())
            row.grid(row=index, column=0, sticky="ew", pady=self._look.scaled(theme.TINY))
        if files.has_picture:
            self._metadata_text.show(_KEPT if files.keep_metadata else _REMOVED)
            self.metadata_button.configure(text="Remove" if files.keep_metadata else "Keep")
            self._metadata.grid()
        else:
            self._metadata.grid_remove()
        self._limit()

    def picture_loaded(self, key: str, problem: str) -> None:
        """Show a picture that was decoded, or no more than its icon if it can't be shown."""
        if problem:
            self._without_picture.add(key)
        if self.winfo_exists():
            self.show()

    def close_pictures(self) -> None:
        """Give up all images."""
        self._without_picture.clear()
        if self.thumbnails is not None:
            self.thumbnails.close()

    def visible_text(self) -> str:
        """Return all that the panel says."""
        metadata = str(self._metadata_text.cget("text")) if self._metadata.winfo_manager() else ""
        lines = [str(self._title.cget("text")), *(row.visible_text() for row in self.rows.values()), metadata]
        return "\n".join(filter(None, lines))

    def _add_row(self, key: int) -> ChosenFileRow:
        row = ChosenFileRow(
            self._area.content, self._look, self._sanitizer, on_remove=partial(self._on_remove, key)
        )
        self.rows[key] = row
        for widget in (row, *row.winfo_children()):
            self._area.bind_wheel(widget)
        row.remove_button.bind("<FocusIn>", lambda _: self._area.see(row), add=True)
        return row

    def _image(self, file: ChosenFile) -> str:
        """Return the image of a picture, or an empty text: it is none, or it is not decoded yet."""
        key = str(file.key)
        can_show = file.is_picture and file.can_go and key not in self._without_picture
        if self.thumbnails is None or not can_show:
            return ""
        return self.thumbnails.image(key, file.path or file.data, self._box(), self._look.palette.surface)

    def _box(self) -> tuple[int, int]:
        """Return the space for a picture: more for the only one, half as much in a narrow window."""
        scaled = self._look.scaled_with_text
        if len(self._files.files) > 1:
            return scaled(theme.FILE_TILE), scaled(theme.FILE_TILE)
        shrink = 2 if self.winfo_toplevel().winfo_width() < scaled(theme.NARROW_WIDTH) else 1
        width, height = theme.FILE_PREVIEW
        return scaled(width / shrink), scaled(height / shrink)

    def _toggle_metadata(self) -> None:
        self._files.keep_metadata = not self._files.keep_metadata
        self.show()
        self._on_change()

    def _limit(self) -> None:
        window = self.winfo_toplevel().winfo_height()
        least = self._look.scaled_with_text(theme.FILE_PREVIEW[1]) + 2 * self._look.scaled(theme.TINY)
        self._area.limit_height(max(round(window * _MOST_OF_WINDOW), least))

    def _wrap(self, width: int) -> None:
        px = self._look.scaled
        inside = width - 2 * px(theme.GAP)
        self._title.wrap(max(inside - self.cancel_button.winfo_reqwidth() - px(theme.GAP), px(120)))
        button = self.metadata_button.winfo_reqwidth()
        self._metadata_text.wrap(max(inside - button - px(theme.SMALL_GAP), px(120)))
        self.show()

    def _row_width(self) -> int:
        """Return the width of a row beside a scrollbar, also where there is none: else, in some windows, the
        scrollbar would make the text need a line more, and so itself be needed or not, without end.
        """
        px = self._look.scaled
        return self.winfo_width() - 2 * px(theme.GAP) - px(theme.WIDE_GAP)

    def _lay_out(self) -> None:
        gap = self._look.scaled(theme.SMALL_GAP)
        self.columnconfigure(0, weight=1)
        self._title.grid(row=0, column=0, sticky="w")
        self.cancel_button.grid(row=0, column=1, sticky="ne")
        self._area.grid(row=1, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self._area.content.columnconfigure(0, weight=1)
        self._metadata.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(gap, 0))
        self._metadata_text.pack(side="left")
        self.metadata_button.pack(side="left", padx=(gap, 0))
        self.bind("<Configure>", lambda event: self._wrap(event.width))
        self.bind("<<ThemeChanged>>", lambda _: self.show())
