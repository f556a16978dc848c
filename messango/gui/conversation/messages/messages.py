"""Puts together what one does with the messages of a transcript."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.interface import RoomClientLike
from messango.gui.conversation.composer.composer_view import ComposerView
from messango.gui.conversation.emoji.picker_owner import PickerOwner
from messango.gui.conversation.files.card_commands import CardCommands
from messango.gui.conversation.messages.message_commands import MessageCommands
from messango.gui.conversation.messages.message_events import MessageEvents
from messango.gui.conversation.messages.message_jump import MessageJump
from messango.gui.conversation.messages.message_menu import MessageMenu
from messango.gui.conversation.messages.reaction_hover import ReactionHover
from messango.gui.conversation.transcript.transcript_bindings import TranscriptBindings
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.look.look import Look
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.text.sanitizer import TextSanitizer


class Messages:
    """Owns no widget; `client` returns the client of now."""

    def __init__(
        self,
        view: TranscriptView,
        bindings: TranscriptBindings,
        composer: ComposerView,
        conversation: ConversationModel,
        look: Look,
        sanitizer: TextSanitizer,
        picker: PickerOwner,
        *,
        client: Callable[[], RoomClientLike],
    ) -> None:
        self._transcript, self._composer = conversation.transcript, composer
        #: Loads what is around a message that is not loaded, and goes there.
        self.load_around: Callable[[int], None] = self._report_not_loaded
        self.commands = MessageCommands(composer, conversation, view.text, client)
        self.menu = MessageMenu(view.text, look, sanitizer, self.commands, picker)
        self.events = MessageEvents(
            view, look, bindings, self.commands, self.menu, on_leave=composer.entry.text.focus_set
        )
        self.selection = self.events.selection
        self._jump = MessageJump(view)
        self.hover = ReactionHover(view.held.reaction_rows, look, sanitizer, lambda: conversation.own_name)
        composer.edit_keys.answer_newest = self.commands.answer_newest
        composer.edit_keys.select_newest = self.selection.select_newest

    def use_files(self, files: CardCommands) -> None:
        """Offer in the menu, and by Enter, what can be done with the files of messages."""
        self.menu.files = self.events.files = files

    def jump_to(self, seq: int) -> None:
        """Scroll to a message and highlight it for a moment; one that is not loaded is loaded first."""
        number = self._transcript.find(seq)
        if number is None or number not in self._transcript.parts.shown:
            self.load_around(seq)
        else:
            self.highlight(number)

    def highlight(self, number: int) -> None:
        """Scroll to a block that is loaded, and highlight it for a moment."""
        self._jump.show(number)

    def _report_not_loaded(self, _seq: int) -> None:
        self._composer.show_status("That message is not loaded")
