"""What a person does with a message: answer, react, edit, delete, copy."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable

from messango.client.interface import RoomClientLike
from messango.client.message_text.quotes import quoted_text
from messango.gui.conversation.composer.composer_view import ComposerView
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.message_actions import (
    MessageAction,
    actions_for,
    links_of,
    original_text,
    partner_of,
)
from messango.gui.model.transcript.blocks import Block


class MessageCommands:
    """Runs what `actions_for` allows, and nothing else; `client` returns the client of now.

    The writing is the composer's.
    """

    def __init__(
        self,
        composer: ComposerView,
        conversation: ConversationModel,
        clipboard: tk.Misc,
        client: Callable[[], RoomClientLike],
    ) -> None:
        self._composer, self._conversation, self._clipboard = composer, conversation, clipboard
        self._client = client

    def actions(self, block: Block) -> list[MessageAction]:
        """Return what is possible with a message now."""
        return actions_for(block, self._conversation.message_rights)

    def allows(self, block: Block, action: MessageAction) -> bool:
        """Return whether this is possible with a message now."""
        return action in self.actions(block)

    def reply(self, block: Block) -> bool:
        """Answer a message; an answer to a private one goes to the other of the two only."""
        allowed = self.allows(block, MessageAction.REPLY)
        if allowed:
            self._composer.answer(block.seq, block.name, quoted_text(block.text), partner_of(block))
        return allowed

    def reply_privately(self, block: Block) -> None:
        """Write to the sender only."""
        if self.allows(block, MessageAction.REPLY_PRIVATELY):
            self._composer.write_to(block.member, block.name)

    def edit(self, block: Block) -> None:
        """Edit an own message."""
        if self.allows(block, MessageAction.EDIT):
            has_file = block.extras.file is not None
            self._composer.edit_message(
                block.seq, original_text(block), partner_of(block), may_be_empty=has_file
            )

    def react(self, block: Block, emoji: str) -> None:
        """Add a reaction, or remove it if it is ours already."""
        if self.allows(block, MessageAction.REACT):
            is_ours = any(one.mine and one.emoji == emoji for one in block.reactions)
            self._client().react(block.seq, emoji, on=not is_ours)

    def delete(self, block: Block) -> None:
        """Delete a message."""
        if self.allows(block, MessageAction.DELETE):
            self._client().delete(block.seq)

    def copy(self, block: Block, selected: str = "") -> None:
        """Copy what is selected, or else the text of a message as it was typed."""
        self._copy(selected or block.text)

    def copy_link(self, block: Block, link: str = "") -> None:
        """Copy the text of a link: of this one, or else of the first in the message."""
        self._copy(link or next(iter(links_of(block)), ""))

    def answer_newest(self) -> bool:
        """Answer the newest message of somebody else; returns whether there is one."""
        block = self._conversation.transcript.newest_of_others()
        return block is not None and self.reply(block)

    def _copy(self, text: str) -> None:
        if text:
            self._clipboard.clipboard_clear()
            self._clipboard.clipboard_append(text)
