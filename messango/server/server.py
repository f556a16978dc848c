"""A room that is open: listens, seats its guests, and closes in good order."""

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
from messango.protocol.limits import DEFAULT_SEATS
from messango.protocol.password import Password
from messango.protocol.validation import clean_name
from messango.room.bans import Bans
from messango.room.fallback_history import FallbackHistory, fresh_seq_base
from messango.room.history import MemoryHistory, import_messages
from messango.room.remote_peer import Peer
from messango.room.room import Room
from messango.server.ban_store import BanFile
from messango.server.client_thread import Guest
from messango.server.connections import Guests
from messango.server.context import Premises
from messango.server.host_events import Failed, ServerEvent
from messango.server.host_feed import HostLog
from messango.server.limits import DEFAULT_RATE, LAST_WORDS_S
from messango.server.moderation import HostsHand
from messango.server.password import PasswordCheck
from messango.server.password_throttle import Guesses
from messango.server.request_queue import HostAsks, Inbox
from messango.server.room_lock import Identity, claim, claim_file
from messango.server.room_thread import Broadcaster, history_event
from messango.transport.accept import Gate
from messango.transport.certificate import own_certificate
from messango.transport.listener import listen
from messango.transport.writer import Flusher

logger = logging.getLogger(__name__)

#: After a failed accept (out of descriptors, most likely) the next try waits so long.
_ACCEPT_PAUSE_S: Final = 0.2

#: Descriptors or memory: others' connections have them.
_RUN_OUT: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

