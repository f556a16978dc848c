"""The transcript on the screen: a read-only text that can be selected and copied."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Final

from messango.gui.conversation.text_tags import color_tags, set_margins
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.block_window import (
    AHEAD_BLOCKS,
    FOLLOWED_BLOCKS,
    READ_BLOCKS,
    SLICE_BLOCKS,
    Page,
    slice_of,
)
from messango.gui.model.blocks import Block
from messango.gui.model.text_runs import Writer, lines_in
from messango.gui.model.text_sanitizer import Display
from messango.gui.model.transcript import Transcript

#: Where the blocks without a receipt begin; all above is settled.
_PENDING: Final = "pending"
_HOLD: Final = "hold"

#: Scrolling shows what is there before more is fetched.
_FETCH_AFTER_MS: Final = 10

#: The newest line counts as seen where no more than this is missing of it.
_AT_END: Final = 0.9999


class TranscriptView(ttk.Frame):
    """Shows a `Transcript`. It follows the conversation unless the reader has scrolled up.

    The widget holds a bounded number of blocks, and fetches others as somebody scrolls. `on_moved` is
    called when other lines came into sight.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        display: Display,
        transcript: Transcript,
        *,
        on_moved: Callable[[], None],
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=look.px(theme.TINY))
        self._look, self.transcript, self._on_moved = look, transcript, on_moved
        self._writer = Writer(display, len(look.palette.names))
        self.page = Page()
        self.following = True
        self.pending: list[Block] = []
        self.pending_lines: list[int] = []
        self._fetching = ""
        self.text = tk.Text(
            self,
            state="disabled",
            wrap="word",
            borderwidth=0,
            highlightthickness=look.px(2),
            padx=0,
            pady=look.px(theme.SMALL_GAP),
            font=theme.SPACE,  # of what has no tag: the line that Tk keeps below the last
            cursor="xterm",
            insertwidth=0,
            width=1,
            height=1,
            takefocus=True,
        )
        self._bar = ttk.Scrollbar(self, style="Inner.Vertical.TScrollbar", command=self._dragged)
        self.text.configure(yscrollcommand=self._scrolled)
        self.text.grid(row=0, column=0, sticky="nsew")
        self._bar.grid(row=0, column=1, sticky="ns", padx=look.px(2), pady=look.px(theme.SMALL_GAP))
        self._silence = ttk.Label(self, style="SurfaceMuted.TLabel")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text.mark_set(_PENDING, "end-1c")
        self.text.mark_gravity(_PENDING, "left")
        self._bind_events()
        color_tags(self.text, look)

    def apply(self, silence: str) -> bool:
        """Show what has changed since the last time, or `silence` where there is nothing to show.

        Returns whether more is to be shown than was good for one moment.
        """
        self._show_silence(silence)
        transcript, page = self.transcript, self.page
        changed, pending = transcript.take_changed(), transcript.pending()
        if page.bottom != transcript.end or changed or pending != self.pending:
            self.text.configure(state="normal")
            # First of all: a block that changes just above would be inserted below the mark.
            self.text.delete(_PENDING, "end-1c")
            self._let_go_of_what_is_gone()
            self._renew(changed)
            self._catch_up(pending)
            self.text.configure(state="disabled")
            if self.following:
                self.text.see("end")
        return page.bottom < transcript.end and (self.following or len(page) < READ_BLOCKS)

    def follow(self) -> None:
        """Go to the newest line and stay there."""
        if self.transcript.end - self.page.bottom > SLICE_BLOCKS:
            self._open_at(self.transcript.end - SLICE_BLOCKS)
        self.following = True
        self.text.see("end")
        self._on_moved()

    def show(self, number: int) -> None:
        """Bring a block into sight, and stay there."""
        self.following = False
        if number not in self.page:
            self._open_at(max(number - SLICE_BLOCKS // 2, self.transcript.first))
        line = self.page.line_of(number)
        self.text.see(f"{line}.0")
        self.text.see(f"{line + self.page.lines_of(number) - 1}.0")
        self._on_moved()

    @property
    def at_end(self) -> bool:
        """Whether the newest line is in sight."""
        return self.page.bottom == self.transcript.end and self.text.yview()[1] >= _AT_END

    def turn(self, pages: int) -> None:
        """Scroll by so many pages."""
        self.text.yview_scroll(pages, "pages")
        self.note()

    def _show_silence(self, words: str) -> None:
        if words == self._silence.cget("text"):
            return
        self._silence.configure(text=words)
        if words:
            self._silence.place(relx=0.5, rely=0.5, anchor="center")
        else:
            self._silence.place_forget()

    # What the widget holds. Its state is normal here.

    def _let_go_of_what_is_gone(self) -> None:
        gone = min(self.transcript.first - self.page.top, len(self.page))
        if gone > 0:
            self._drop_top(gone)
        if not len(self.page):
            self.page.clear(max(self.page.top, self.transcript.first))

    def _renew(self, changed: set[int]) -> None:
        for number in sorted(changed):
            if number in self.page:
                line = self.page.line_of(number)
                self.text.delete(f"{line}.0", f"{line + self.page.lines_of(number)}.0")
                self.page.resize(number, *self._insert(f"{line}.0", [self.transcript.block(number)]))

    def _catch_up(self, pending: list[Block]) -> None:
        """Put in what is new below, as much as is good for one moment."""
        transcript, page = self.transcript, self.page
        self.pending, self.pending_lines = pending, []
        if self.following and transcript.end - page.bottom > FOLLOWED_BLOCKS:
            self.text.delete("1.0", "end-1c")
            page.clear(transcript.end - SLICE_BLOCKS)
        if self.following or len(page) < READ_BLOCKS:
            self._append()
        if self.following and len(page) > FOLLOWED_BLOCKS + SLICE_BLOCKS:
            self._drop_top(len(page) - FOLLOWED_BLOCKS)
        self.text.mark_set(_PENDING, "end-1c")
        if page.bottom == transcript.end:
            self.pending_lines = self._insert("end-1c", pending)

    def _append(self) -> None:
        new = self.transcript.blocks(self.page.bottom, self.page.bottom + SLICE_BLOCKS)
        new = new[: slice_of([len(block.shown) for block in new])]
        self.page.append(self._insert("end-1c", new))

    def _prepend(self) -> None:
        start = max(self.page.top - SLICE_BLOCKS, self.transcript.first)
        new = self.transcript.blocks(start, self.page.top)
        new = new[len(new) - slice_of([len(block.shown) for block in reversed(new)]) :]
        self.page.prepend(self._insert("1.0", new))

    def _drop_top(self, count: int) -> None:
        self.text.delete("1.0", f"{self.page.drop_top(count) + 1}.0")

    def _drop_bottom(self, count: int) -> None:
        self.page.drop_bottom(count)
        self.text.delete(f"{self.page.lines + 1}.0", "end-1c")
        self.text.mark_set(_PENDING, "end-1c")
        self.pending, self.pending_lines = [], []

    def _insert(self, index: str, blocks: Sequence[Block]) -> list[int]:
        """Insert all blocks by one call: that costs a tenth of a call for each."""
        written = [self._writer.pieces(block) for block in blocks]
        flat = [part for pieces in written for piece in pieces for part in piece]
        if flat:
            self.text.tk.call(str(self.text), "insert", index, *flat)
        return [lines_in(pieces) for pieces in written]

    def _open_at(self, number: int) -> None:
        """Hold the blocks from this one on."""
        self.text.configure(state="normal")
        self.text.delete("1.0", "end-1c")
        self.page.clear(number)
        self._append()
        self.text.mark_set(_PENDING, "end-1c")
        self.pending, self.pending_lines = [], []
        self.text.configure(state="disabled")

    # Where the reader is.

    def note(self) -> None:
        """Somebody may have scrolled: see whether they follow."""
        self.following = self.at_end
        self._on_moved()

    def _dragged(self, *place: str) -> None:
        if place[0] == "moveto":
            self._move_to(min(max(float(place[1]), 0.0), 1.0))
        else:
            self.text.yview(*place)
        self.note()

    def _move_to(self, share: float) -> None:
        """Show the part of the whole conversation that begins so far from its beginning."""
        page, transcript = self.page, self.transcript
        wanted = transcript.first + int(share * (transcript.end - transcript.first))
        if wanted not in page:
            self._open_at(max(wanted - AHEAD_BLOCKS, transcript.first))
        # By lines, for Tk only guesses how high those are that were never seen.
        self.text.yview(f"{page.line_of(min(max(wanted, page.top), page.bottom))}.0")

    def _scrolled(self, first: float, last: float) -> None:
        """Show where in the whole conversation this is, and have more fetched where it comes to an end."""
        page, transcript = self.page, self.transcript
        held = max(transcript.end - transcript.first, 1)
        above, part = (page.top - transcript.first) / held, len(page) / held
        if page.bottom == transcript.end and float(last) >= _AT_END:
            self._bar.set(above + part * float(first), 1.0)
        else:
            self._bar.set(above + part * float(first), above + part * float(last))
        elsewhere = page.top > transcript.first or page.bottom < transcript.end
        if elsewhere and not self.following and not self._fetching:
            # Not in an idle moment: fetching has the text scrolled again, and that moment would never end.
            self._fetching = self.after(_FETCH_AFTER_MS, self._fetch)

    def _fetch(self) -> None:
        """Fetch what is about to come into sight, and let go of what is far from it."""
        self._fetching = ""
        page, text = self.page, self.text
        if self.following or not len(page):
            return
        upper, lower = (page.block_at(int(text.index(place).split(".")[0])) for place in ("@0,0", "@0,99999"))
        above = upper - page.top < AHEAD_BLOCKS and page.top > self.transcript.first
        below = page.bottom - lower < AHEAD_BLOCKS and page.bottom < self.transcript.end
        if not (above or below):
            return  # a change of the state alone has the text scrolled, and this would go on for ever
        text.configure(state="normal")
        if above:
            self._hold_still(self._prepend)
            if len(page) > READ_BLOCKS:
                self._drop_bottom(min(len(page) - READ_BLOCKS, max(page.bottom - lower - AHEAD_BLOCKS, 0)))
        else:
            self._catch_up_below(upper)
        text.configure(state="disabled")

    def _catch_up_below(self, upper: int) -> None:
        self._append()
        self.text.mark_set(_PENDING, "end-1c")
        excess = min(len(self.page) - READ_BLOCKS, upper - self.page.top - AHEAD_BLOCKS)
        if excess > 0:
            self._hold_still(lambda: self._drop_top(excess))

    def _hold_still(self, change: Callable[[], None]) -> None:
        """Change what is above without moving what is seen."""
        text = self.text
        text.mark_set(_HOLD, "@0,0")
        before = text.dlineinfo(_HOLD)
        change()
        text.yview(_HOLD)
        after = text.dlineinfo(_HOLD)
        if before and after:
            text.yview_scroll(after[1] - before[1], "pixels")

    def _bind_events(self) -> None:
        text = self.text
        # Without a click a disabled text does not get the keyboard, and then Ctrl-C copies nothing.
        text.bind("<Button-1>", lambda _: text.focus_set(), add=True)
        text.bind("<Up>", lambda _: self._step(-3))
        text.bind("<Down>", lambda _: self._step(3))
        text.bind("<Home>", lambda _: self._step_to(self.transcript.first))
        text.bind("<End>", lambda _: self._step_to(None))
        self.bind("<<ThemeChanged>>", lambda _: color_tags(text, self._look))
        text.bind("<Configure>", self._resized)
        after = "MessangoScrolled"
        text.bindtags((*text.bindtags(), after))
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>", "<B1-Motion>", "<KeyRelease>"):
            text.bind_class(after, event, _note_scrolled)
        text.bind("<<MessangoScrolled>>", lambda _: self.note())

    def _step(self, lines: int) -> str:
        self.text.yview_scroll(lines, "units")
        self.note()
        return "break"

    def _step_to(self, number: int | None) -> str:
        if number is None:
            self.follow()
        else:
            self.show(number)
        return "break"

    def _resized(self, event: tk.Event[tk.Text]) -> None:
        set_margins(self.text, self._look, event.width)
        if self.following:
            self.follow()

    def destroy(self) -> None:
        """Also call off what was to be fetched."""
        if self._fetching:
            self.after_cancel(self._fetching)
        super().destroy()


def _note_scrolled(event: tk.Event[tk.Misc]) -> None:
    event.widget.event_generate("<<MessangoScrolled>>")
