"""A room that is open on the network: opens its parts, accepts clients, and closes everything in order."""

from __future__ import annotations

import contextlib
import errno
import functools
import itertools
import queue
import secrets
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from messango.protocol.frames import RoomInfo
from messango.protocol.password import Password
from messango.protocol.text.validation import clean_name
from messango.room.guests import GuestKey
from messango.room.host.host_command import HostCommand
from messango.room.host.host_events import MessagesNotKept, RoomEvent, ServerWarning
from messango.room.peer import Peer
from messango.room.room import Room
from messango.server.accept_failures import AcceptFailures
from messango.server.clients.client_thread import ClientThread
from messango.server.clients.closing import close_clients
from messango.server.clients.member_pool import MemberPool
from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.context import ServerContext
from messango.server.files.transfers.pace import Pace
from messango.server.host.command_runner import CommandRunner
from messango.server.host.control_server import ControlServer
from messango.server.host.host_control import RoomDescription, open_control
from messango.server.host.host_feed import HostFeed
from messango.server.host.host_requests import HostRequests
from messango.server.lazy_web import LazyWeb
from messango.server.memory import limit_arenas
from messango.server.open_room import open_room
from messango.server.reachability.reach_request import (
    REACH_REQUEST,
    answer_reach_request,
    create_reachability,
)
from messango.server.reachability.reachability import Reachability, ReachChange
from messango.server.request_queue import RequestQueue, RoomCall
from messango.server.room_files import RoomFiles
from messango.server.room_thread import RoomThread
from messango.server.server_options import ServerOptions
from messango.server.throttling.password_gate import PasswordGate
from messango.server.throttling.password_throttle import PasswordThrottle
from messango.server.throttling.password_verifier import PasswordVerifier
from messango.server.throttling.trust import KnownAddresses
from messango.storage import home_warning
from messango.transport.accept import Acceptor
from messango.transport.addresses import Address
from messango.transport.identity.certificate import Certificate
from messango.transport.identity.host_identity import load_host_identity
from messango.transport.identity.host_secret import create_host_secret
from messango.transport.listener import Listener, listen
from messango.transport.networks.browser_addresses import browser_addresses
from messango.transport.writer import WriterThread

if TYPE_CHECKING:
    from messango.server.linked.server_link import ServerLink

#: The process or the system has no free descriptors, memory or threads; closing a connection may help.
_OUT_OF_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN})


