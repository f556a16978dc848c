"""Where the members of a room are: beside the transcript, or in its place in a narrow window."""

from __future__ import annotations

from tkinter import ttk

from messango.gui.look import theme
from messango.gui.look.look import Look


class MembersPlace:
    """Lays out the members and the transcript in one row of the page's grid; owns neither."""

    def __init__(self, look: Look, members: ttk.Frame, transcript: ttk.Frame) -> None:
        self._look, self._members, self._transcript = look, members, transcript
        self._narrow = self._wanted = self._has_any = False
        self._shown: tuple[bool, bool] | None = None

    @property
    def covers_transcript(self) -> bool:
        """Whether the members are shown instead of the transcript."""
        return self._wanted

    def set_narrow(self, *, narrow: bool) -> None:
        """Set whether the window has no space for both."""
        self._narrow = narrow
        self._members.configure(width=self._look.scaled_with_text(theme.MEMBERS_WIDTH))
        self._update()

    def set_has_any(self, *, has_any: bool) -> None:
        """Set whether there are any members."""
        self._has_any = has_any
        self._update()

    def toggle(self) -> None:
        """Show the members instead of the transcript, or the transcript again."""
        self._wanted = not self._wanted
        self._update()

    def _update(self) -> None:
        self._wanted &= self._narrow and self._has_any
        shown = self._narrow, self._wanted if self._narrow else self._has_any
        if shown == self._shown:
            return
        self._shown = shown
        if not shown[1]:
            self._members.grid_remove()
        elif self._narrow:
            self._members.grid(column=0, rowspan=1, padx=0)
        else:
            self._members.grid(column=1, rowspan=2, padx=(self._look.scaled(theme.GAP), 0))
        if self._wanted:
            self._transcript.grid_remove()
        else:
            self._transcript.grid()
