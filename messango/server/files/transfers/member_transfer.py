"""One file connection: a request of a member, then the bytes of a file, one way or the other."""

from __future__ import annotations

import threading
import time
from typing import Final

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.files.transfer_codec import encode_transfer, request_line
from messango.protocol.files.transfer_frames import (
    Cancel,
    Cancelled,
    Data,
    Get,
    Go,
    Put,
    Stored,
    TransferRequest,
)
from messango.protocol.files.upload_body import UploadBody
from messango.protocol.frames import FileInfo
from messango.room.files.refusals import FileRefused, longer_than_said
from messango.room.files.shared_file import Uploader
from messango.server.clients.connected_client import ClientInThread
from messango.server.context import ServerContext
from messango.server.files.store.file_store import FileStore
from messango.server.files.store.upload import Upload
from messango.server.files.transfers.client_transfers import ClientTransfers
from messango.server.files.transfers.receive_upload import pausing, read_prefix
from messango.server.files.transfers.send_file import seek, send_file
from messango.server.files.transfers.transfer_stream import TransferStream
from messango.transport.connection import Connection

#: How long a client that still sends may take to read why it is refused. It has much on its way, perhaps
#: over a slow Wi-Fi.
_GRACE_S: Final = 5.0


class MemberTransfer:
    """Carries out the one request of a file connection. For the client's thread, which sets `closing` to
    end it early."""

    def __init__(
        self,
        client: ClientInThread,
        connection: Connection,
        context: ServerContext,
        closing: threading.Event,
    ) -> None:
        self._client = client
        self._connection = connection
        self._closing = closing
        self._transfers = ClientTransfers(client, context)
        #: Whether bytes of a file go to the client: then no frame can follow.
        self._is_sending_file = False

    def run(self, deadline_s: float) -> None:
        """Serve the client, whose request has to come before `deadline_s`.

        Raises `RemoteProtocolError` and `TimeoutError` if none comes.
        """
        try:
            request, rest = self._read_request(deadline_s)
        except RemoteProtocolError as error:
            self._refuse(FileRefused(error_codes.BAD_FRAME, str(error), error.hint))
            raise
        try:
            self._answer(request, rest)
        except FileRefused as refused:
            self._refuse(refused)
        except (ConnectionLost, TimeoutError):
            pass  # The client goes on later, over another connection.

    def _read_request(self, deadline_s: float) -> tuple[TransferRequest, bytes]:
        line = request_line()
        while True:
            data = self._connection.receive(deadline_s - time.monotonic())
            if not data:
                raise ConnectionLost("The other side closed the connection.", "It can try again.")
            if (request := line.feed(data)) is not None:
                return request, line.rest

    def _answer(self, request: TransferRequest, rest: bytes) -> None:
        store = self._transfers.store()
        member = self._transfers.admit(request.session)
        stream = self._transfers.stream(self._connection, request.session, self._closing)
        if isinstance(request, Cancel):
            self._transfers.take_over(member, request.upload)
            store.cancel_upload(member, request.upload)
            stream.send_head(encode_transfer(Cancelled()))
            self._finish()
        elif isinstance(request, Put):
            self._transfers.take_over(member, request.upload)
            self._transfers.begin(member, request.upload)
            self._receive(store, member, request, stream, rest)
        else:
            self._transfers.begin(member, request.file)
            self._send(request, stream)

    def _receive(self, store: FileStore, member: str, put: Put, stream: TransferStream, rest: bytes) -> None:
        begun = store.begin_upload(Uploader(member, self._client.peer.host), put)
        file = begun if isinstance(begun, FileInfo) else _receive_bytes(begun, put, stream, rest)
        stream.send_head(encode_transfer(Stored(file)))
        self._finish()

    def _send(self, get: Get, stream: TransferStream) -> None:
        file, stored = self._transfers.open_shared(get.file)
        with stored:
            seek(file, stored, get.offset)
            self._is_sending_file = True
            stream.send_head(encode_transfer(Data(file.size, get.offset, file.sha256)))
            send_file(stored, stream.send)
        self._finish()

    def _finish(self) -> None:
        """End the connection in order: the client has everything, also the last bytes."""
        self._connection.shutdown()
        self._connection.linger(_GRACE_S, self._transfers.wait_for_talk)

    def _refuse(self, refused: FileRefused) -> None:
        """Send the reason; a client that still sends has time to read it."""
        if self._is_sending_file:
            return
        self._connection.shutdown(encode_transfer(refused.to_problem()))
        self._connection.linger(_GRACE_S, self._transfers.wait_for_talk)


def _receive_bytes(upload: Upload, put: Put, stream: TransferStream, rest: bytes) -> FileInfo:
    """Receive and store a file; `rest` came with the request. Raises as `TransferStream` does."""
    with pausing(upload):
        stream.send_head(encode_transfer(Go(upload.offset)))
        read_prefix(upload, stream)
        body, data = UploadBody(upload.size - upload.offset, put.sha256), rest
        while True:
            try:
                part = body.feed(data)
            except RemoteProtocolError as error:
                upload.discard()
                raise longer_than_said(put.size) from error
            if part:
                upload.write(part)
            if body.is_complete:
                return upload.finish(body.sha256)
            data = stream.receive()