class Server:
    """Owns the threads, connections and files of an open room.

    `open` and `close` are for one thread; the rest is for any thread once the room is open.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._options = options
        #: The room thread calls this when the room's public information changes; it must not wait.
        self.on_info_changed: Callable[[RoomInfo], None] | None = None
        #: Returns the room's addresses that others are told; and gets the news of whether others reach it
        #: there. Several threads call them; good news must not wait.
        self.listed_addresses: Callable[[], Sequence[Address]] = list
        self.on_reach_changed: Callable[[ReachChange], None] = _do_nothing
        self._host_feed = HostFeed()
        self._host_requests = HostRequests(
            self._call_room,
            lambda command, room: self._command_runner.apply(command, room),
            self._host_feed.publish,
        )
        self._control = ControlServer()
        self._control.add_request("room", lambda _: self._describe().fields())
        for name, handler in self._host_requests.handlers.items():
            self._control.add_request(name, handler)
        self._connection_ids = itertools.count(1)
        self._is_open = False
        #: The link to the other servers of the room, if it has some.
        self._link: ServerLink | None = None
        #: Only for the listener's thread.
        self._accept_failures = AcceptFailures()
        self.port = 0
        self.fingerprint = ""
        #: Known by this server only, also among copies of its folder: an answer that knows it comes from this
        #: server (`probe` with this as `session`).
        self.own_token = secrets.token_urlsafe(24)

    @property
    def on_close_requested(self) -> Callable[[], None] | None:
        """Called when `messango host close` asks to close the room; it must not wait. None: it can't."""
        return self._host_requests.on_close_requested

    @on_close_requested.setter
    def on_close_requested(self, callback: Callable[[], None]) -> None:
        self._host_requests.on_close_requested = callback

    @property
    def is_locked(self) -> bool:
        """Whether the host has locked the room: at once, while `room_info` follows after the batch."""
        return self._room.admission.locked

    @property
    def guest_key(self) -> GuestKey | None:
        """The present key for guests from the browser; None while they are not admitted."""
        return self._room.admission.guests.key

    @property
    def events(self) -> queue.SimpleQueue[RoomEvent]:
        """The events and the results of commands for the host, in order."""
        return self._host_feed.events

    def open(self) -> None:
        """Open the room.

        Raises `BadName`, `PortInUse`, `AddressNotAvailable`, `ListenFailed`, `RoomInUse`, `FileInUse`,
        `CorruptFile` (among them `HistoryUnusable`), `ExtraMissing` or `StorageUnavailable`; nothing stays
        open then.
        """
        options, publish = self._options, self._host_feed.publish
        limit_arenas()
        with contextlib.ExitStack() as undo:
            certificate = self._open_files(undo)
            sock = listen(options.host, options.port)
            self._listener = Listener(sock, self._start_client, self._on_accept_error)
            undo.callback(self._listener.close)
            self.port = self._listener.port
            self._writer = undo.enter_context(contextlib.closing(WriterThread("server")))
            pool = MemberPool()
            undo.callback(pool.close)
            known_addresses = KnownAddresses()
            self._connections = ConnectionRegistry(known_addresses)
            self._request_queue = RequestQueue(pool.wake)
            pace = Pace()
            self._link = self._open_link(undo, pace)
            opened = open_room(options, self._files, self._link, publish, self._call_room)
            room, self._history_answers, self.file_store = opened
            self._room = room
            undo.callback(self._history_answers.close)
            guests = room.admission.guests
            room.admission.host_secret = create_host_secret(self.fingerprint)
            password_gate = self._create_password_gate(room, known_addresses)
            if options.web:
                self._admit_guests(room)
            self._command_runner = CommandRunner(self._files.ban_store, password_gate, publish)
            self._room_thread = RoomThread(
                room, self._request_queue, pool, self._connections, publish, self._on_info_changed, pace.talk
            )
            self.reachability = self._create_reachability()
            self._context = ServerContext(
                acceptor=Acceptor(certificate, self._writer, options.allow_plaintext, lambda: guests.is_open),
                request_queue=self._request_queue,
                pool=pool,
                connections=self._connections,
                room_info=self.room_info,
                notify_host=publish,
                rate_limit=options.rate_limit,
                password_gate=password_gate,
                has_session=room.members.has_session,
                seated_id=room.members.seated_id,
                member_of=room.members.connected_id,
                open_elsewhere=self._link.open_file if self._link is not None else None,
                pace=pace,
                read_history=self._history_answers.answer,
                file_store=self.file_store,
                own_token=self.own_token,
                admits_guests=lambda: guests.is_open,
                web=LazyWeb(self.port),
                on_connected=self.reachability.connected,
                on_joined=self.reachability.joined,
                on_reached=self.reachability.answered,
            )
            if self._link is not None:
                self._link.start()
            self._room_thread.start()
            undo.callback(self._room_thread.close)
            self._listener.start()
            undo.pop_all()  # From here on, `close` closes all of this.
            self._is_open = True
        self._warn_host(open_control(self._control, room.id, room.name))

    def _open_files(self, undo: contextlib.ExitStack) -> Certificate:
        """Lock the room's files; return the certificate, and publish what the host should know about it."""
        name = clean_name(self._options.name)
        identity = load_host_identity(self._options.identity, browser_addresses)
        self.fingerprint = identity.certificate.fingerprint
        self._files = undo.enter_context(contextlib.closing(RoomFiles(name, self.fingerprint)))
        if identity.notice:
            self._host_feed.publish(ServerWarning(identity.notice))
        if warning := home_warning():
            self._host_feed.publish(ServerWarning(" ".join(warning)))
        return identity.certificate

    def _open_link(self, undo: contextlib.ExitStack, pace: Pace) -> ServerLink | None:
        """Return the link to the room's other servers, if the host has chosen one."""
        if self._options.link is None:
            return None
        # Imported here because most rooms are not linked.
        from messango.server.linked.server_link import ServerLink

        link = ServerLink(
            self._options.link,
            self._files.name,
            self._options.host,
            self.fingerprint,
            lambda: self.listed_addresses(),
            self._host_feed.publish,
            self._call_room,
            pace,
        )
        undo.callback(link.close)
        return link

    def _call_room(self, action: Callable[[Room], None]) -> None:
        self._request_queue.put(RoomCall(action))

    def _create_password_gate(self, room: Room, known: KnownAddresses) -> PasswordGate:
        throttle = PasswordThrottle(known)

        def create_verifier(password: Password) -> PasswordVerifier:
            return PasswordVerifier(password, self.fingerprint, room.id, throttle)

        gate = PasswordGate(create_verifier, room.members.seat_generation)
        if self._options.password is not None:
            room.admission.password_generation = gate.change(self._options.password)
            room.admission.has_password = True
        return gate

    def _admit_guests(self, room: Room) -> None:
        """Let guests join from the browser from the beginning; raises `ExtraMissing`."""
        # Imported here because most rooms never have such guests.
        from messango.web.extra import require_web

        require_web()
        room.admission.guests.renew(time.monotonic(), time.time())

    def _create_reachability(self) -> Reachability:
        reachability = create_reachability(
            self._request_queue,
            self._connections,
            lambda: self.listed_addresses(),
            lambda change: self.on_reach_changed(change),
        )
        self._control.add_request(REACH_REQUEST, lambda _: answer_reach_request(reachability))
        return reachability

    def close(self) -> None:
        """Close the room and join every thread, within two seconds. Twice is harmless.

        A step that raises does not skip the steps after it.
        """
        if self._is_open:
            self._is_open = False
            _run_all(
                (
                    self._control.stop_accepting,
                    self._listener.close,  # No new connections.
                    self.reachability.close,  # It asks the room for its members.
                    self._leave_link,  # The room's other servers learn it.
                    self._room_thread.close,  # Every member gets a goodbye.
                    self._close_link,
                    self._history_answers.close,  # No client thread waits for the room any more.
                    self._host_requests.stop,
                    self._close_clients,  # The members have time to read it; then their threads end.
                    self._writer.close,
                    self._close_files,  # Writes the history and lets other processes open the room.
                    self._host_requests.mark_closed,
                    self._control.close,  # Who has asked to close the room is told now that it is closed.
                )
            )

    def _leave_link(self) -> None:
        if self._link is not None:
            self._link.leave()

    def _close_link(self) -> None:
        if self._link is not None:
            self._link.close()

    def addresses_changed(self) -> None:
        """Tell the other servers of a linked room where this one is now."""
        if self._link is not None:
            self._link.addresses_changed()

    def _close_clients(self) -> None:
        close_clients(self._connections.all())

    def _close_files(self) -> None:
        """Close the files, and let the host know which messages are lost now."""
        history = self._files.history
        self._files.close()
        if history is not None and history.unsaved_count:
            reason = history.problem.cause if history.problem else ""
            self._host_feed.publish(MessagesNotKept(history.unsaved_count, reason))

    def room_info(self) -> RoomInfo:
        """Return the public information about the room, as of the last batch."""
        return self._room_thread.room_info

    def run_command(self, command: HostCommand) -> None:
        """Run a host command; never waits. Its result is one `CommandResult` among `events`."""
        self._request_queue.put(RoomCall(functools.partial(self._command_runner.run, command)))

    def notify_host(self, event: RoomEvent) -> None:
        """Add an event to the host's `events`."""
        self._host_feed.publish(event)

    def _describe(self) -> RoomDescription:
        return RoomDescription(
            self.room_info(),
            host=self._options.host,
            port=self.port,
            fingerprint=self.fingerprint,
            has_password=self._room.admission.has_password,
            is_locked=self.is_locked,
        )

    def rename_room(self, name: str, notice: str = "") -> None:
        """Change the room's name for clients that look or join from now on; present members get `notice`."""

        def rename(room: Room) -> None:
            room.name = name
            if notice and room.members.connected:
                room.announce(notice)

        self._control.rename_room(name)
        self._request_queue.put(RoomCall(rename))

    # The room thread.

    def _on_info_changed(self, info: RoomInfo) -> None:
        if self.on_info_changed is not None:
            self.on_info_changed(info)

    # The listener's thread.

    def _start_client(self, sock: socket.socket, address: tuple[Any, ...]) -> None:
        if self._accept_failures.failing:
            self._warn_host(self._accept_failures.accepted(time.monotonic()))
        # A dual-stack socket shows IPv4 peers as ::ffff:192.0.2.1 (RFC 4291, section 2.5.5.2).
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

    def _on_accept_error(self, error: OSError) -> None:
        """Warn the host; if resources ran out, abort the oldest connection that has not joined."""
        self._warn_host(self._accept_failures.failed(error.strerror or str(error), time.monotonic()))
        if error.errno in _OUT_OF_RESOURCES and (unjoined := self._connections.oldest_unjoined()):
            unjoined.abort()

    def _warn_host(self, sentence: str) -> None:
        if sentence:
            self._host_feed.publish(ServerWarning(sentence))


def _do_nothing(_change: ReachChange) -> None:
    """Nobody wants to know."""


def _run_all(steps: Iterable[Callable[[], None]]) -> None:
    """Run each step even if one before it raised; raises the first exception at the end."""
    failures: list[BaseException] = []
    for step in steps:
        try:
            step()
        except BaseException as error:  # noqa: BLE001 (raised again below)
            failures.append(error)
    if failures:
        raise failures[0]
