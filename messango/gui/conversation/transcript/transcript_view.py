"""The transcript on the screen: a read-only text that can be scrolled, selected and copied."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import Final

from messango.gui.conversation.files.file_rows import FileRows
from messango.gui.conversation.transcript.block_text import BlockText
from messango.gui.conversation.transcript.emoji_images import EmojiImages
from messango.gui.conversation.transcript.reaction_rows import ReactionRows
from messango.gui.conversation.transcript.selection_keys import bind_selection_keys
from messango.gui.conversation.transcript.text_tags import configure_tags, set_margins
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.text_runs import TextRunBuilder
from messango.gui.model.transcript.block_range import BATCH_BLOCKS, PREFETCH_BLOCKS
from messango.gui.model.transcript.transcript import Transcript

#: Scrolling draws the blocks that are there before it fetches more.
_FETCH_AFTER_MS: Final = 10

#: While the window changes its size, lines are broken again at most this often.
_REARRANGE_AFTER_MS: Final = 40

#: From this fraction of the widget's text on, the newest line counts as visible.
_AT_END: Final = 0.9999


class TranscriptView(ttk.Frame):
    """Shows a `Transcript`; follows new messages unless the reader has scrolled up.

    The widget holds a bounded number of blocks, and fetches others while the reader scrolls.
    `on_view_changed` is called when other lines become visible.
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
        self.following = True
        #: Called when the lines have changed or moved.
        self.on_drawn: list[Callable[[], None]] = []
        self._fetching = self._rearranging = ""
        self._drawn_extent = (0, 0)
        self.text = tk.Text(
            self,
            state="disabled",
            wrap="word",
            borderwidth=0,
            highlightthickness=look.scaled(2),
            padx=0,
            pady=look.scaled(theme.SMALL_GAP),
            font=theme.SPACE,  # of text without a tag: the empty line that Tk keeps at the end
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
        self._note = ttk.Label(self, style="SurfaceMuted.TLabel", font=theme.SMALL)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        run_builder = TextRunBuilder(sanitizer, len(look.palette.name_colors))
        self.held = BlockText(
            self.text,
            transcript,
            run_builder,
            ReactionRows(self.text, look, sanitizer),
            FileRows(self.text, look, sanitizer),
            EmojiImages(self.text, look, sanitizer),
            reorders=sanitizer.reorders,
        )
        self._bind_events()
        configure_tags(self.text, look)

    def sync(self, placeholder: str) -> bool:
        """Show what has changed since the last call, or `placeholder` if there is nothing to show.

        Returns whether more is waiting to be drawn.
        """
        self._show_placeholder(placeholder)
        if self.held.sync(following=self.following):
            if self.following:
                self.text.see("end")
            self._report_drawn()
        extent = (self.transcript.first, self.transcript.end)
        if extent != self._drawn_extent:
            self._drawn_extent = extent
            self._plan_fetch()  # a reader at the top does not scroll when there is more
        return self.held.has_more(following=self.following)

    def scroll_to_end(self) -> None:
        """Scroll to the newest line, and follow from now on."""
        transcript = self.transcript
        transcript.parts.show_newest()
        if transcript.end - self.held.window.bottom > BATCH_BLOCKS:
            self.held.load_from(max(transcript.end - BATCH_BLOCKS, transcript.first))
        self.following = True
        self.text.see("end")
        self._on_view_changed()

    def scroll_to(self, number: int) -> None:
        """Scroll to a block, and stay there."""
        self.following = False
        window = self.held.window
        if number not in window:
            self.held.load_from(max(number - BATCH_BLOCKS // 2, self.transcript.first))
        line = window.start_line(number)
        self.text.see(f"{line}.0")
        self.text.see(f"{line + window.line_count(number) - 1}.0")
        self._on_view_changed()

    def toggle_expanded(self, number: int, index: str) -> None:
        """Show all of a long block, or less of it, without moving what is above the clicked line, `index`."""
        text, expand = self.text, self.transcript.block(number).is_collapsed
        clicked, top = text.dlineinfo(index), text.index("@0,0")
        before = text.dlineinfo(top)
        (self.transcript.expand if expand else self.transcript.collapse)(number)
        self.held.sync(following=False)
        if expand:
            _scroll_line_to(text, top, before)
        else:  # the line that offers to show all comes under the pointer
            line = self.held.window.start_line(number) + self.held.window.line_count(number) - 1
            _scroll_line_to(text, f"{line}.0", clicked)
        self.on_scrolled()

    def reading_range(self, *, also_following: bool) -> tuple[int, int] | None:
        """Return the visible blocks of a reader who may want to see more.

        That is not one who follows new messages; with `also_following` only if there is room above those.
        """
        if not len(self.held.window):
            return None
        if self.following and not (also_following and self.text.yview() == (0.0, 1.0)):
            return None
        return self._visible_blocks()

    @property
    def at_top(self) -> bool:
        """Whether the first line that is loaded is visible."""
        return self.held.window.top == self.transcript.first and self.text.yview()[0] == 0.0

    def show_note(self, text: str) -> None:
        """Show a text above the first line, or none."""
        if text == self._note.cget("text"):
            return
        self._note.configure(text=text)
        if text:
            self._note.place(relx=0.5, y=self._look.scaled(theme.TINY), anchor="n")
        else:
            self._note.place_forget()

    @property
    def at_end(self) -> bool:
        """Whether the newest line is visible."""
        shows_newest = self.transcript.parts.shows_newest and self.held.window.bottom == self.transcript.end
        return shows_newest and self.text.yview()[1] >= _AT_END

    def visible_seqs(self) -> tuple[int, int] | None:
        """Return the numbers of the first and the last message that are visible; None if there is none."""
        window = self.held.window
        if not len(window):
            return None
        top, bottom = (
            window.block_at(int(self.text.index(index).split(".")[0])) for index in ("@0,0", "@0,99999")
        )
        seqs = [block.seq for block in self.transcript.blocks(top, bottom + 1) if block.is_message]
        return (min(seqs), max(seqs)) if seqs else None

    def page_scroll(self, pages: int) -> None:
        """Scroll by a number of pages, up if negative."""
        self.text.yview_scroll(pages, "pages")
        self.on_scrolled()

    def on_scrolled(self) -> None:
        """Follow again if the reader has scrolled to the end, else stop following."""
        self.following = self.at_end
        self._on_view_changed()

    def destroy(self) -> None:
        """Cancel the timers, too."""
        for timer in (self._fetching, self._rearranging):
            if timer:
                self.after_cancel(timer)
        super().destroy()

    def _report_drawn(self) -> None:
        for report in self.on_drawn:
            report()

    def _show_placeholder(self, text: str) -> None:
        if text == self._placeholder.cget("text"):
            return
        self._placeholder.configure(text=text)
        if text:
            self._placeholder.place(relx=0.5, rely=0.5, anchor="center")
        else:
            self._placeholder.place_forget()

    def _on_scrollbar(self, *args: str) -> None:
        if args[0] == "moveto":
            self._scroll_to_fraction(min(max(float(args[1]), 0.0), 1.0))
        else:
            self.text.yview(*args)
        self.on_scrolled()

    def _scroll_to_fraction(self, fraction: float) -> None:
        """Scroll to a fraction of the whole conversation, 0 to 1."""
        window, transcript = self.held.window, self.transcript
        wanted = transcript.first + int(fraction * (transcript.end - transcript.first))
        if wanted not in window:
            self.held.load_from(max(wanted - PREFETCH_BLOCKS, transcript.first))
        # By lines: Tk only estimates the height of lines that it has never drawn.
        self.text.yview(f"{window.start_line(min(max(wanted, window.top), window.bottom))}.0")

    def _update_scrollbar(self, first: float, last: float) -> None:
        """Show the position in the whole conversation, and fetch more blocks if the widget's end is near."""
        window, transcript = self.held.window, self.transcript
        total = max(transcript.end - transcript.first, 1)
        above, part = (window.top - transcript.first) / total, len(window) / total
        if window.bottom == transcript.end and float(last) >= _AT_END:
            self._scrollbar.set(above + part * float(first), 1.0)
        else:
            self._scrollbar.set(above + part * float(first), above + part * float(last))
        self._report_drawn()
        self._plan_fetch()

    def _plan_fetch(self) -> None:
        window, transcript = self.held.window, self.transcript
        elsewhere = window.top > transcript.first or window.bottom < transcript.end
        if elsewhere and not self.following and not self._fetching:
            # Not `after_idle`: fetching scrolls the text, so idle tasks would never end.
            self._fetching = self.after(_FETCH_AFTER_MS, self._fetch)

    def _fetch(self) -> None:
        """Prefetch the blocks that are about to become visible."""
        self._fetching = ""
        if not self.following and len(self.held.window):
            self.held.fetch_around(*self._visible_blocks())

    def _visible_blocks(self) -> tuple[int, int]:
        """Return the first and the last block of which something is visible."""
        top, bottom = (
            self.held.window.block_at(int(self.text.index(index).split(".")[0]))
            for index in ("@0,0", "@0,99999")
        )
        return top, bottom

    def _bind_events(self) -> None:
        text = self.text
        # A disabled text does not take the focus on a click, and then Ctrl-C copies nothing.
        text.bind("<Button-1>", lambda _: text.focus_set(), add=True)
        text.bind("<Up>", lambda _: self._line_scroll(-3))
        text.bind("<Down>", lambda _: self._line_scroll(3))
        text.bind("<Home>", lambda _: self._jump_to(self.transcript.first))
        text.bind("<End>", lambda _: self._jump_to(None))
        bind_selection_keys(text)
        self.bind("<<ThemeChanged>>", lambda _: self._on_theme_changed())
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

    def _on_theme_changed(self) -> None:
        configure_tags(self.text, self._look)
        set_margins(self.text, self._look, self.text.winfo_width())
        self.held.rearrange()
        self.held.recolor()

    def _on_resize(self, event: tk.Event[tk.Text]) -> None:
        set_margins(self.text, self._look, event.width)
        if not self._rearranging:
            self.held.rearrange()
            self._rearranging = self.after(_REARRANGE_AFTER_MS, self._rearrange)
        if self.following:
            self.scroll_to_end()

    def _rearrange(self) -> None:
        """Break lines for the last of the sizes since they were broken."""
        self._rearranging = ""
        self.held.rearrange()
        if self.following:
            self.scroll_to_end()


def _scroll_line_to(text: tk.Text, index: str, wanted: tuple[int, int, int, int, int] | None) -> None:
    """Scroll so that the line at `index` is as high in the widget as another one was."""
    text.see(index)
    now = text.dlineinfo(index)
    if now and wanted:
        text.yview_scroll(now[1] - wanted[1], "pixels")


def _notify_scrolled(event: tk.Event[tk.Misc]) -> None:
    event.widget.event_generate("<<MessangoScrolled>>")
