"""What stands in a list of rooms that is empty: what is being done, and what may be wrong."""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk

from messango.doctor.findings import Finding
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.room_list import EmptyList
from messango.gui.model.text_sanitizer import Display
from messango.gui.widgets.scroll_area import ScrollArea


class EmptyView(ttk.Frame):
    """Shows an `EmptyList` inside a scrolling area; `on_check` is called to look once more."""

    def __init__(
        self, area: ScrollArea, look: Look, display: Display, *, on_check: Callable[[], None]
    ) -> None:
        super().__init__(area.inside)
        self._area, self._look, self._display = area, look, display
        ttk.Label(self, image=look.sign(48)).pack(pady=(0, look.px(theme.GAP)))
        self._title = ttk.Label(self, style="Heading.TLabel", justify="center")
        self._title.pack(pady=(0, look.px(theme.SMALL_GAP)))
        self._body = ttk.Frame(self)
        self._body.pack(fill="x")
        self.check_button = ttk.Button(self, text="Check again", style="Quiet.TButton", command=on_check)
        self._labels: list[tuple[ttk.Label, int]] = []
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, empty: EmptyList) -> None:
        """Show these words."""
        self._title.configure(text=empty.title)
        for child in self._body.winfo_children():
            child.destroy()
        self._labels = [(self._title, 2 * theme.GAP)]
        for line in empty.lines:
            label = ttk.Label(self._body, text=line, style="Muted.TLabel", justify="center")
            label.pack(pady=self._look.px(3))
            self._labels.append((label, 2 * theme.GAP))
        for finding in empty.findings:
            self._card(finding)
        if empty.again:
            self.check_button.pack(pady=(self._look.px(theme.GAP), self._look.px(2)))
        else:
            self.check_button.pack_forget()
        for child in (self, *self.winfo_children(), *self._body.winfo_children()):
            self._area.listen(child)
        self._wrap(self.winfo_width())

    def words(self) -> str:
        """Return what can be read."""
        return " ".join(str(label.cget("text")) for label, _ in self._labels)

    def _card(self, finding: Finding) -> None:
        px = self._look.px
        padding = (px(theme.WIDE_GAP), px(theme.GAP))
        card = ttk.Frame(self._body, style="Card.TFrame", padding=padding)
        card.pack(fill="x", pady=(px(theme.SMALL_GAP), 0))
        for text, style in (
            (finding.message, "SurfaceStrong.TLabel"),
            (finding.remedy, "SurfaceMuted.TLabel"),
        ):
            label = ttk.Label(card, text=self._display.line(text), style=style)
            if text:
                label.pack(anchor="w", pady=(0, px(2)))
                self._labels.append((label, 2 * theme.WIDE_GAP))

    def _wrap(self, width: int) -> None:
        for label, edges in self._labels:
            label.configure(wraplength=max(width - self._look.px(edges), 1))
