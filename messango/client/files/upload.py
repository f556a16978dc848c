"""Uploads one file."""

from __future__ import annotations

from messango.client.files.local_copies import LocalCopies
from messango.client.files.outgoing import OutgoingFile
from messango.client.files.talk import Talk
from messango.client.files.transfer import Transfer, TransferFailed
from messango.client.requests.outbox import Outbox
from messango.client.requests.sender import Sender


class Upload:
    """For the transfer's thread."""

    def __init__(
        self,
        transfer: Transfer,
        file: OutgoingFile,
        text: str,
        reply_to: int | None,
        talk: Talk,
        sender: Sender,
        outbox: Outbox,
        local_copies: LocalCopies,
    ) -> None:
        self._file = file

    def run(self) -> None:
        raise TransferFailed(f"{self._file.name} can't be sent yet.")
