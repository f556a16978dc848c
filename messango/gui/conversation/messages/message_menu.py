"""The menu of a message, that of reactions, and the question before one is deleted."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Mapping
from typing import Final

from messango.gui.conversation.emoji.picker_owner import PickerOwner
from messango.gui.conversation.files.card_commands import CardCommands
from messango.gui.conversation.messages.message_commands import MessageCommands
from messango.gui.look.look import Look
from messango.gui.model.conversation.message_actions import MessageAction, delete_label
from messango.gui.model.files.file_card import FileAction
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.blocks import Block
from messango.gui.widgets.popup_menu import popup_menu

#: How many emoji the menu of reactions offers at once.
_QUICK_REACTIONS: Final = 6

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
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        commands: MessageCommands,
        picker: PickerOwner,
    ) -> None:
        self._parent, self._look, self._sanitizer, self._commands = parent, look, sanitizer, commands
        self._picker, self._anchor = picker, tk.Frame(parent)
        #: What can be done with the files of messages.
        self.files: CardCommands | None = None

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
        self._add_file_actions(menu, block)
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
        for emoji in self._picker.recent.quick_choices(_QUICK_REACTIONS):
            self._add_emoji(menu, emoji, self._reacting(block, emoji), is_ours=emoji in ours)
        menu.add_separator()
        menu.add_command(label="More…", command=lambda: self._pick_emoji(block, x, y))
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

    def _add_file_actions(self, menu: tk.Menu, block: Block) -> None:
        files = self.files
        actions = files.actions(block) if files is not None else ()
        for number, action in enumerate(actions):
            key = "" if number or action is FileAction.CANCEL else "Enter"
            menu.add_command(label=action.label, accelerator=key, command=self._doing(block, action))
        if actions:
            menu.add_separator()

    def _doing(self, block: Block, action: FileAction) -> Callable[[], object]:
        files = self.files
        return lambda: files.run(block, action) if files is not None else None

    def _add_emoji(self, menu: tk.Menu, emoji: str, command: Callable[[], None], *, is_ours: bool) -> None:
        tick, pictures = "   ✓" if is_ours else "", self._look.emoji
        if pictures.available:
            image = pictures.image(emoji, self._look.emoji_size)
            menu.add_command(label=tick, image=image, compound="left", command=command)
        else:
            menu.add_command(label=f"{self._sanitizer.line(emoji)}{tick}", command=command)

    def _reacting(self, block: Block, emoji: str) -> Callable[[], None]:
        def react() -> None:
            self._picker.recent.remember(emoji)
            self._commands.react(block, emoji)

        return react

    def _pick_emoji(self, block: Block, x: int, y: int) -> None:
        """Open the picker of emoji beside this place."""
        self._anchor.place(
            x=x - self._parent.winfo_rootx(), y=y - self._parent.winfo_rooty(), width=1, height=1
        )
        self._parent.update_idletasks()
        self._picker.open(self._anchor, lambda emoji: self._commands.react(block, emoji))

    def _empty_menu(self, parent: tk.Misc | None = None) -> tk.Menu:
        return popup_menu(parent or self._parent, self._look)