_CLOSING: Final = encode(Refused(error_codes.CLOSING, "The host is closing the room.", "Try again later."))


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What a host may choose; `port` None is 8000 or the next free one, 0 any; `rate_limit` 0 none.

    `history` is the file to keep what is said in; None the room's own in the home folder. `said_before`
    is what was said in a room that this one goes on with.
    """

    name: str
    host: str | None = None
    port: int | None = None
    seats: int = DEFAULT_SEATS
    rate_limit: float = DEFAULT_RATE
    allow_plaintext: bool = False
    keep_history: bool = True
    history: Path | None = None
    said_before: Sequence[Message] = ()
    password: Password | None = None


class Server:
    """Owns the listening socket, its thread, and the parts that make up an open room.

    `open` and `close` are for one thread; the rest is for any, once it is open.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        #: Called by the broadcaster's thread when the facts have changed; must not wait.
        self.on_change: Callable[[RoomInfo], None] | None = None
        self._log = HostLog()
        self._links = itertools.count(1)
        self._stopping = threading.Event()
        #: The number of the last failure, until a connection is accepted again; of the listener's thread.
        self._accept_trouble: int | None = None
        self._resources = contextlib.ExitStack()
        self.port = 0
        self.fingerprint = ""

    @property
    def events(self) -> queue.SimpleQueue[ServerEvent]:
        """What the host is to be told."""
        return self._log.events

    def open(self) -> None:
        """Open the room.

        Raises `BadName`, `PortInUse`, `AddressNotAvailable`, `ListenFailed`,
        `FileInUse` or `CorruptFile`; then all is closed.
        """
        with contextlib.ExitStack() as opened:
            identity = claim(clean_name(self._options.name))
            opened.callback(identity.release)
            certificate = own_certificate()
            self.fingerprint = certificate.fingerprint
            self._listening = listen(self._options.host, self._options.port)
            opened.callback(self._listening.close)
            self.port = self._listening.getsockname()[1]
            flusher = Flusher("server")
            opened.callback(flusher.close)
            self._guests, self._inbox = Guests(), Inbox()
            ban_file = BanFile(identity.bans_path)
            self._hand = HostsHand(self._inbox, ban_file, self._log.tell)
            room = self._furnish(identity, ban_file.read(), opened)
            password = self._password_check(room)
            self._broadcaster = Broadcaster(room, self._inbox, self._guests, self._log.tell, self._changed)
            self._premises = Premises(
                gate=Gate(certificate, flusher, self._options.allow_plaintext),
                inbox=self._inbox,
                guests=self._guests,
                facts=self.facts,
                tell_host=self._log.tell,
                rate_limit=self._options.rate_limit,
                password=password,
            )
            self._start(opened)
            self._resources = opened.pop_all()

    def _password_check(self, room: Room) -> PasswordCheck | None:
        if self._options.password is None:
            return None
        room.locked = True
        return PasswordCheck(self._options.password, self.fingerprint, room.id, Guesses())

    def _furnish(self, identity: Identity, bans: Bans, opened: contextlib.ExitStack) -> Room:
        """Return the room with its history; the same name gives the same room as the last time."""
        if not self._options.keep_history:
            history = MemoryHistory(fresh_seq_base(time.time()))
            import_messages(history, self._options.said_before)
            return Room(identity.room_id, identity.name, self._options.seats, history, bans)
        path = self._options.history or identity.history_path
        if self._options.history is not None:
            opened.enter_context(claim_file(path))
        kept = FallbackHistory(path, time.time())
        opened.callback(kept.close)
        if kept.problem is not None:
            self._log.tell(history_event(kept.problem))
        room_id = kept.get_fact("id") or identity.room_id
        import_messages(kept, self._options.said_before)
        kept.set_fact("id", room_id)
        kept.set_fact("name", identity.name)
        return Room(room_id, identity.name, self._options.seats, kept, bans)

    def _start(self, opened: contextlib.ExitStack) -> None:
        self._broadcaster.start()
        opened.callback(self._see_off_guests)
        opened.callback(self._broadcaster.close)
        wake_reader, self._wake_writer = socket.socketpair()
        thread = threading.Thread(
            target=self._accept_all, args=(wake_reader,), name="messango-listener", daemon=True
        )
        thread.start()
        opened.callback(thread.join)
        opened.callback(self._wake_writer.close)
        opened.callback(self._stopping.set)

    def facts(self) -> RoomInfo:
        """Return what anybody may know of the room, as of the last round."""
        return self._broadcaster.facts

    @property
    def hand(self) -> HostsHand:
        """What the host can do with the room and its members."""
        return self._hand

    def tell_host(self, event: ServerEvent) -> None:
        """Add something of one's own to what the host is told; any thread."""
        self._log.tell(event)

    def rename_room(self, name: str) -> None:
        """Call the room otherwise, for whoever looks or joins from now on."""

        def rename(room: Room) -> None:
            room.name = name

        self._inbox.put(HostAsks(rename))

    def _changed(self, facts: RoomInfo) -> None:
        if self.on_change is not None:
            self.on_change(facts)

    def close(self) -> None:
        """Say goodbye to everybody and stop every thread. Twice is harmless."""
        self._resources.close()

    def _see_off_guests(self) -> None:
        """Give everybody time to read the last words, then break off who has not."""
        deadline_s = time.monotonic() + LAST_WORDS_S
        guests = self._guests.all()
        for guest in guests:
            guest.decide(admitted=False)
            guest.finish(_CLOSING)
        for guest in guests:
            guest.join_thread(deadline_s - time.monotonic())
        for guest in guests:
            guest.abort()
        for guest in guests:
            guest.join_thread(LAST_WORDS_S)

    # The listener's thread.

    def _accept_all(self, wake: socket.socket) -> None:
        self._listening.setblocking(False)
        with selectors.DefaultSelector() as selector, wake:
            selector.register(self._listening, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self._stopping.is_set():
                selector.select()
                self._accept_waiting()

    def _accept_waiting(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, address = self._listening.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._accept_failed(error)
                return
            self._accept_trouble = None
            try:
                self._receive_guest(sock, address)
            except Exception:  # One connection's fault, or no more threads: the next one may do.
                logger.exception("a connection could not be received")
                sock.close()

    def _accept_failed(self, error: OSError) -> None:
        """The room goes on; where something has run out, whoever has dawdled longest makes room."""
        if error.errno != self._accept_trouble:
            logger.warning("accept failed: %s", error)
            reason = error.strerror or error
            self._log.tell(Failed(f"A connection could not be accepted ({reason}); the room goes on."))
        self._accept_trouble = error.errno
        if error.errno in _RUN_OUT and (stranger := self._guests.oldest_stranger()):
            stranger.abort()
        self._stopping.wait(_ACCEPT_PAUSE_S)

    def _receive_guest(self, sock: socket.socket, address: tuple[str, int]) -> None:
        # A socket for both families shows IPv4 peers as ::ffff:192.0.2.1 (RFC 4291, section 2.5.5.2).
        host = address[0].removeprefix("::ffff:")
        peer = Peer(host, address[1], local_host=sock.getsockname()[0].removeprefix("::ffff:"))
        guest = Guest(next(self._links), sock, peer, self._premises)
        evicted = self._guests.add(guest)
        if evicted is not None:
            evicted.abort()
        try:
            guest.start()
        except BaseException:
            self._guests.remove(guest)
            raise
