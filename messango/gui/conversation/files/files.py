"""Puts together what one does with the files of a conversation, and shows their pictures."""

from __future__ import annotations

import itertools
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from messango.client.interface import RoomClientLike
from messango.gui.background.picture_folder import PictureFolder
from messango.gui.background.picture_loader import PictureLoader
from messango.gui.conversation.files.card_commands import CardCommands
from messango.gui.conversation.files.picture_viewer import PictureViewer, ViewerActions
from messango.gui.conversation.files.thumbnails import Thumbnails
from messango.gui.conversation.files.visible_pictures import VisiblePictures
from messango.gui.conversation.transcript.transcript_bindings import TranscriptBindings
from messango.gui.conversation.transcript.transcript_view import TranscriptView
from messango.gui.look.look import Look
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.files.file_card import FileCard
from messango.gui.model.files.gallery import next_picture
from messango.gui.model.pictures.decoding import UnchangedFile
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.blocks import Block
from messango.protocol.frames import FileInfo

#: No two conversations use the same names of images.
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class PictureParts:
    """What decodes pictures, and where those are kept that were fetched to be shown."""

    loader: PictureLoader
    folder: PictureFolder


class Files:
    """Owns the viewer, while there is one; `client` returns the client of now. Main thread only."""

    def __init__(
        self,
        page: tk.Misc,
        view: TranscriptView,
        bindings: TranscriptBindings,
        conversation: ConversationModel,
        look: Look,
        sanitizer: TextSanitizer,
        parts: PictureParts,
        *,
        client: Callable[[], RoomClientLike],
        on_status: Callable[[str], None],
        refresh: Callable[[], object],
    ) -> None:
        self._page, self._view, self._conversation = page, view, conversation
        self._look, self._sanitizer, self._parts = look, sanitizer, parts
        self._on_status = on_status
        self._rows, self._model = view.held.file_rows, conversation.transcript.files
        self.commands = CardCommands(conversation, client, on_status, refresh, view=self.open_viewer)
        self._pictures = VisiblePictures(
            self._rows,
            look,
            self._model,
            parts.folder,
            client=lambda: client() if conversation.can_ask else None,
            thumbnails=lambda on_loaded: Thumbnails(
                view.text, f"messango-thumbnail-{next(_numbers)}", parts.loader, on_loaded
            ),
        )
        self.viewer: PictureViewer | None = None
        self._viewed = 0
        self._rows.progress = self._model.cards.progress
        self._rows.on_press = bindings.activate
        self._rows.on_hover = self._on_hover
        bindings.on_file = self.commands.run

    def refresh(self) -> None:
        """Show what has changed about files; costs nothing where there are none."""
        self._rows.update_progress(self._model.cards.pop_moved())
        self._pictures.refresh()
        if self.viewer is not None and self._is_deleted(self._viewed):
            self.close_viewer()
        elif self.viewer is not None:
            self.viewer.refresh()

    def close(self) -> None:
        """Give up all images; the page is about to be destroyed."""
        self.close_viewer()
        self._pictures.close()

    def open_viewer(self, block: Block) -> None:
        """Show the picture of a message large."""
        file = block.extras.file
        if file is None:
            return
        self._viewed = block.seq
        if self.viewer is None:
            actions = ViewerActions(
                source=self._pictures.source_of,
                request=self._request,
                copy_lost=lambda file: self._model.cards.copy_lost(file.id),
                failure=lambda file: self._model.pictures.failure(file.id),
                step=self._step,
                save_as=self.commands.save_as,
                open_file=self._open_shown,
                close=self.close_viewer,
            )
            self.viewer = PictureViewer(self._page, self._look, self._sanitizer, self._parts.loader, actions)
        self.viewer.show(file)

    def close_viewer(self) -> None:
        """Show the conversation again, where it was."""
        viewer, self.viewer = self.viewer, None
        if viewer is not None:
            viewer.destroy()
            self._view.text.focus_set()

    def _is_deleted(self, seq: int) -> bool:
        transcript = self._conversation.transcript
        number = transcript.find(seq)
        return number is not None and transcript.block(number).is_deleted

    def _step(self, delta: int) -> None:
        block = next_picture(self._conversation.transcript, self._viewed, delta)
        if block is not None:
            self.open_viewer(block)

    def _request(self, file: FileInfo) -> None:
        self._model.pictures.request(file)
        self._pictures.refresh()

    def _open_shown(self, file: FileInfo) -> None:
        source = self._pictures.source_of(file)
        if isinstance(source, UnchangedFile):
            source = source.path
        if isinstance(source, Path):
            self.commands.desktop.open_file(source)

    def _on_hover(self, card: FileCard | None) -> None:
        """Say the name of what is under the pointer: a picture has none, and a long one is cut.

        Also why a picture is not shown: a small frame has no space for a sentence.
        """
        if card is None:
            self._on_status("")
            return
        failure = self._model.pictures.failure(card.key)
        self._on_status(" · ".join(filter(None, (card.name, card.size_text, failure))))
