"""Who may transfer a file, and how many at once: the same for file connections and for browsers."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Final

from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.protocol.limits import MAX_TRANSFERS
from messango.room.files.refusals import FileRefused, no_files
from messango.server.clients.connected_client import ClientInThread
from messango.server.context import ServerContext
from messango.server.files.store.file_store import FileStore
from messango.server.files.transfers.pace import STEP_BYTES
from messango.server.files.transfers.send_file import OpenFile
from messango.server.files.transfers.transfer_stream import Carrier, TransferStream, not_joined

#: How long an older connection with the same file may take to end; it waits for a disk at most.
_REPLACE_TIMEOUT_S: Final = 2.0

#: A client that begins its next file as soon as it has the last one may be faster than the end of the old
#: connection here.
_SLOT_TIMEOUT_S: Final = 0.5
_SLOT_POLL_S: Final = 0.01


class ClientTransfers:
    """The transfers of one connection. For the client's thread; what fails raises `FileRefused`."""

    def __init__(self, client: ClientInThread, context: ServerContext) -> None:
        self._client = client
        self._context = context

    def store(self) -> FileStore:
        """Return the store of the room's files."""
        store = self._context.file_store
        if store is None or store.largest_file is None:
            raise no_files()
        return store.get()

    def open_shared(self, file_id: str) -> tuple[FileInfo, OpenFile]:
        """Open a shared file, which the caller closes; one of another server of the room comes through us.

        That may take some seconds, if no server answers.
        """
        try:
            return self.store().open_shared(file_id)
        except FileRefused as refused:
            if self._context.open_elsewhere is None or refused.code != error_codes.UNKNOWN_ENTRY:
                raise
        return self._context.open_elsewhere(file_id)

    def admit(self, session: str) -> str:
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

    def begin(self, member: str, file: str) -> None:
        """Count the connection as the member's.

        If there are too many, one with the same file ends: it broke, and nobody has noticed. If there are
        not, both go on: a member may get a file twice.
        """
        begin = functools.partial(self._context.connections.begin_transfer, self._client, member, file)
        if not begin():
            self.take_over(member, file)
            self._wait_for_slot(begin)
        self.wait_for_talk(STEP_BYTES)

    def end(self) -> None:
        """Give the place up: the connection goes on with other requests."""
        self._context.connections.end_transfer(self._client)

    def take_over(self, member: str, file: str) -> None:
        """End the member's connection that carries this file, if there is one."""
        older = self._context.connections.find_transfer(member, file)
        if older is not None and older is not self._client:
            older.abort()
            older.join_thread(_REPLACE_TIMEOUT_S)

    def wait_for_talk(self, size: int) -> None:
        """Let talk go first after work on `size` bytes."""
        if delay_s := self._context.pace.delay_s(size):
            self._client.wait(delay_s)

    def stream(self, carrier: Carrier, session: str, closing: threading.Event) -> TransferStream:
        """Return the stream of a file, which ends with the membership."""
        return TransferStream(
            carrier,
            self._context.pace,
            closing,
            lambda: self._context.seated_id(session, self._client.peer) is not None,
        )

    def require_free(self, member: str) -> None:
        """Refuse a member who has as many transfers as they may have, before the next one begins."""
        if not self._context.connections.may_transfer(member):
            raise _too_many_transfers()

    def _wait_for_slot(self, begin: Callable[[], bool]) -> None:
        """Wait a moment for a transfer that is just ending."""
        until_s = time.monotonic() + _SLOT_TIMEOUT_S
        while not begin():
            if time.monotonic() >= until_s or self._client.wait(_SLOT_POLL_S):
                raise _too_many_transfers()


def _too_many_transfers() -> FileRefused:
    """Return the refusal of one more file of a member who has enough on their way."""
    return FileRefused(
        error_codes.BUSY,
        f"You have {MAX_TRANSFERS} files on their way already.",
        "Try again when one of them has arrived.",
    )
