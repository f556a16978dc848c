"""The transcript on the screen: a read-only text that can be selected and copied."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Sequence
from tkinter import ttk
from typing import Final

from messango.gui.conversation.text_tags import configure_tags, set_margins
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.block_window import (
    BATCH_BLOCKS,
    MAX_BLOCKS_FOLLOWING,
    MAX_BLOCKS_READING,
    PREFETCH_BLOCKS,
    BlockWindow,
    batch_size,
)
from messango.gui.model.blocks import Block
from messango.gui.model.text_runs import TextRunBuilder, count_lines
from messango.gui.model.text_sanitizer import TextSanitizer
from messango.gui.model.transcript import Transcript

#: Where the blocks without a receipt begin; all above is settled.
_PENDING: Final = "pending"
_SCROLL_ANCHOR: Final = "scroll-anchor"

#: Scrolling shows what is there before more is fetched.
_FETCH_AFTER_MS: Final = 10

#: The newest line counts as seen where no more than this is missing of it.
_AT_END: Final = 0.9999


class TranscriptView(ttk.Frame):
    """Shows a `Transcript`. It follows the conversation unless the reader has scrolled up.

    The widget holds a bounded number of blocks, and fetches others as somebody scrolls. `on_view_changed` is
    called when other lines came into sight.
    """

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        transcript: Transcript,
        *,
        on_view_changed: Callable[[], None],
    ) -> None:
        super().__init__(parent, style="Card.TFrame", padding=look.scaled(theme.TINY))
        self._look, self.transcript, self._on_view_changed = look, transcript, on_view_changed
        self._run_builder = TextRunBuilder(sanitizer, len(look.palette.name_colors))
        self.block_window = BlockWindow()
        self.following = True
        self.pending: list[Block] = []
        self.pending_lines: list[int] = []
        self._fetching = ""
        self.text = tk.Text(
            self,
            state="disabled",
            wrap="word",
            borderwidth=0,
            highlightthickness=look.scaled(2),
            padx=0,
            pady=look.scaled(theme.SMALL_GAP),
            font=theme.SPACE,  # of what has no tag: the line that Tk keeps below the last
            cursor="xterm",
            insertwidth=0,
            width=1,
            height=1,
            takefocus=True,
        )
        self._scrollbar = ttk.Scrollbar(self, style="Inner.Vertical.TScrollbar", command=self._on_scrollbar)
        self.text.configure(yscrollcommand=self._update_scrollbar)
        self.text.grid(row=0, column=0, sticky="nsew")
        self._scrollbar.grid(
            row=0, column=1, sticky="ns", padx=look.scaled(2), pady=look.scaled(theme.SMALL_GAP)
        )
        self._placeholder = ttk.Label(self, style="SurfaceMuted.TLabel")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self.text.mark_set(_PENDING, "end-1c")
        self.text.mark_gravity(_PENDING, "left")
        self._bind_events()
        configure_tags(self.text, look)

    def sync(self, placeholder: str) -> bool:
        """Show what has changed since the last time, or `placeholder` where there is nothing to show.

        Returns whether more is to be shown than was good for one moment.
        """
        self._show_placeholder(placeholder)
        transcript, window = self.transcript, self.block_window
        changed, pending = transcript.pop_changed(), transcript.pending()
        if window.bottom != transcript.end or changed or pending != self.pending:
            self.text.configure(state="normal")
            # First of all: a block that changes just above would be inserted below the mark.
            self.text.delete(_PENDING, "end-1c")
            self._drop_trimmed()
            self._redraw(changed)
            self._append_new(pending)
            self.text.configure(state="disabled")
            if self.following:
                self.text.see("end")
        return window.bottom < transcript.end and (self.following or len(window) < MAX_BLOCKS_READING)

    def scroll_to_end(self) -> None:
        """Go to the newest line and stay there."""
        if self.transcript.end - self.block_window.bottom > BATCH_BLOCKS:
            self._load_from(self.transcript.end - BATCH_BLOCKS)
        self.following = True
        self.text.see("end")
        self._on_view_changed()

    def scroll_to(self, number: int) -> None:
        """Bring a block into sight, and stay there."""
        self.following = False
        if number not in self.block_window:
            self._load_from(max(number - BATCH_BLOCKS // 2, self.transcript.first))
        line = self.block_window.start_line(number)
        self.text.see(f"{line}.0")
        self.text.see(f"{line + self.block_window.line_count(number) - 1}.0")
        self._on_view_changed()

    @property
    def at_end(self) -> bool:
        """Whether the newest line is in sight."""
        return self.block_window.bottom == self.transcript.end and self.text.yview()[1] >= _AT_END

    def page_scroll(self, pages: int) -> None:
        """Scroll by so many pages."""
        self.text.yview_scroll(pages, "pages")
        self.on_scrolled()

    def _show_placeholder(self, text: str) -> None:
        if text == self._placeholder.cget("text"):
            return
        self._placeholder.configure(text=text)
        if text:
            self._placeholder.place(relx=0.5, rely=0.5, anchor="center")
        else:
            self._placeholder.place_forget()

    # What the widget holds. Its state is normal here.

    def _drop_trimmed(self) -> None:
        trimmed = min(self.transcript.first - self.block_window.top, len(self.block_window))
        if trimmed > 0:
            self._drop_top(trimmed)
        if not len(self.block_window):
            self.block_window.clear(max(self.block_window.top, self.transcript.first))

    def _redraw(self, changed: set[int]) -> None:
        for number in sorted(changed):
            if number in self.block_window:
                line = self.block_window.start_line(number)
                self.text.delete(f"{line}.0", f"{line + self.block_window.line_count(number)}.0")
                self.block_window.resize(number, *self._insert(f"{line}.0", [self.transcript.block(number)]))

    def _append_new(self, pending: list[Block]) -> None:
        """Put in what is new below, as much as is good for one moment."""
        transcript, window = self.transcript, self.block_window
        self.pending, self.pending_lines = pending, []
        if self.following and transcript.end - window.bottom > MAX_BLOCKS_FOLLOWING:
            self.text.delete("1.0", "end-1c")
            window.clear(transcript.end - BATCH_BLOCKS)
        if self.following or len(window) < MAX_BLOCKS_READING:
            self._append_batch()
        if self.following and len(window) > MAX_BLOCKS_FOLLOWING + BATCH_BLOCKS:
            self._drop_top(len(window) - MAX_BLOCKS_FOLLOWING)
        self.text.mark_set(_PENDING, "end-1c")
        if window.bottom == transcript.end:
            self.pending_lines = self._insert("end-1c", pending)

    def _append_batch(self) -> None:
        new = self.transcript.blocks(self.block_window.bottom, self.block_window.bottom + BATCH_BLOCKS)
        new = new[: batch_size([len(block.visible_text) for block in new])]
        self.block_window.append(self._insert("end-1c", new))

    def _prepend_batch(self) -> None:
        start = max(self.block_window.top - BATCH_BLOCKS, self.transcript.first)
        new = self.transcript.blocks(start, self.block_window.top)
        new = new[len(new) - batch_size([len(block.visible_text) for block in reversed(new)]) :]
        self.block_window.prepend(self._insert("1.0", new))

    def _drop_top(self, count: int) -> None:
        self.text.delete("1.0", f"{self.block_window.drop_top(count) + 1}.0")

    def _drop_bottom(self, count: int) -> None:
        self.block_window.drop_bottom(count)
        self.text.delete(f"{self.block_window.total_lines + 1}.0", "end-1c")
        self.text.mark_set(_PENDING, "end-1c")
        self.pending, self.pending_lines = [], []

    def _insert(self, index: str, blocks: Sequence[Block]) -> list[int]:
        """Insert all blocks by one call: that costs a tenth of a call for each."""
        runs_by_block = [self._run_builder.build(block) for block in blocks]
        flat = [part for runs in runs_by_block for piece in runs for part in piece]
        if flat:
            self.text.tk.call(str(self.text), "insert", index, *flat)
        return [count_lines(pieces) for pieces in runs_by_block]

    def _load_from(self, number: int) -> None:
        """Hold the blocks from this one on."""
        self.text.configure(state="normal")
        self.text.delete("1.0", "end-1c")
        self.block_window.clear(number)
        self._append_batch()
        self.text.mark_set(_PENDING, "end-1c")
        self.pending, self.pending_lines = [], []
        self.text.configure(state="disabled")

    # Where the reader is.

    def on_scrolled(self) -> None:
        """Somebody may have scrolled: see whether they follow."""
        self.following = self.at_end
        self._on_view_changed()

    def _on_scrollbar(self, *args: str) -> None:
        if args[0] == "moveto":
            self._scroll_to_fraction(min(max(float(args[1]), 0.0), 1.0))
        else:
            self.text.yview(*args)
        self.on_scrolled()

    def _scroll_to_fraction(self, fraction: float) -> None:
        """Show the part of the whole conversation that begins so far from its beginning."""
        window, transcript = self.block_window, self.transcript
        wanted = transcript.first + int(fraction * (transcript.end - transcript.first))
        if wanted not in window:
            self._load_from(max(wanted - PREFETCH_BLOCKS, transcript.first))
        # By lines, for Tk only guesses how high those are that were never seen.
        self.text.yview(f"{window.start_line(min(max(wanted, window.top), window.bottom))}.0")

    def _update_scrollbar(self, first: float, last: float) -> None:
        """Show where in the whole conversation this is, and have more fetched where it comes to an end."""
        window, transcript = self.block_window, self.transcript
        held = max(transcript.end - transcript.first, 1)
        above, part = (window.top - transcript.first) / held, len(window) / held
        if window.bottom == transcript.end and float(last) >= _AT_END:
            self._scrollbar.set(above + part * float(first), 1.0)
        else:
            self._scrollbar.set(above + part * float(first), above + part * float(last))
        elsewhere = window.top > transcript.first or window.bottom < transcript.end
        if elsewhere and not self.following and not self._fetching:
            # Not in an idle moment: fetching has the text scrolled again, and that moment would never end.
            self._fetching = self.after(_FETCH_AFTER_MS, self._fetch)

    def _fetch(self) -> None:
        """Fetch what is about to come into sight, and let go of what is far from it."""
        self._fetching = ""
        window, text = self.block_window, self.text
        if self.following or not len(window):
            return
        upper, lower = (
            window.block_at(int(text.index(index).split(".")[0])) for index in ("@0,0", "@0,99999")
        )
        above = upper - window.top < PREFETCH_BLOCKS and window.top > self.transcript.first
        below = window.bottom - lower < PREFETCH_BLOCKS and window.bottom < self.transcript.end
        if not (above or below):
            return  # a change of the state alone has the text scrolled, and this would go on for ever
        text.configure(state="normal")
        if above:
            self._preserve_scroll(self._prepend_batch)
            if len(window) > MAX_BLOCKS_READING:
                self._drop_bottom(
                    min(len(window) - MAX_BLOCKS_READING, max(window.bottom - lower - PREFETCH_BLOCKS, 0))
                )
        else:
            self._fetch_below(upper)
        text.configure(state="disabled")

    def _fetch_below(self, upper: int) -> None:
        self._append_batch()
        self.text.mark_set(_PENDING, "end-1c")
        excess = min(
            len(self.block_window) - MAX_BLOCKS_READING, upper - self.block_window.top - PREFETCH_BLOCKS
        )
        if excess > 0:
            self._preserve_scroll(lambda: self._drop_top(excess))

    def _preserve_scroll(self, change: Callable[[], None]) -> None:
        """Change what is above without moving what is seen."""
        text = self.text
        text.mark_set(_SCROLL_ANCHOR, "@0,0")
        before = text.dlineinfo(_SCROLL_ANCHOR)
        change()
        text.yview(_SCROLL_ANCHOR)
        after = text.dlineinfo(_SCROLL_ANCHOR)
        if before and after:
            text.yview_scroll(after[1] - before[1], "pixels")

    def _bind_events(self) -> None:
        text = self.text
        # Without a click a disabled text does not get the keyboard, and then Ctrl-C copies nothing.
        text.bind("<Button-1>", lambda _: text.focus_set(), add=True)
        text.bind("<Up>", lambda _: self._line_scroll(-3))
        text.bind("<Down>", lambda _: self._line_scroll(3))
        text.bind("<Home>", lambda _: self._jump_to(self.transcript.first))
        text.bind("<End>", lambda _: self._jump_to(None))
        self.bind("<<ThemeChanged>>", lambda _: configure_tags(text, self._look))
        text.bind("<Configure>", self._on_resize)
        after = "MessangoScrolled"
        text.bindtags((*text.bindtags(), after))
        for event in ("<MouseWheel>", "<Button-4>", "<Button-5>", "<B1-Motion>", "<KeyRelease>"):
            text.bind_class(after, event, _notify_scrolled)
        text.bind("<<MessangoScrolled>>", lambda _: self.on_scrolled())

    def _line_scroll(self, lines: int) -> str:
        self.text.yview_scroll(lines, "units")
        self.on_scrolled()
        return "break"

    def _jump_to(self, number: int | None) -> str:
        if number is None:
            self.scroll_to_end()
        else:
            self.scroll_to(number)
        return "break"

    def _on_resize(self, event: tk.Event[tk.Text]) -> None:
        set_margins(self.text, self._look, event.width)
        if self.following:
            self.scroll_to_end()

    def destroy(self) -> None:
        """Also call off what was to be fetched."""
        if self._fetching:
            self.after_cancel(self._fetching)
        super().destroy()


def _notify_scrolled(event: tk.Event[tk.Misc]) -> None:
    event.widget.event_generate("<<MessangoScrolled>>")
