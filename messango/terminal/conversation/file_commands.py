"""Does what the typed commands about files ask for: `/send`, `/files`, `/get`, `/cancel`."""

from __future__ import annotations

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.interface import RoomClientLike
from messango.client.typed.requests import CancelTransfer, GetFiles, SendFiles
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.file_drafts import FileDrafts
from messango.terminal.conversation.file_texts import folder_text, getting_text, moving_text, sending_text
from messango.terminal.conversation.front_end import FrontEnd


class FileCommands:
    """Used by one thread. The methods return False to leave what was typed in the field."""

    def __init__(
        self, client: RoomClientLike, conversation: Conversation, drafts: FileDrafts, front_end: FrontEnd
    ) -> None:
        self._client = client
        self._conversation = conversation
        self._drafts = drafts
        self._front_end = front_end

    def send(self, command: SendFiles, reply_to: int | None = None) -> bool:
        """Share files with everybody; the line and the answer to a message go with the first of them."""
        self._drafts.changed()
        files = self._drafts.files(command)
        if isinstance(files, str):
            return self._fail(files)
        text = command.text
        for file in files:
            outgoing = OutgoingFile(file.name, file.path, keep_metadata=command.keep_metadata)
            transfer_id = self._client.share_file(outgoing, text, reply_to)
            text, reply_to = "", None
            self._conversation.files.sending(transfer_id, file.name, file.size)
        self._front_end.transfers_began(sending_text(files, keep_metadata=command.keep_metadata))
        return True

    def show(self) -> bool:
        """List the files of the conversation."""
        files = self._conversation.shown_files()
        if files:
            self._front_end.show_files(files)
        else:
            self._front_end.notice("No file has been sent here. /send PATH sends one to everybody.")
        return True

    def get(self, command: GetFiles) -> bool:
        """Save files; those that are on their way already are left out."""
        self._drafts.changed()
        folder, wanted = self._drafts.folder(command), self._drafts.wanted(command)
        if isinstance(wanted, str):
            return self._fail(wanted)
        if isinstance(folder, str):
            return self._fail(folder)
        idle = [file for file in wanted if not file.is_moving]
        if not idle:
            return self._fail(f"{moving_text(wanted)}. /cancel stops it.")
        for file in idle:
            if file.file is not None:
                self._conversation.files.fetching(file.number, self._client.fetch_file(file.file, folder))
        self._front_end.transfers_began(getting_text(idle, folder_text(folder)))
        return True

    def cancel(self, command: CancelTransfer) -> bool:
        """Give up transfers: the client reports each that ends by that."""
        given_up = self._drafts.given_up(command)
        if isinstance(given_up, str):
            return self._fail(given_up)
        for file in given_up:
            self._client.cancel_transfer(file.transfer)
        return True

    def _fail(self, sentence: str) -> bool:
        self._front_end.problem(sentence)
        return False
