"""Uploads one file, and shares it once the room has stored it."""

from __future__ import annotations

import contextlib
from typing import Final

from messango.client.files.attempts import Attempts
from messango.client.files.file_connection import (
    STORED_TIMEOUT_S,
    FileConnection,
    RoomRefused,
    misbehaved,
)
from messango.client.files.local_copies import LocalCopies
from messango.client.files.talk import Membership, Talk
from messango.client.files.transfer import Transfer, TransferFailed, TransferOver
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.files.uploads.upload_source import UploadSource, changed, open_source
from messango.client.requests.outbox import Outbox, ShareOutcome
from messango.client.requests.sender import Sender
from messango.errors import MessangoError
from messango.protocol import error_codes
from messango.protocol.files.file_line import text_with_file
from messango.protocol.files.transfer_frames import Cancel, Go, Put, Stored
from messango.protocol.frames import FileInfo, Share
from messango.protocol.text.validation import text_error

#: A disk or a cable that spoils bytes does so rarely: the second time it is the file.
_MAX_WRONG_DIGESTS: Final = 1


class Upload:
    """For the transfer's thread. The share's id, the upload's and the transfer's are one."""

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
        self._transfer, self._file, self._text, self._reply_to = transfer, file, text, reply_to
        self._talk, self._sender, self._outbox, self._local_copies = talk, sender, outbox, local_copies
        self._wrong_digests = 0
        self._has_put = False

    def run(self) -> None:
        """Return once the room has answered the share; raises `TransferFailed` or `TransferOver`."""
        try:
            with open_source(self._file, self._transfer.name) as source:
                self._transfer.size = source.size
                self._require_short_text(source.size)
                while self._send_and_share(source) is ShareOutcome.SESSION_LOST:
                    self._transfer.begin_again()
        except TransferOver:
            if self._transfer.cancelled:
                self._tell_room()
            raise

    def _require_short_text(self, size: int) -> None:
        """Say before the upload that the room would refuse the text."""
        info = FileInfo("", self._transfer.name, size, "")
        if error := text_error(text_with_file(self._text, info)):
            raise TransferFailed(error, "Shorten the text.", error_codes.BAD_TEXT)

    def _send_and_share(self, source: UploadSource) -> ShareOutcome:
        info = Attempts(self._transfer, self._talk).run(lambda membership: self._send(membership, source))
        if self._file.path is not None and source.is_original:
            self._local_copies.add(info.sha256, self._file.path)
        self._transfer.commit()
        share = Share(self._transfer.id, info.id, self._text, self._reply_to)
        self._sender.share(share, self._transfer.name)
        outcome = self._outbox.wait_for_share(self._transfer.id)
        if outcome is ShareOutcome.CLOSED:
            raise TransferOver
        return outcome

    def _send(self, membership: Membership, source: UploadSource) -> FileInfo:
        """Make one attempt; return the file that the room has stored."""
        with FileConnection(membership, self._transfer, self._talk) as connection:
            try:
                return self._put(connection, membership, source)
            except RoomRefused as error:
                if error.code != error_codes.WRONG_DIGEST:
                    raise
                self._wrong_digests += 1
                if self._wrong_digests > _MAX_WRONG_DIGESTS:
                    raise changed(self._transfer.name) from error
                source.forget_digest()
        return self._send(membership, source)

    def _put(self, connection: FileConnection, membership: Membership, source: UploadSource) -> FileInfo:
        digest = source.sha256
        self._has_put = True
        answer = connection.request(
            Put(
                membership.session,
                self._transfer.id,
                self._transfer.name,
                source.size,
                digest,
                source.width,
                source.height,
            )
        )
        if isinstance(answer, Go):
            if answer.offset > source.size:
                raise misbehaved()
            self._send_bytes(connection, source, answer.offset)
            if digest is None:
                connection.send_sum(source.sha256 or "")
            answer = connection.reply(STORED_TIMEOUT_S)
        if not isinstance(answer, Stored):
            raise misbehaved()
        return self._require_same(answer.file, source)

    def _send_bytes(self, connection: FileConnection, source: UploadSource, offset: int) -> None:
        done = offset
        self._transfer.progress(done)
        for chunk in source.chunks(offset):
            connection.require_no_answer()  # After the last bytes it may be there at once.
            connection.send(chunk)
            done += len(chunk)
            self._transfer.progress(done)
        source.require_unchanged()

    def _require_same(self, file: FileInfo, source: UploadSource) -> FileInfo:
        if not file.id or (file.size, file.sha256) != (source.size, source.sha256):
            raise misbehaved()
        return file

    def _tell_room(self) -> None:
        """Have the room drop what it has of a cancelled upload; it does so by itself after an hour."""
        membership = self._talk.membership
        if membership is None or not self._has_put:
            return
        with contextlib.suppress(MessangoError, TransferOver):
            grace = self._transfer.grace_time()
            with FileConnection(membership, grace, self._talk) as connection:
                connection.request(Cancel(membership.session, self._transfer.id))
