"""One file connection: a request of a member, then the bytes of a file, one way or the other."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.files.transfer_codec import encode_transfer, request_line
from messango.protocol.files.transfer_frames import (
    Cancel,
    Cancelled,
    Get,
    Put,
    Stored,
    TransferRequest,
)
from messango.protocol.frames import FileInfo
from messango.protocol.limits import MAX_TRANSFERS
from messango.room.files.refusals import FileRefused, no_files
from messango.room.files.shared_file import Uploader
from messango.server.clients.connections import ConnectedClient
from messango.server.context import ServerContext
from messango.server.files.store.file_store import FileStore
from messango.server.files.transfers.pace import STEP_BYTES
from messango.server.files.transfers.receive_upload import receive_upload
from messango.server.files.transfers.send_file import seek, send_file
from messango.server.files.transfers.transfer_stream import TransferStream, not_joined
from messango.transport.connection import Connection

#: How long a client that still sends may take to read why it is refused. It has much on its way, perhaps
#: over a slow Wi-Fi.
_GRACE_S: Final = 5.0

#: How long an older connection with the same file may take to end; it waits for a disk at most.
_REPLACE_TIMEOUT_S: Final = 2.0

#: A client that begins its next file as soon as it has the last one may be faster than the end of the old
#: connection here.
_SLOT_TIMEOUT_S: Final = 0.5
_SLOT_POLL_S: Final = 0.01


class FileClient(ConnectedClient, Protocol):
    """The part of a client's thread that a file connection uses, in that thread."""

    def wait(self, seconds: float) -> bool:
        """Wait this long; return True if the connection has to close meanwhile."""

    def report_refusal(self, reason: str, name: str = "") -> None:
        """Report to the host that this client was refused."""


class MemberTransfer:
    """Carries out the one request of a file connection. For the client's thread, which sets `closing` to
    end it early."""

    def __init__(
        self, client: FileClient, connection: Connection, context: ServerContext, closing: threading.Event
    ) -> None:
        self._client = client
        self._connection = connection
        self._context = context
        self._closing = closing
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
        store = self._store()
        member = self._admit(request.session)
        stream = TransferStream(
            self._connection,
            self._context.pace,
            self._closing,
            lambda: self._context.seated_id(request.session, self._client.peer) is not None,
        )
        if isinstance(request, Cancel):
            self._take_over(member, request.upload)
            store.cancel_upload(member, request.upload)
            stream.send_frame(Cancelled())
            self._finish()
        elif isinstance(request, Put):
            self._take_over(member, request.upload)
            self._begin(member, request.upload)
            self._receive(store, member, request, stream, rest)
        else:
            self._begin(member, request.file)
            self._send(store, request, stream)

    def _store(self) -> FileStore:
        store = self._context.file_store
        if store is None or store.largest_file is None:
            raise no_files()
        return store.get()

    def _admit(self, session: str) -> str:
        """Return the member with this session; refuses others, who take their turn with those who join."""
        peer = self._client.peer
        if (member := self._context.seated_id(session, peer)) is not None:
            return member
        is_former = self._context.has_session(session, peer)
        wait_s = self._context.join_throttle.reserve(peer, session if is_former else "")
        if not is_former:
            self._client.report_refusal("asks for files without being in the room")
        if wait_s:
            self._client.wait(wait_s)
        raise not_joined()

    def _begin(self, member: str, file: str) -> None:
        """Count the connection as the member's.

        If there are too many, one with the same file ends: it broke, and nobody has noticed. If there are
        not, both go on: a member may get a file twice.
        """
        begin = functools.partial(self._context.connections.begin_transfer, self._client, member, file)
        if not begin():
            self._take_over(member, file)
            self._wait_for_slot(begin)
        self._wait_for_talk(STEP_BYTES)

    def _wait_for_slot(self, begin: Callable[[], bool]) -> None:
        """Wait a moment for a transfer that is just ending."""
        until_s = time.monotonic() + _SLOT_TIMEOUT_S
        while not begin():
            if time.monotonic() >= until_s or self._client.wait(_SLOT_POLL_S):
                raise FileRefused(
                    error_codes.BUSY,
                    f"You have {MAX_TRANSFERS} files on their way already.",
                    "Try again when one of them has arrived.",
                )

    def _wait_for_talk(self, size: int) -> None:
        if delay_s := self._context.pace.delay_s(size):
            self._client.wait(delay_s)

    def _take_over(self, member: str, file: str) -> None:
        if (older := self._context.connections.find_transfer(member, file)) is not None:
            older.abort()
            older.join_thread(_REPLACE_TIMEOUT_S)

    def _receive(self, store: FileStore, member: str, put: Put, stream: TransferStream, rest: bytes) -> None:
        begun = store.begin_upload(Uploader(member, self._client.peer.host), put)
        file = begun if isinstance(begun, FileInfo) else receive_upload(begun, put, stream, rest)
        stream.send_frame(Stored(file))
        self._finish()

    def _send(self, store: FileStore, get: Get, stream: TransferStream) -> None:
        file, stored = store.open_shared(get.file)
        with stored:
            seek(file, stored, get.offset)
            self._is_sending_file = True
            send_file(file, stored, get.offset, stream)
        self._finish()

    def _finish(self) -> None:
        """End the connection in order: the client has everything, also the last bytes."""
        self._connection.shutdown()
        self._connection.linger(_GRACE_S, self._wait_for_talk)

    def _refuse(self, refused: FileRefused) -> None:
        """Send the reason; a client that still sends has time to read it."""
        if self._is_sending_file:
            return
        self._connection.shutdown(encode_transfer(refused.to_problem()))
        self._connection.linger(_GRACE_S, self._wait_for_talk)
