"""Brings the pictures onto the cards in sight: from this computer, or else from the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.interface import RoomClientLike
from messango.gui.background.picture_folder import PictureFolder
from messango.gui.conversation.files.file_rows import FileRows
from messango.gui.conversation.files.thumbnails import Thumbnails
from messango.gui.look.look import Look
from messango.gui.model.files.conversation_files import ConversationFiles
from messango.gui.model.pictures.decoding import PictureSource
from messango.protocol.files.file_line import format_size
from messango.protocol.frames import FileInfo

_NO_PLACE: Final = "There is no space for this picture. Free some, then click here."


class VisiblePictures:
    """Follows what is in sight; without pictures it does nothing. Main thread only; nothing blocks.

    `client` returns the client of now, None while it can't be asked.
    """

    def __init__(
        self,
        rows: FileRows,
        look: Look,
        files: ConversationFiles,
        folder: PictureFolder,
        client: Callable[[], RoomClientLike | None],
        thumbnails: Callable[[Callable[[str, str], None]], Thumbnails],
    ) -> None:
        self._rows, self._look, self._files, self._folder = rows, look, files, folder
        self._client = client
        self._thumbnails = thumbnails(self._on_loaded)
        self._could_fetch = False
        rows.image, rows.note = self._image, self._note
        rows.on_visible, rows.on_hidden = self._on_visible, self._on_hidden

    def refresh(self) -> None:
        """Fetch what is wanted now, and show what has come."""
        pictures = self._files.pictures
        can_fetch = pictures.automatic and self._client() is not None
        if can_fetch and not self._could_fetch:
            self._rows.request_visible()
        self._could_fetch = can_fetch
        self._fetch()
        self._rows.redraw_pictures(pictures.pop_changed())
        self._folder.delete(pictures.pop_evicted())

    def source_of(self, file: FileInfo) -> PictureSource | None:
        """Return where a picture is on this computer; None if it has to be fetched."""
        return self._files.cards.source_of(file.id) or self._files.pictures.path_of(file.id)

    def close(self) -> None:
        """Give up all images, and what was fetched for them; the page is gone."""
        self._thumbnails.close()
        self._folder.delete(self._files.pictures.pop_all())

    def _image(self, file: FileInfo, size: tuple[int, int]) -> str:
        source = self.source_of(file)
        if source is None or self._files.pictures.failure(file.id):
            return ""
        return self._thumbnails.image(file.id, source, size, self._look.palette.recessed)

    def _note(self, file: FileInfo) -> str:
        pictures = self._files.pictures
        if failure := pictures.failure(file.id):
            return failure
        if self.source_of(file) is not None or pictures.is_coming(file.id):
            return "Loading…"
        return f"Show picture · {format_size(file.size)}"

    def _on_visible(self, file: FileInfo) -> None:
        if self.source_of(file) is None:
            self._files.pictures.became_visible(file)
            self._fetch()

    def _on_hidden(self, file: FileInfo) -> None:
        self._files.pictures.became_hidden(file.id)
        self._thumbnails.forget(file.id)

    def _fetch(self) -> None:
        client, pictures = self._client(), self._files.pictures
        while client is not None and (file := pictures.next()) is not None:
            try:
                path = self._folder.path_for(file.name)
            except OSError:
                pictures.not_shown(file.id, _NO_PLACE)
                continue
            pictures.started(client.fetch_file(file, path=path), file)

    def _on_loaded(self, file_id: str, failure: str) -> None:
        if failure and self._files.cards.copy_lost(file_id):
            self._rows.request_visible()
        elif failure:
            self._files.pictures.not_shown(file_id, failure)
        self._rows.redraw_pictures({file_id})
