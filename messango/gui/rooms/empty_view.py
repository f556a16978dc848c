"""The contents of an empty list of rooms: progress, and the doctor's findings."""

from __future__ import annotations

from collections.abc import Callable
from tkinter import ttk

from messango.doctor.findings import Finding
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.room_list import EmptyState
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.wrapped_label import WrappedLabel
from messango.gui.widgets.layout.scroll_area import ScrollArea


class EmptyView(ttk.Frame):
    """Shows an `EmptyState` inside a scroll area; its button calls `on_diagnose`."""

    def __init__(
        self, area: ScrollArea, look: Look, sanitizer: TextSanitizer, *, on_diagnose: Callable[[], None]
    ) -> None:
        super().__init__(area.content)
        self._area, self._look, self._sanitizer = area, look, sanitizer
        self._icon = ttk.Label(self, image=look.pictures.app_icon(48))
        self._title = WrappedLabel(self, sanitizer, style="Heading.TLabel", justify="center")
        self._title.pack(pady=(0, look.scaled(theme.SMALL_GAP)))
        self._body = ttk.Frame(self)
        self._body.pack(fill="x")
        self.check_button = ttk.Button(
            self, text="Check again", style="Secondary.TButton", command=on_diagnose
        )
        self._labels: list[tuple[WrappedLabel, int]] = []
        self.bind("<Configure>", lambda event: self._wrap(event.width))

    def show(self, state: EmptyState) -> None:
        """Show this state."""
        self._title.show(state.title)
        if state.findings:
            self._icon.pack_forget()  # In a small window, the reason would begin below the edge.
        else:
            self._icon.pack(pady=(0, self._look.scaled(theme.GAP)), before=self._title)
        for child in self._body.winfo_children():
            child.destroy()
        self._labels = [(self._title, 2 * theme.GAP)]
        for line in state.lines:
            label = WrappedLabel(self._body, self._sanitizer, line, style="Muted.TLabel", justify="center")
            label.pack(pady=self._look.scaled(3))
            self._labels.append((label, 2 * theme.GAP))
        for finding in state.findings:
            self._card(finding)
        if state.can_retry:
            self.check_button.pack(pady=(self._look.scaled(theme.GAP), self._look.scaled(2)))
        else:
            self.check_button.pack_forget()
        for child in (self, *self.winfo_children(), *self._body.winfo_children()):
            self._area.bind_wheel(child)
        self._wrap(self.winfo_width())

    def visible_text(self) -> str:
        """Return the visible text."""
        return " ".join(str(label.cget("text")) for label, _ in self._labels)

    def _card(self, finding: Finding) -> None:
        px = self._look.scaled
        padding = (px(theme.WIDE_GAP), px(theme.GAP))
        card = ttk.Frame(self._body, style="Card.TFrame", padding=padding)
        card.pack(fill="x", pady=(px(theme.SMALL_GAP), 0))
        for text, style in (
            (finding.message, "SurfaceStrong.TLabel"),
            (finding.remedy, "SurfaceMuted.TLabel"),
        ):
            label = WrappedLabel(card, self._sanitizer, text, style=style)
            if text:
                label.pack(anchor="w", pady=(0, px(2)))
                self._labels.append((label, 2 * theme.WIDE_GAP))

    def _wrap(self, width: int) -> None:
        for label, padding in self._labels:
            label.wrap(max(width - self._look.scaled(padding), 1))
