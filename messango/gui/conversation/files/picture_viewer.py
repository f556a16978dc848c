"""A picture as large as the window, over the conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from messango.gui.background.picture_loader import Loading, PictureLoader
from messango.gui.look import theme
from messango.gui.look.decoded_image import create_image, delete_image
from messango.gui.look.look import Look
from messango.gui.model.pictures.decoding import (
    NOT_SHOWN,
    NoPicture,
    PictureRequest,
    PictureResult,
    PictureSource,
)
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.protocol.files.file_line import format_size
from messango.protocol.frames import FileInfo

#: The largest image that Tk makes fast enough not to be noticed.
MAX_BOX: Final = (1_920, 1_200)

_IMAGE: Final = "messango-viewed-picture"
_LOADING: Final = "Loading…"

#: While the window changes its size, the picture is decoded again at most this often.
_FIT_AFTER_MS: Final = 150


@dataclass(frozen=True, slots=True)
class ViewerActions:
    """What the viewer asks for: `source` of a picture on this computer, or None; `request` fetches it;
    `failure` says why it does not come. `copy_lost` reports that the one on this computer can't be shown, and
    returns whether there may be another one. `step` shows the picture before (-1) or after (1) this one.
    """

    source: Callable[[FileInfo], PictureSource | None]
    request: Callable[[FileInfo], None]
    failure: Callable[[FileInfo], str]
    copy_lost: Callable[[FileInfo], bool]
    step: Callable[[int], None]
    save_as: Callable[[FileInfo], None]
    open_file: Callable[[FileInfo], None]
    close: Callable[[], None]


class PictureViewer(ttk.Frame):
    """Covers its parent. Escape, Enter or a click closes it; ← and → go to other pictures."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        loader: PictureLoader,
        actions: ViewerActions,
    ) -> None:
        super().__init__(parent, padding=look.scaled(theme.GAP))
        self._look, self._sanitizer, self._loader, self._actions = look, sanitizer, loader, actions
        self._file: FileInfo | None = None
        self._loading: Loading | None = None
        self._shown: tuple[str, tuple[int, int]] | None = None
        self._timer = ""
        self.title = EllipsisLabel(self, look, sanitizer, is_name=True, style="Heading.TLabel")
        self._arrows, self._file_buttons = ttk.Frame(self), ttk.Frame(self)
        self.buttons = {
            "close": self._button(self, "Close", actions.close),
            "previous": self._button(self._arrows, "←", lambda: actions.step(-1)),
            "next": self._button(self._arrows, "→", lambda: actions.step(1)),
            "save": self._button(self._file_buttons, "Save as…", lambda: self._with_file(actions.save_as)),
            "open": self._button(self._file_buttons, "Open", lambda: self._with_file(actions.open_file)),
        }
        self.canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, takefocus=True, cursor="hand2")
        self._lay_out()
        self._bind_events()
        self._recolor()
        self.place(relx=0, rely=0, relwidth=1, relheight=1)
        tk.Misc.lift(self)

    def show(self, file: FileInfo) -> None:
        """Show a picture; one that is not here comes from the room."""
        self._cancel()
        self._file, self._shown = file, None
        self.title.show(f"{file.name} · {format_size(file.size)}")
        self.canvas.delete("all")
        if self._actions.source(file) is None:
            self._actions.request(file)
        self.canvas.focus_set()
        self.refresh()

    def refresh(self) -> None:
        """Show the picture, if it has come meanwhile or the window has another size."""
        file = self._file
        if file is None or self._loading is not None:
            return
        failure, source = self._actions.failure(file), self._actions.source(file)
        if failure or source is None:
            self._show_text(failure or _LOADING)
            return
        box = self._box()
        if self._shown != (file.id, box) and min(box) > 1:
            request = PictureRequest(source, box, self._look.palette.background)
            self._loading = self._loader.load(request, lambda result: self._on_done(file.id, box, result))
            if self._shown is None:
                self._show_text(_LOADING)

    def visible_text(self) -> str:
        """Return the text in the place of the picture."""
        found = self.canvas.find_withtag("text")
        return str(self.tk.call(str(self.canvas), "itemcget", "text", "-text")) if found else ""

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown."""
        return bool(self.canvas.find_withtag("picture"))

    def destroy(self) -> None:
        """Give up the image, too."""
        self._cancel()
        if self._timer:
            self.after_cancel(self._timer)
        self.canvas.delete("all")
        if self._shown is not None:
            delete_image(self, _IMAGE)
            self._shown = None
        super().destroy()

    def _on_done(self, file_id: str, box: tuple[int, int], result: PictureResult) -> None:
        self._loading = None
        self._shown = file_id, box
        if isinstance(result, NoPicture) and self._file is not None and self._actions.copy_lost(self._file):
            self.show(self._file)
        elif isinstance(result, NoPicture):
            self._show_text(result.reason)
        elif not create_image(self, _IMAGE, result):
            self._show_text(NOT_SHOWN)
        else:
            self.canvas.delete("all")
            middle = self.canvas.winfo_width() // 2, self.canvas.winfo_height() // 2
            self.canvas.create_image(*middle, image=_IMAGE, tags="picture")

    def _show_text(self, text: str) -> None:
        self.canvas.delete("all")
        self.canvas.create_text(
            self.canvas.winfo_width() // 2,
            self.canvas.winfo_height() // 2,
            text=self._sanitizer.label(text),
            width=max(self.canvas.winfo_width() - self._look.scaled(theme.MARGIN), 1),
            font=theme.BODY,
            fill=self._look.palette.muted,
            justify="center",
            tags="text",
        )

    def _box(self) -> tuple[int, int]:
        return min(self.canvas.winfo_width(), MAX_BOX[0]), min(self.canvas.winfo_height(), MAX_BOX[1])

    def _cancel(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
            self._loading = None

    def _with_file(self, action: Callable[[FileInfo], None]) -> None:
        if self._file is not None:
            action(self._file)

    def _button(self, parent: ttk.Frame, text: str, command: Callable[[], None]) -> ttk.Button:
        return ttk.Button(parent, text=text, style="Secondary.TButton", command=command)

    def _lay_out(self) -> None:
        gap = self._look.scaled(theme.SMALL_GAP)
        self.title.grid(row=0, column=0, sticky="ew", padx=(0, gap))
        self.buttons["close"].grid(row=0, column=1, sticky="e")
        self.canvas.grid(row=1, column=0, columnspan=2, sticky="nsew", pady=gap)
        for first, second in (("previous", "next"), ("save", "open")):
            self.buttons[first].pack(side="left", padx=(0, gap))
            self.buttons[second].pack(side="left")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)

    def _place_buttons(self) -> None:
        """Put the buttons below the picture beside each other, or above each other in a narrow window."""
        gap = self._look.scaled(theme.GAP)
        needed = self._arrows.winfo_reqwidth() + self._file_buttons.winfo_reqwidth() + gap
        is_narrow = needed > self.canvas.winfo_width()
        self._arrows.grid(row=2, column=0, columnspan=2, sticky="" if is_narrow else "w")
        self._file_buttons.grid(
            row=3 if is_narrow else 2,
            column=0,
            columnspan=2,
            sticky="" if is_narrow else "e",
            pady=(self._look.scaled(theme.SMALL_GAP) if is_narrow else 0, 0),
        )

    def _bind_events(self) -> None:
        close = self._actions.close
        self.canvas.bind("<ButtonRelease-1>", lambda _: close())
        self.canvas.bind("<Return>", lambda _: close())
        self.canvas.bind("<Configure>", lambda _: self._on_resize())
        self.bind("<<ThemeChanged>>", lambda _: self._recolor())
        for widget in (self.canvas, *self.buttons.values()):
            widget.bind("<Escape>", lambda _: self._close_by_key())
            for key, delta in (("Left", -1), ("Right", 1)):
                widget.bind(f"<{key}>", self._stepping(delta))

    def _close_by_key(self) -> str:
        self._actions.close()
        return "break"

    def _stepping(self, delta: int) -> Callable[[tk.Event[tk.Misc]], str]:
        def step(_event: tk.Event[tk.Misc]) -> str:
            self._actions.step(delta)
            return "break"

        return step

    def _recolor(self) -> None:
        self.canvas.configure(background=self._look.palette.background)
        self._on_resize()

    def _on_resize(self) -> None:
        """Put what is shown into the middle at once, and fit it soon."""
        self._place_buttons()
        for tag in ("picture", "text"):
            self.canvas.coords(tag, self.canvas.winfo_width() // 2, self.canvas.winfo_height() // 2)
        if not self._timer:
            self._timer = self.after(_FIT_AFTER_MS, self._fit)

    def _fit(self) -> None:
        self._timer = ""
        if self._shown is not None:
            self._shown = None
            self._cancel()
        self.refresh()
