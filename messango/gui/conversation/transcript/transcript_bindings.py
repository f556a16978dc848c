"""Mouse and keyboard in a transcript: copy, open links, send failed messages again."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.client.message_text.link import real_address
from messango.gui.conversation.transcript.block_text import BlockText
from messango.gui.conversation.transcript.text_tags import TAB_FOCUS
from messango.gui.model.files.file_card import FileAction
from messango.gui.model.text.run_tags import (
    CLICKABLE,
    DISCARD,
    FILE_CARD,
    LINK,
    MESSAGE_TEXT,
    QUOTE,
    SEND_AGAIN,
    SHOW_ALL,
    SHOW_LESS,
)
from messango.gui.model.transcript.blocks import Block
from messango.gui.model.transcript.clipboard_text import SelectedPart, format_selection

_OPENS: Final = "Opens "


class TranscriptBindings:
    """Binds mouse and keys to the text of a transcript; owns no widget.

    `on_link` gets a link's real address; `on_status` a text about the link under the pointer or the tab
    focus; `on_send_again` and `on_discard` the id of a failed message; `on_toggle` the number of a
    block to show in full, or less of it, and where that was clicked; `on_quote` the number of a message that
    another one answers.
    """

    def __init__(
        self,
        held: BlockText,
        *,
        on_link: Callable[[str], None],
        on_status: Callable[[str], None],
        on_send_again: Callable[[str], None],
        on_discard: Callable[[str], None],
        on_toggle: Callable[[int, str], None],
        on_quote: Callable[[int], None],
    ) -> None:
        self._on_quote = on_quote
        #: Gets the message with a file, and what to do with the file; None for what its card does on a click.
        self.on_file: Callable[[Block, FileAction | None], object] = lambda _block, _action: None
        #: Returns what is copied when nothing is marked.
        self.copied_by_default: Callable[[], str] = lambda: ""
        self._held, self._text = held, held.text
        self._on_link, self._on_status = on_link, on_status
        self._on_send_again, self._on_discard, self._on_toggle = on_send_again, on_discard, on_toggle
        self._bind()

    def selected_text(self) -> str:
        """Return the selection in the form in which it is copied."""
        ranges = self._text.tag_ranges("sel")
        if not ranges:
            return ""
        first, last = (self._text.index(position) for position in (str(ranges[0]), str(ranges[-1])))
        parts = [
            self._selected_part(block, start, lines, first, last)
            for block, start, lines in self._held_blocks()
        ]
        return format_selection([part for part in parts if part is not None])

    def activate(self, index: str) -> None:
        """Do what is clickable at this index: open the link, send again, discard, or show all."""
        tags = self._text.tag_names(index)
        block, number = self.block_at(index)
        if link := self.link_at(index):
            self._on_link(real_address(link))
        elif block is not None and block.reply is not None and QUOTE in tags:
            self._on_quote(block.reply.seq)
        elif number is not None and (SHOW_ALL in tags or SHOW_LESS in tags):
            self._on_toggle(number, self._text.index(index))
        elif block is not None:
            self._activate_message(block, tags)

    def _activate_message(self, block: Block, tags: tuple[str, ...]) -> None:
        action = next((action for action in FileAction if action.value in tags), None)
        if SEND_AGAIN in tags:
            self._on_send_again(block.pending_id)
        elif DISCARD in tags:
            self._on_discard(block.pending_id)
        elif action is not None or FILE_CARD in tags:
            self.on_file(block, action)

    def _bind(self) -> None:
        text = self._text
        for tag in CLICKABLE:
            text.tag_bind(tag, "<Enter>", self._on_enter)
            text.tag_bind(tag, "<Leave>", self._on_leave)
            text.tag_bind(tag, "<ButtonRelease-1>", self._on_release)
        text.bind("<<Copy>>", self._on_copy)
        text.bind("<Tab>", lambda _: self._on_tab(forwards=True))
        text.bind("<Return>", self._on_return)
        text.bind("<FocusOut>", lambda _: self._clear_tab_focus())

    def _on_enter(self, event: tk.Event[tk.Text]) -> None:
        self._text.configure(cursor="hand2")
        self._show_link_target(f"@{event.x},{event.y}")

    def _on_leave(self, _event: tk.Event[tk.Text]) -> None:
        self._text.configure(cursor="xterm")
        self._on_status("")

    def _show_link_target(self, index: str) -> None:
        link = self.link_at(index)
        self._on_status(_OPENS + real_address(link) if link else "")

    def _on_release(self, event: tk.Event[tk.Text]) -> None:
        if not self._text.tag_ranges("sel"):  # a selected link is to be copied, not opened
            self.activate(f"@{event.x},{event.y}")

    def copy_selection(self) -> None:
        """Copy the selection, or without one what is copied then."""
        text = self.selected_text() or self.copied_by_default()
        if text:
            self._text.clipboard_clear()
            self._text.clipboard_append(text)

    def _on_copy(self, _event: tk.Event[tk.Text]) -> str:
        self.copy_selection()
        return "break"

    # The keyboard: Tab goes from one clickable range to the next, then out of the transcript.

    def _on_tab(self, *, forwards: bool) -> str | None:
        focused = self._text.tag_ranges(TAB_FOCUS)
        begin = str(focused[1]) if focused else "@0,0"
        self._clear_tab_focus()
        candidates = [found for tag in CLICKABLE if (found := self._text.tag_nextrange(tag, begin))]
        if not forwards or not candidates:
            return None
        first, last = min(candidates, key=lambda found: _position(found[0]))
        self._text.tag_add(TAB_FOCUS, first, last)
        self._held.file_rows.update_marks()
        self._text.see(first)
        self._show_link_target(first)
        return "break"

    def activate_focused(self) -> bool:
        """Do what is clickable where Tab is; returns false if it is nowhere."""
        focused = self._text.tag_ranges(TAB_FOCUS)
        if focused:
            self.activate(str(focused[0]))
        return bool(focused)

    def _on_return(self, _event: tk.Event[tk.Text]) -> str:
        self.activate_focused()
        return "break"

    def _clear_tab_focus(self) -> None:
        if self._text.tag_ranges(TAB_FOCUS):
            self._text.tag_remove(TAB_FOCUS, "1.0", "end")
            self._held.file_rows.update_marks()
            self._on_status("")

    def _tagged_text(self, tag: str, index: str) -> str:
        """Return the text of the tagged range at this index, as it was sent."""
        line, column = _position(self._text.index(index))
        reordered = self._held.arranged_at(line)
        if reordered is not None:
            arrangement, first_line = reordered
            return arrangement.run_at(line - first_line, column)[0]
        tag_range = self._text.tag_prevrange(tag, f"{index} + 1 chars")
        return self._text.get(*tag_range) if tag_range else ""

    def _held_blocks(self) -> list[tuple[Block, int, int]]:
        """Return each block in the widget, with its first line and its number of lines."""
        window, transcript = self._held.window, self._held.transcript
        counts = [window.line_count(number) for number in range(window.top, window.bottom)]
        trimmed = max(transcript.first - window.top, 0)  # not yet deleted from the text
        line = 1 + sum(counts[:trimmed])
        blocks = [*transcript.blocks(window.top, window.bottom), *self._held.pending]
        found = []
        for block, lines in zip(blocks, [*counts[trimmed:], *self._held.pending_lines], strict=False):
            found.append((block, line, lines))
            line += lines
        return found

    def link_at(self, index: str) -> str:
        """Return the text of the link at an index, as it was sent; empty if there is none."""
        return self._tagged_text(LINK, index) if LINK in self._text.tag_names(index) else ""

    def block_at(self, index: str) -> tuple[Block | None, int | None]:
        """Return the block at an index, and its number if it is settled."""
        line, _ = _position(self._text.index(index))
        window, transcript = self._held.window, self._held.transcript
        if line <= window.total_lines:
            number = window.block_at(line)
            return (transcript.block(number), number) if number >= transcript.first else (None, None)
        line -= window.total_lines
        for block, lines in zip(self._held.pending, self._held.pending_lines, strict=False):
            if line <= lines:
                return block, None
            line -= lines
        return None, None

    def _selected_part(
        self, block: Block, line: int, lines: int, first: str, last: str
    ) -> SelectedPart | None:
        """Return the selected part of a block, or None."""
        start, end = f"{line}.0", f"{line + lines}.0"
        if _position(end) <= _position(first) or _position(start) >= _position(last):
            return None
        all_of_it = self._message_text(start, end)
        selected = self._message_text(max(start, first, key=_position), min(end, last, key=_position))
        return SelectedPart(block, selected, is_whole=selected == all_of_it)

    def _message_text(self, start: str, end: str) -> str:
        """Return the message text between two indexes of a block, without names, times and marks."""
        line, column = _position(start)
        reordered = self._held.arranged_at(line)
        if reordered is not None:
            arrangement, first_line = reordered
            end_line, end_column = _position(end)
            return arrangement.message_text((line - first_line, column), (end_line - first_line, end_column))
        texts: list[str] = []
        inside = MESSAGE_TEXT in self._text.tag_names(start)
        for kind, value, _ in self._text.dump(start, end, text=True, tag=True):
            if kind == "text" and inside:
                texts.append(value)
            elif value == MESSAGE_TEXT:
                inside = kind == "tagon"
        return "".join(texts)


def _position(index: str) -> tuple[int, int]:
    line, _, column = str(index).partition(".")
    return int(line), int(column)
