"""A room that is open: listens, seats its clients, and closes in good order."""

from __future__ import annotations

import contextlib
import errno
import itertools
import logging
import queue
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import Message, Refused, RoomInfo
from messango.protocol.limits import DEFAULT_RATE_LIMIT, DEFAULT_SEATS
from messango.protocol.password import Password
from messango.protocol.validation import clean_name
from messango.room.bans import Bans
from messango.room.fallback_history import FallbackHistory, fresh_seq_base
from messango.room.history import MemoryHistory, import_messages
from messango.room.remote_peer import Peer
from messango.room.room import Room
from messango.server.ban_store import BanStore
from messango.server.client_thread import ClientThread
from messango.server.connections import ConnectionRegistry
from messango.server.context import ServerContext
from messango.server.host_events import ServerEvent, ServerWarning
from messango.server.host_feed import HostFeed
from messango.server.limits import CLOSE_GRACE_S
from messango.server.member_pool import MemberPool
from messango.server.moderation import RoomModeration
from messango.server.password import PasswordVerifier
from messango.server.password_throttle import PasswordThrottle
from messango.server.request_queue import RequestQueue, RoomCall
from messango.server.room_lock import RoomIdentity, lock_history, lock_room
from messango.server.room_thread import RoomThread, history_event
from messango.transport.accept import Acceptor
from messango.transport.certificate import load_or_create_certificate
from messango.transport.listener import listen
from messango.transport.writer import WriterThread

logger = logging.getLogger(__name__)

#: After a failed accept (out of descriptors, most likely) the next try waits so long.
_ACCEPT_RETRY_S: Final = 0.2

#: Descriptors or memory: others' connections have them.
_OUT_OF_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

