"""The menu of a message, that of reactions, and the question before one is deleted."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from messango.gui.conversation.messages.message_commands import MessageCommands
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.conversation.message_actions import QUICK_REACTIONS, MessageAction, delete_label
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.blocks import Block

#: The keys beside the entries, which work while the message is selected.
_KEYS: Final[Mapping[MessageAction, str]] = {
    MessageAction.REPLY: "R",
    MessageAction.REACT: "+",
    MessageAction.COPY: "Ctrl C",
    MessageAction.EDIT: "E",
    MessageAction.DELETE: "Del",
    MessageAction.REPLY_PRIVATELY: "P",
}


class MessageMenu:
    """Opens the menus over `parent`; places are in pixels of the screen."""

    def __init__(
        self, parent: tk.Misc, look: Look, sanitizer: TextSanitizer, commands: MessageCommands
    ) -> None:
        self._parent, self._look, self._sanitizer, self._commands = parent, look, sanitizer, commands
        #: The emoji that the menu of reactions offers.
        self.quick_reactions: Callable[[], Sequence[str]] = lambda: QUICK_REACTIONS
        #: Opens the picker of emoji at a place, with what to do with the chosen one; None if there is none.
        self.pick_emoji: Callable[[int, int, Callable[[str], None]], None] | None = None

    def open(self, block: Block, x: int, y: int, *, selected: str = "", link: str = "") -> None:
        """Open the menu of a message; `selected` and `link` are what Copy and Copy link text copy."""
        menu = self.menu_for(block, x, y, selected=selected, link=link)
        if menu.index("end") is not None:
            menu.tk_popup(x, y)

    def open_reactions(self, block: Block, x: int, y: int) -> None:
        """Open the menu of reactions to a message, with the first one chosen."""
        if self._commands.allows(block, MessageAction.REACT):
            self.reactions_for(block, x, y).tk_popup(x, y, 0)

    def ask_delete(self, block: Block, x: int, y: int) -> None:
        """Ask whether to delete a message."""
        if self._commands.allows(block, MessageAction.DELETE):
            # Not at once: the menu that this was chosen from must be gone before.
            self._parent.after_idle(lambda: self.question_for(block).tk_popup(x, y, 0))

    def menu_for(self, block: Block, x: int, y: int, *, selected: str = "", link: str = "") -> tk.Menu:
        """Return the menu of a message; it is empty if nothing is possible."""
        commands, menu = self._commands, self._empty_menu()
        handlers: dict[MessageAction, Callable[[], object]] = {
            MessageAction.REPLY: lambda: commands.reply(block),
            MessageAction.COPY: lambda: commands.copy(block, selected),
            MessageAction.COPY_LINK: lambda: commands.copy_link(block, link),
            MessageAction.EDIT: lambda: commands.edit(block),
            MessageAction.DELETE: lambda: self.ask_delete(block, x, y),
            MessageAction.REPLY_PRIVATELY: lambda: commands.reply_privately(block),
        }
        for action in commands.actions(block):
            if action is MessageAction.REACT:
                menu.add_cascade(label=action.value, menu=self.reactions_for(block, x, y, menu))
            else:
                key = _KEYS.get(action, "")
                menu.add_command(label=action.value, accelerator=key, command=handlers[action])
        return menu

    def reactions_for(self, block: Block, x: int, y: int, parent: tk.Menu | None = None) -> tk.Menu:
        """Return the menu of reactions to a message; those that are ours already have a tick."""
        menu = self._empty_menu(parent)
        ours = {reaction.emoji for reaction in block.reactions if reaction.mine}
        for emoji in self.quick_reactions():
            tick = "   ✓" if emoji in ours else ""
            label = f"{self._sanitizer.line(emoji)}{tick}"
            menu.add_command(label=label, command=self._reacting(block, emoji))
        pick = self.pick_emoji
        if pick is not None:
            menu.add_separator()
            menu.add_command(
                label="More…", command=lambda: pick(x, y, lambda emoji: self._commands.react(block, emoji))
            )
        return menu

    def question_for(self, block: Block) -> tk.Menu:
        """Return the question whether to delete a message, as a menu: Escape and a click elsewhere say no."""
        menu = self._empty_menu()
        menu.add_command(
            label=delete_label(block),
            foreground=self._look.palette.danger,
            activeforeground=self._look.palette.danger,
            command=lambda: self._commands.delete(block),
        )
        menu.add_command(label="Keep it")
        return menu

    def _reacting(self, block: Block, emoji: str) -> Callable[[], None]:
        return lambda: self._commands.react(block, emoji)

    def _empty_menu(self, parent: tk.Misc | None = None) -> tk.Menu:
        palette = self._look.palette
        return tk.Menu(
            parent or self._parent,
            tearoff=False,
            font=theme.BODY,
            background=palette.surface,
            foreground=palette.text,
            activebackground=palette.selection,
            activeforeground=palette.text,
            disabledforeground=palette.muted,
            borderwidth=1,
            relief="solid",
        )
