"""What a person does with the file of a message: view, download, open, save, give up, try again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from messango.client.interface import RoomClientLike
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.typed_files import NOT_CONNECTED
from messango.gui.model.files.file_card import CardStatus, FileAction, FileCard
from messango.gui.model.files.file_kind import may_open
from messango.gui.model.transcript.blocks import Block
from messango.protocol.frames import FileInfo

_NOT_OPENED: Final = "Messango does not open files of this kind: it is shown in its folder"


def _ignore(*_: object) -> None:
    """Do nothing: a page without a window."""


@dataclass(slots=True)
class FileDesktop:
    """What the system does with files: `ask_path` asks where to save one of this name, and the others get
    the path of one; what fails is reported in the window.
    """

    ask_path: Callable[[str], Path | None] = lambda _name: None
    open_file: Callable[[Path], None] = _ignore
    show_in_folder: Callable[[Path], None] = _ignore


@dataclass(slots=True)
class CardCommands:
    """Runs what a card offers, and nothing else; `client` returns the client of now.

    `view` shows a picture large, and `on_status` a text below the message field.
    """

    conversation: ConversationModel
    client: Callable[[], RoomClientLike]
    on_status: Callable[[str], None]
    refresh: Callable[[], object]
    desktop: FileDesktop = field(default_factory=FileDesktop)
    view: Callable[[Block], None] = _ignore

    def card(self, block: Block) -> FileCard | None:
        """Return the card of a message's file as it is now."""
        return self.conversation.transcript.as_shown(block).extras.card or block.extras.card

    def actions(self, block: Block) -> tuple[FileAction, ...]:
        """Return what can be done with the file of a message; nothing without one."""
        card = self.card(block)
        return card.actions if card is not None else ()

    def run(self, block: Block, action: FileAction | None) -> bool:
        """Do something with the file of a message, or what a click on its card does.

        Returns whether the message has a file.
        """
        card = self.card(block)
        if card is None:
            return False
        chosen = next((each for each in card.actions if action in (None, each)), None)
        if chosen is None or (action is None and chosen is FileAction.CANCEL):
            return True
        if chosen is FileAction.CANCEL:
            self._cancel(card)
        elif block.extras.file is not None:
            self._run_for_file(block, block.extras.file, card, chosen)
        self.refresh()
        return True

    def save_as(self, file: FileInfo) -> None:
        """Ask where to save a file, and download it there."""
        if not self._can_ask():
            return
        path = self.desktop.ask_path(file.name)
        if path is not None and self._can_ask():
            self._download(file, path)

    def _run_for_file(self, block: Block, file: FileInfo, card: FileCard, action: FileAction) -> None:
        if action is FileAction.VIEW:
            self.view(block)
        elif action is FileAction.SAVE_AS:
            self.save_as(file)
        elif action in (FileAction.OPEN, FileAction.SHOW_IN_FOLDER):
            self._show(card, action)
        elif self._can_ask():
            self._download(file, None)

    def _download(self, file: FileInfo, path: Path | None) -> None:
        transfer = self.client().fetch_file(file, path=path)
        self.conversation.transcript.files.cards.download_started(transfer, file)

    def _show(self, card: FileCard, action: FileAction) -> None:
        path = self.conversation.transcript.files.cards.path_of(card.key)
        if path is None:
            return
        if action is FileAction.OPEN and may_open(path.name):
            self.desktop.open_file(path)
            return
        if action is FileAction.OPEN:
            self.on_status(_NOT_OPENED)
        self.desktop.show_in_folder(path)

    def _cancel(self, card: FileCard) -> None:
        transfer = self.conversation.transcript.files.cards.transfer_of(card.key)
        if transfer is not None and card.status in (CardStatus.SENDING, CardStatus.RECEIVING):
            self.client().cancel_transfer(transfer)

    def _can_ask(self) -> bool:
        if not self.conversation.can_ask:
            self.on_status(NOT_CONNECTED)
        return self.conversation.can_ask