_CLOSING: Final = encode(Refused(error_codes.CLOSING, "The host is closing the room.", "Try again later."))


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What a host may choose; `port` None is 8000 or the next free one, 0 any; `rate_limit` 0 none.

    `history` is the file to keep what is said in; None the room's own in the home folder. `initial_messages`
    is what was said in a room that this one goes on with.
    """

    name: str
    host: str | None = None
    port: int | None = None
    seats: int = DEFAULT_SEATS
    rate_limit: float = DEFAULT_RATE_LIMIT
    allow_plaintext: bool = False
    keep_history: bool = True
    history: Path | None = None
    initial_messages: Sequence[Message] = ()
    password: Password | None = None


class Server:
    """Owns the listening socket, its thread, and the parts that make up an open room.

    `open` and `close` are for one thread; the rest is for any, once it is open.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        #: Called by the room thread's thread when the facts have changed; must not wait.
        self.on_info_changed: Callable[[RoomInfo], None] | None = None
        self._host_feed = HostFeed()
        self._connection_ids = itertools.count(1)
        self._stopping = threading.Event()
        #: The number of the last failure, until a connection is accepted again; of the listener's thread.
        self._last_accept_errno: int | None = None
        self._resources = contextlib.ExitStack()
        self.port = 0
        self.fingerprint = ""

    @property
    def events(self) -> queue.SimpleQueue[ServerEvent]:
        """What the host is to be told."""
        return self._host_feed.events

    def open(self) -> None:
        """Open the room.

        Raises `BadName`, `PortInUse`, `AddressNotAvailable`, `ListenFailed`,
        `FileInUse` or `CorruptFile`; then all is closed.
        """
        with contextlib.ExitStack() as cleanup:
            identity = lock_room(clean_name(self._options.name))
            cleanup.callback(identity.release)
            certificate = load_or_create_certificate()
            self.fingerprint = certificate.fingerprint
            self._listener = listen(self._options.host, self._options.port)
            cleanup.callback(self._listener.close)
            self.port = self._listener.getsockname()[1]
            writer = WriterThread("server")
            cleanup.callback(writer.close)
            pool = MemberPool()
            cleanup.callback(pool.close)
            self._connections, self._request_queue = ConnectionRegistry(), RequestQueue(pool.wake)
            ban_store = BanStore(identity.bans_path)
            self._moderation = RoomModeration(self._request_queue, ban_store, self._host_feed.publish)
            room = self._create_room(identity, ban_store.load(), cleanup)
            password_verifier = self._create_password_verifier(room)
            self._room_thread = RoomThread(
                room,
                self._request_queue,
                pool,
                self._connections,
                self._host_feed.publish,
                self._on_info_changed,
            )
            self._context = ServerContext(
                acceptor=Acceptor(certificate, writer, self._options.allow_plaintext),
                request_queue=self._request_queue,
                pool=pool,
                connections=self._connections,
                room_info=self.room_info,
                notify_host=self._host_feed.publish,
                rate_limit=self._options.rate_limit,
                password_verifier=password_verifier,
            )
            self._start(cleanup)
            self._resources = cleanup.pop_all()

    def _create_password_verifier(self, room: Room) -> PasswordVerifier | None:
        if self._options.password is None:
            return None
        room.locked = True
        return PasswordVerifier(self._options.password, self.fingerprint, room.id, PasswordThrottle())

    def _create_room(self, identity: RoomIdentity, bans: Bans, cleanup: contextlib.ExitStack) -> Room:
        """Return the room with its history; the same name gives the same room as the last time."""
        if not self._options.keep_history:
            history = MemoryHistory(fresh_seq_base(time.time()))
            import_messages(history, self._options.initial_messages)
            return Room(identity.room_id, identity.name, self._options.seats, history, bans)
        path = self._options.history or identity.history_path
        if self._options.history is not None:
            cleanup.enter_context(lock_history(path))
        file_history = FallbackHistory(path, time.time())
        cleanup.callback(file_history.close)
        if file_history.problem is not None:
            self._host_feed.publish(history_event(file_history.problem))
        room_id = file_history.get_fact("id") or identity.room_id
        import_messages(file_history, self._options.initial_messages)
        file_history.set_fact("id", room_id)
        file_history.set_fact("name", identity.name)
        return Room(room_id, identity.name, self._options.seats, file_history, bans)

    def _start(self, cleanup: contextlib.ExitStack) -> None:
        self._room_thread.start()
        cleanup.callback(self._close_connections)
        cleanup.callback(self._room_thread.close)
        wake_reader, self._wake_writer = socket.socketpair()
        thread = threading.Thread(
            target=self._accept_loop, args=(wake_reader,), name="messango-listener", daemon=True
        )
        thread.start()
        cleanup.callback(thread.join)
        cleanup.callback(self._wake_writer.close)
        cleanup.callback(self._stopping.set)

    def room_info(self) -> RoomInfo:
        """Return what anybody may know of the room, as of the last round."""
        return self._room_thread.room_info

    @property
    def moderation(self) -> RoomModeration:
        """What the host can do with the room and its members."""
        return self._moderation

    def notify_host(self, event: ServerEvent) -> None:
        """Add something of one's own to what the host is told; any thread."""
        self._host_feed.publish(event)

    def rename_room(self, name: str) -> None:
        """Call the room otherwise, for whoever looks or joins from now on."""

        def rename(room: Room) -> None:
            room.name = name

        self._request_queue.put(RoomCall(rename))

    def _on_info_changed(self, info: RoomInfo) -> None:
        if self.on_info_changed is not None:
            self.on_info_changed(info)

    def close(self) -> None:
        """Say goodbye to everybody and stop every thread. Twice is harmless."""
        self._resources.close()

    def _close_connections(self) -> None:
        """Give everybody time to read the last words, then break off who has not."""
        deadline_s = time.monotonic() + CLOSE_GRACE_S
        clients = self._connections.all()
        for client in clients:
            client.resolve_join(admitted=False)
            client.close_after(_CLOSING)
        for client in clients:
            client.join_thread(deadline_s - time.monotonic())
        for client in clients:
            client.abort()
        for client in clients:
            client.join_thread(CLOSE_GRACE_S)

    # The listener's thread.

    def _accept_loop(self, wake: socket.socket) -> None:
        self._listener.setblocking(False)
        with selectors.DefaultSelector() as selector, wake:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self._stopping.is_set():
                selector.select()
                self._accept_pending()

    def _accept_pending(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, address = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._on_accept_error(error)
                return
            self._last_accept_errno = None
            try:
                self._start_client(sock, address)
            except Exception:  # One connection's fault, or no more threads: the next one may do.
                logger.exception("a connection could not be received")
                sock.close()

    def _on_accept_error(self, error: OSError) -> None:
        """The room goes on; where something has run out, whoever has dawdled longest makes room."""
        if error.errno != self._last_accept_errno:
            logger.warning("accept failed: %s", error)
            reason = error.strerror or error
            self._host_feed.publish(
                ServerWarning(f"A connection could not be accepted ({reason}); the room goes on.")
            )
        self._last_accept_errno = error.errno
        if error.errno in _OUT_OF_RESOURCES and (unjoined := self._connections.oldest_unjoined()):
            unjoined.abort()
        self._stopping.wait(_ACCEPT_RETRY_S)

    def _start_client(self, sock: socket.socket, address: tuple[str, int]) -> None:
        # A socket for both families shows IPv4 peers as ::ffff:192.0.2.1 (RFC 4291, section 2.5.5.2).
        host = address[0].removeprefix("::ffff:")
        peer = Peer(host, address[1], local_host=sock.getsockname()[0].removeprefix("::ffff:"))
        client = ClientThread(next(self._connection_ids), sock, peer, self._context)
        evicted = self._connections.add(client)
        if evicted is not None:
            evicted.abort()
        try:
            client.start()
        except BaseException:
            self._connections.remove(client)
            raise
