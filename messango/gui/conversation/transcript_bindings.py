"""What can be done with a transcript by mouse and keyboard: copy, follow links, send again what failed."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.conversation.text_tags import CHOSEN
from messango.gui.conversation.transcript_view import TranscriptView
from messango.gui.model.blocks import Block
from messango.gui.model.clipboard_text import Part, readable
from messango.gui.model.inline_markup import real_address
from messango.gui.model.text_runs import ACTIVE, DISCARD, LINK, SAID, SEND_AGAIN, SHOW_ALL

_OPENS: Final = "Opens "


class TranscriptHands:
    """Binds mouse and keys to a `TranscriptView`; owns nothing on the screen.

    `on_link` is given a link's real address, `on_told` words about what is under the pointer or was
    reached by Tab, `on_send_again` and `on_discard` the id of a message that failed.
    """

    def __init__(
        self,
        view: TranscriptView,
        *,
        on_link: Callable[[str], None],
        on_told: Callable[[str], None],
        on_send_again: Callable[[str], None],
        on_discard: Callable[[str], None],
    ) -> None:
        self._view, self._text = view, view.text
        self._on_link, self._on_told = on_link, on_told
        self._on_send_again, self._on_discard = on_send_again, on_discard
        self._bind()

    def copied(self) -> str:
        """Return what is selected as it is copied."""
        ranges = self._text.tag_ranges("sel")
        if not ranges:
            return ""
        first, last = (self._text.index(place) for place in (str(ranges[0]), str(ranges[-1])))
        parts = [self._part(block, start, lines, first, last) for block, start, lines in self._blocks()]
        return readable([part for part in parts if part is not None])

    def follow(self, index: str) -> None:
        """Do what stands at this place: open the link, send again, show all."""
        names = self._text.tag_names(index)
        block, number = self._block_at(index)
        if LINK in names:
            self._on_link(real_address(self._run(LINK, index)))
        elif SHOW_ALL in names and number is not None:
            self._view.transcript.open(number)
        elif block is not None and SEND_AGAIN in names:
            self._on_send_again(block.key)
        elif block is not None and DISCARD in names:
            self._on_discard(block.key)

    def _bind(self) -> None:
        text = self._text
        for tag in ACTIVE:
            text.tag_bind(tag, "<Enter>", self._entered)
            text.tag_bind(tag, "<Leave>", self._left)
            text.tag_bind(tag, "<ButtonRelease-1>", self._released)
        text.bind("<<Copy>>", self._copy)
        text.bind("<Tab>", lambda _: self._tabbed(forwards=True))
        text.bind("<Return>", self._returned)
        text.bind("<FocusOut>", lambda _: self._unchoose())

    def _entered(self, event: tk.Event[tk.Text]) -> None:
        self._text.configure(cursor="hand2")
        self._tell(f"@{event.x},{event.y}")

    def _left(self, _event: tk.Event[tk.Text]) -> None:
        self._text.configure(cursor="xterm")
        self._on_told("")

    def _tell(self, index: str) -> None:
        link = self._run(LINK, index) if LINK in self._text.tag_names(index) else ""
        self._on_told(_OPENS + real_address(link) if link else "")

    def _released(self, event: tk.Event[tk.Text]) -> None:
        if not self._text.tag_ranges("sel"):  # who selects a link wants to copy it
            self.follow(f"@{event.x},{event.y}")

    def _copy(self, _event: tk.Event[tk.Text]) -> str:
        copied = self.copied()
        if copied:
            self._text.clipboard_clear()
            self._text.clipboard_append(copied)
        return "break"

    # The keyboard: Tab goes from one thing that can be followed to the next, then out.

    def _tabbed(self, *, forwards: bool) -> str | None:
        chosen = self._text.tag_ranges(CHOSEN)
        begin = str(chosen[1]) if chosen else "@0,0"
        self._unchoose()
        following = [found for tag in ACTIVE if (found := self._text.tag_nextrange(tag, begin))]
        if not forwards or not following:
            return None
        first, last = min(following, key=lambda found: _place(found[0]))
        self._text.tag_add(CHOSEN, first, last)
        self._text.see(first)
        self._tell(first)
        return "break"

    def _returned(self, _event: tk.Event[tk.Text]) -> str:
        chosen = self._text.tag_ranges(CHOSEN)
        if chosen:
            self.follow(str(chosen[0]))
        return "break"

    def _unchoose(self) -> None:
        if self._text.tag_ranges(CHOSEN):
            self._text.tag_remove(CHOSEN, "1.0", "end")
            self._on_told("")

    # Which block is where.

    def _run(self, tag: str, index: str) -> str:
        """Return the whole text under a tag at this place."""
        found = self._text.tag_prevrange(tag, f"{index} + 1 chars")
        return self._text.get(*found) if found else ""

    def _blocks(self) -> list[tuple[Block, int, int]]:
        """Return each block that the widget holds, its first line and how many lines it has."""
        view = self._view
        counts = [view.page.lines_of(number) for number in range(view.page.top, view.page.bottom)]
        gone = max(view.transcript.first - view.page.top, 0)  # still on the screen for a moment
        line = 1 + sum(counts[:gone])
        settled = view.transcript.blocks(view.page.top, view.page.bottom)
        held = []
        for block, lines in zip(
            [*settled, *view.pending], [*counts[gone:], *view.pending_lines], strict=False
        ):
            held.append((block, line, lines))
            line += lines
        return held

    def _block_at(self, index: str) -> tuple[Block | None, int | None]:
        """Return the block at a place, and its number where it is settled."""
        line, _ = _place(self._text.index(index))
        view = self._view
        if line <= view.page.lines:
            number = view.page.block_at(line)
            return (
                (view.transcript.block(number), number) if number >= view.transcript.first else (None, None)
            )
        line -= view.page.lines
        for block, lines in zip(view.pending, view.pending_lines, strict=False):
            if line <= lines:
                return block, None
            line -= lines
        return None, None

    def _part(self, block: Block, line: int, lines: int, first: str, last: str) -> Part | None:
        """Return what is selected of a block, or None."""
        start, end = f"{line}.0", f"{line + lines}.0"
        if _place(end) <= _place(first) or _place(start) >= _place(last):
            return None
        all_of_it = self._said(start, end)
        selected = self._said(max(start, first, key=_place), min(end, last, key=_place))
        return Part(block, selected, whole=selected == all_of_it)

    def _said(self, start: str, end: str) -> str:
        """Return what was said between two places, without names, times and marks."""
        said: list[str] = []
        inside = SAID in self._text.tag_names(start)
        for kind, value, _ in self._text.dump(start, end, text=True, tag=True):
            if kind == "text" and inside:
                said.append(value)
            elif value == SAID:
                inside = kind == "tagon"
        return "".join(said)


def _place(index: str) -> tuple[int, int]:
    line, _, column = str(index).partition(".")
    return int(line), int(column)
