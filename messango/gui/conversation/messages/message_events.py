"""Mouse and keys that go to one message of a transcript: its menu, its reactions, its commands."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from typing import Final

from messango.gui.conversation.files.card_commands import CardCommands
from messango.gui.conversation.messages.message_commands import MessageCommands
from messango.gui.conversation.messages.message_menu import MessageMenu
from messango.gui.conversation.messages.message_selection import MessageSelection
from messango.gui.conversation.transcript.transcript_bindings import TranscriptBindings
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.look.look import Look
from messango.gui.model.transcript.blocks import Block
from messango.protocol.frames import Reaction

_MENU_KEYS: Final = ("<Menu>", "<App>", "<Shift-F10>")


class MessageEvents:
    """Binds them to the transcript; `on_leave` gets the focus back from a selected message."""

    def __init__(
        self,
        view: TranscriptView,
        look: Look,
        bindings: TranscriptBindings,
        commands: MessageCommands,
        menu: MessageMenu,
        *,
        on_leave: Callable[[], None],
    ) -> None:
        self._view, self._bindings, self._commands, self._menu = view, bindings, commands, menu
        #: What can be done with the files of messages.
        self.files: CardCommands | None = None
        self.selection = MessageSelection(
            view,
            look,
            keys={
                "r": commands.reply,
                "e": commands.edit,
                "p": commands.reply_privately,
                "plus": lambda block: menu.open_reactions(block, *self._place_of(block)),
                "Return": self._on_return,
                "Delete": lambda block: menu.ask_delete(block, *self._place_of(block)),
            },
            on_leave=on_leave,
        )
        bindings.copied_by_default = self._text_to_copy
        view.held.reaction_rows.on_press = self._on_reaction
        view.on_drawn.append(self.selection.refresh)
        self._bind()

    def _bind(self) -> None:
        text = self._view.text
        on_mac = text.tk.call("tk", "windowingsystem") == "aqua"
        for event in ("<Button-2>", "<Control-Button-1>") if on_mac else ("<Button-3>",):
            text.bind(event, self._on_menu_click)
        for key in _MENU_KEYS:
            # Windows alone knows the key App, X11 alone the key Menu.
            if text.tk.call("tk", "windowingsystem") == "win32" or key != "<App>":
                text.bind(key, lambda _: self._on_menu_key())

    def _on_menu_click(self, event: tk.Event[tk.Text]) -> str:
        index = f"@{event.x},{event.y}"
        block, number = self._bindings.block_at(index)
        if block is None:
            return "break"
        self._view.text.focus_set()
        if number is not None and block.is_message:
            self.selection.select(number, scroll=False)
        in_selection = "sel" in self._view.text.tag_names(index)
        self._menu.open(
            block,
            event.x_root,
            event.y_root,
            selected=self._bindings.selected_text() if in_selection else "",
            link=self._bindings.link_at(index),
        )
        return "break"

    def _on_menu_key(self) -> str:
        if self.selection.block is None:
            self.selection.select_visible()
        block = self.selection.block
        if block is not None:
            self._menu.open(block, *self._place_of(block))
        return "break"

    def _on_reaction(self, index: str, reaction: Reaction) -> None:
        block, _ = self._bindings.block_at(index)
        if block is not None:
            self._commands.react(block, reaction.emoji)

    def _on_return(self, block: Block) -> None:
        """Open the link that Tab has reached, or else do what a click on the message's file does."""
        if not self._bindings.activate_focused() and self.files is not None:
            self.files.run(block, None)

    def _text_to_copy(self) -> str:
        block = self.selection.block
        return block.text if block is not None else ""

    def _place_of(self, block: Block) -> tuple[int, int]:
        """Return where a menu of a message opens: at its first visible line."""
        text, held = self._view.text, self._view.held
        x, y = text.winfo_rootx(), text.winfo_rooty()
        number = self._view.transcript.find(block.seq)
        if number is None or number not in held.window:
            return x, y
        line = held.window.start_line(number)
        boxes = (text.dlineinfo(f"{line + offset}.0") for offset in range(held.window.line_count(number)))
        visible = [box for box in boxes if box]
        return (x + visible[-1][0], y + visible[-1][1]) if visible else (x, y)
