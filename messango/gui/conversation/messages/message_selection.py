"""Which message is selected, by keyboard or by a right click, and the keys that go to it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Final

from messango.gui.conversation.messages.message_ring import MessageRing
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.look.look import Look
from messango.gui.model.transcript.blocks import Block

#: Before the text's own keys; a letter that nothing is bound to goes on to them.
_KEYS: Final = "MessangoMessageKeys"


class MessageSelection:
    """Selects one of the settled messages, by its number in the room's order, so that it survives scrolling.

    Up and Down go to the next message, `keys` maps the names of other keys to what they do with the selected
    one, and Escape calls `on_leave`, as Down does after the newest message.
    """

    def __init__(
        self,
        view: TranscriptView,
        look: Look,
        *,
        keys: Mapping[str, Callable[[Block], object]],
        on_leave: Callable[[], None],
    ) -> None:
        self._view, self._keys, self._on_leave = view, keys, on_leave
        self._ring = MessageRing(view.text, look)
        self._seq = 0
        self._bind()

    @property
    def block(self) -> Block | None:
        """The selected message, or None."""
        number = self._number
        return None if number is None else self._view.transcript.block(number)

    def select(self, number: int, *, scroll: bool = True) -> None:
        """Select a message, and scroll to it."""
        self._seq = self._view.transcript.block(number).seq
        if scroll:
            self._view.scroll_to(number)
            self._view.on_scrolled()
        self.refresh()

    def select_newest(self) -> bool:
        """Select the newest message and take the focus; returns whether there is one."""
        transcript = self._view.transcript
        number = self._next(transcript.end, -1)
        if number is None:
            return False
        self._view.scroll_to_end()
        self._view.text.focus_set()
        self.select(number)
        return True

    def clear(self) -> None:
        """Select none."""
        self._seq = 0
        self._ring.hide()

    def refresh(self) -> None:
        """Draw the ring where the selected message is now, while keys go to it."""
        number, held = self._number, self._view.held
        if number is None or number not in held.window or not self._has_keys():
            self._ring.hide()
            return
        line = held.window.start_line(number)
        last = line + held.window.line_count(number) - 1
        # The empty line above a header is part of its block, but not of the message.
        while line < last and not self._view.text.get(f"{line}.0", f"{line}.end").strip():
            line += 1
        self._ring.show(line, last)

    def _has_keys(self) -> bool:
        """Return whether the transcript has the focus, or a menu that gives it back."""
        text = self._view.text
        # `focus_get` fails for a menu: Tk gives the focus to a copy that tkinter does not know.
        focused = str(text.tk.call("focus"))
        return focused == str(text) or bool(focused and text.tk.call("winfo", "class", focused) == "Menu")

    @property
    def _number(self) -> int | None:
        return self._view.transcript.find(self._seq) if self._seq else None

    def _next(self, number: int, delta: int) -> int | None:
        """Return the next message above (-1) or below (1) a block."""
        transcript = self._view.transcript
        number += delta
        while transcript.first <= number < transcript.end:
            block = transcript.block(number)
            if block.is_message and block.seq and not transcript.is_hidden(block):
                return number
            number += delta
        return None

    def _move(self, delta: int) -> str:
        current = self._number
        if current is None:
            self.select_visible(delta)
            return "break"
        number = self._next(current, delta)
        if number is not None:
            self.select(number)
        elif delta > 0:
            self._leave()
        return "break"

    def select_visible(self, delta: int = -1) -> None:
        """Begin with the last message in sight, or with a `delta` of 1 with the first."""
        text, window = self._view.text, self._view.held.window
        if len(window):
            corner = "@0,0" if delta > 0 else f"@0,{text.winfo_height()}"
            number = window.block_at(int(text.index(corner).split(".")[0]))
            found = self._next(number - delta, delta)
            found = self._next(number, -delta) if found is None else found
            if found is not None:
                self.select(found)

    def _leave(self) -> str:
        self.clear()
        self._on_leave()
        return "break"

    def _bind(self) -> None:
        text = self._view.text
        text.bindtags((_KEYS, *text.bindtags()))
        for key, delta in (("Up", -1), ("Down", 1)):
            text.bind_class(_KEYS, f"<{key}>", self._moving(delta))
            # These select text; without a binding of their own, Tk takes them for Up and Down.
            for modifiers in ("Shift", "Control", "Control-Shift"):
                text.bind_class(_KEYS, f"<{modifiers}-{key}>", lambda _: None)
        text.bind_class(_KEYS, "<Escape>", lambda _: self._leave() if self._number is not None else None)
        text.bind_class(_KEYS, "<Key>", self._on_key)
        text.bind_class(_KEYS, "<Button-1>", lambda _: self.clear())
        text.bind_class(_KEYS, "<FocusOut>", lambda _: self.refresh())
        text.bind_class(_KEYS, "<FocusIn>", lambda _: self.refresh())

    def _moving(self, delta: int) -> Callable[[tk.Event[tk.Misc]], str]:
        return lambda _: self._move(delta)

    def _on_key(self, event: tk.Event[tk.Misc]) -> str | None:
        block = self.block
        name = event.keysym if len(event.keysym) > 1 else event.keysym.lower()
        # Bit 0 is Shift, which a plus sign needs on many keyboards; the others make a shortcut of the window.
        if block is None or name not in self._keys or int(event.state) & 0b1100:
            return None
        self._keys[name](block)
        return "break"
