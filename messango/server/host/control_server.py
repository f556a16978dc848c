"""The control socket of an open room: answers one request a connection, of this user's programs only.

Nothing here runs while nobody asks: one thread waits in the system for connections.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from messango.errors import MessangoError
from messango.transport.control.channel import Channel, ChannelClosed, LineTooLong
from messango.transport.control.endpoint import LocalListener, open_listener, pipe_name, require_this_user
from messango.transport.control.folder import (
    RoomRecord,
    control_folder,
    lock_folder,
    record_path,
    remove_record,
    write_record,
)
from messango.transport.control.messages import (
    BAD_REQUEST,
    BUSY,
    CLOSING,
    FAULT,
    MAX_REQUEST_BYTES,
    UNKNOWN_REQUEST,
    ControlError,
    ControlReply,
    decode_request,
    encode_line,
)

logger = logging.getLogger(__name__)

#: Takes a request's arguments and returns its result; runs in the thread of the connection, and may wait for
#: a few seconds. Raises `RequestRefused`.
RequestHandler: TypeAlias = Callable[[dict[str, Any]], dict[str, Any]]

#: Connections with a thread; others wait in the system's queue until one of these ends.
MAX_CONNECTIONS: Final = 16

#: A client has its request ready when it connects, and reads the answer at once.
REQUEST_TIMEOUT_S: Final = 3.0
REPLY_TIMEOUT_S: Final = 3.0

#: If all threads are in use, connections that have sent no request for this long make room.
_SILENT_AFTER_S: Final = 0.02

#: After a failed accept (most likely out of descriptors) the next try waits this long.
_ACCEPT_RETRY_S: Final = 0.2

#: How long closing waits for the threads of connections: first for their answers, then for their end.
_JOIN_TIMEOUT_S: Final = 0.5

_BUSY: Final = ControlError(BUSY, "Too many programs ask the room's server at once.", "Try again.")
_CLOSING: Final = ControlError(CLOSING, "The room is closing.", "Open it again, and then repeat the command.")


class RequestRefused(Exception):
    """A request can't be done; `error` says why."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.error = ControlError(code, message, hint)


class ControlServer:
    """Owns the listening socket, its thread and those of the connections.

    `open`, `stop_accepting` and `close` are for one thread; the rest is for any thread.
    """

    def __init__(self) -> None:
        self._room_id = self._name = ""
        self._handlers: dict[str, RequestHandler] = {}
        self._record_file: Path | None = None
        self._pipe = ""
        self._listener: LocalListener | None = None
        self._slots = threading.Semaphore(MAX_CONNECTIONS)
        self._closing = threading.Event()
        self._lock = threading.Lock()  # guards the record, and the two tables below
        self._connections: dict[threading.Thread, Channel] = {}
        #: The connections whose request has not come yet, and since when, in order.
        self._reading: dict[Channel, float] = {}
        self._thread = threading.Thread(target=self._accept_loop, name="messango-control", daemon=True)

    def add_request(self, name: str, handler: RequestHandler) -> None:
        """Answer requests of this name with `handler`, before or after `open`."""
        self._handlers[name] = handler

    def open(self, room_id: str, name: str) -> None:
        """Listen for requests to this room; raises `MessangoError` or `OSError`, with nothing left open."""
        self._room_id, self._name = room_id, name
        folder = control_folder()
        path = record_path(folder, self._room_id)
        with lock_folder(folder):
            self._pipe = pipe_name()
            listener = open_listener(path, self._pipe)
            self._record_file, self._listener = path, listener
            try:
                self._write_record()
                self._thread.start()
            except BaseException:
                listener.close()
                remove_record(path)
                self._record_file = self._listener = None
                raise

    def rename_room(self, name: str) -> None:
        """Show the room under this name from now on."""
        with self._lock:
            self._name = name
            if self._record_file is not None:
                with contextlib.suppress(OSError):  # A full disk: the former name stays.
                    self._write_record()

    def _write_record(self) -> None:
        if self._record_file is not None:
            write_record(self._record_file, RoomRecord(self._room_id, self._name, os.getpid(), self._pipe))

    def stop_accepting(self) -> None:
        """Accept no more connections; those that are open go on. Twice is harmless."""
        if self._listener is None:
            return
        with self._lock:
            if self._record_file is not None:
                remove_record(self._record_file)
            self._record_file = None
        self._closing.set()
        self._listener.wake()
        self._thread.join()
        self._listener.close()
        self._listener = None

    def close(self) -> None:
        """Stop, end every connection and join their threads. Twice is harmless."""
        self.stop_accepting()
        ends: tuple[Callable[[Channel], None], ...] = (
            lambda channel: channel.stop_reading(),
            lambda channel: channel.abort(),
        )
        for end in ends:
            with self._lock:
                threads = [*self._connections]
                for channel in self._connections.values():
                    end(channel)
            deadline_s = time.monotonic() + _JOIN_TIMEOUT_S
            for thread in threads:
                thread.join(max(0.0, deadline_s - time.monotonic()))

    # The thread that accepts.

    def _accept_loop(self) -> None:
        listener = self._listener
        while listener is not None and not self._closing.is_set():
            try:
                if (channel := listener.accept()) is not None:
                    self._start(channel)
            except (OSError, RuntimeError) as error:  # RuntimeError: the system starts no more threads.
                logger.warning("a control connection could not be accepted: %s", error)
                self._closing.wait(_ACCEPT_RETRY_S)

    def _start(self, channel: Channel) -> None:
        """Give a connection a thread; waits for one that ends if there are too many."""
        while not self._slots.acquire(timeout=_SILENT_AFTER_S):
            self._end_silent_connections()
            if self._closing.is_set():
                channel.close()
                return
        thread = threading.Thread(
            target=self._serve, args=(channel,), name="messango-control-client", daemon=True
        )
        with self._lock:
            self._connections[thread] = channel
            self._reading[channel] = time.monotonic()
        try:
            thread.start()
        except BaseException:
            self._forget(thread, channel)
            raise

    def _end_silent_connections(self) -> None:
        since_s = time.monotonic() - _SILENT_AFTER_S
        with self._lock:
            silent = [channel for channel, began_s in self._reading.items() if began_s < since_s]
        for channel in silent:
            channel.stop_reading()

    def _forget(self, thread: threading.Thread, channel: Channel) -> None:
        with self._lock:
            del self._connections[thread]
            self._reading.pop(channel, None)
            # Closed here, so that nobody stops a connection whose descriptor is another's by then.
            channel.close()
        self._slots.release()

    # The thread of a connection.

    def _serve(self, channel: Channel) -> None:
        try:
            require_this_user(channel)
            reply = self._receive_and_answer(channel)
            channel.send_line(encode_line(reply), time.monotonic() + REPLY_TIMEOUT_S)
        except OSError as error:  # Among them TimeoutError.
            logger.info("a control connection ended early: %r", error)
        finally:
            self._forget(threading.current_thread(), channel)

    def _receive_and_answer(self, channel: Channel) -> ControlReply:
        try:
            line = channel.receive_line(MAX_REQUEST_BYTES, time.monotonic() + REQUEST_TIMEOUT_S)
        except ChannelClosed:
            return ControlReply(error=_CLOSING if self._closing.is_set() else _BUSY)
        except LineTooLong:
            return _failed(BAD_REQUEST, f"A request has at most {MAX_REQUEST_BYTES:,} bytes.")
        finally:
            with self._lock:
                self._reading.pop(channel, None)
        return self._answer(line)

    def _answer(self, line: bytes) -> ControlReply:
        try:
            request = decode_request(line)
        except ValueError:
            return _failed(BAD_REQUEST, "The line is not a request: one JSON object with the field request.")
        handler = self._handlers.get(request.request)
        if handler is None:
            hint = "The room's server may be an older Messango. Close the room and open it again."
            return _failed(UNKNOWN_REQUEST, "The room's server does not know this request.", hint)
        try:
            return ControlReply(result=handler(request.arguments))
        except RequestRefused as refused:
            return ControlReply(error=refused.error)
        except MessangoError as error:
            return _failed(BAD_REQUEST, str(error), error.hint)
        except Exception:  # The edge of the thread: the room stays open after a bug of ours.
            logger.exception("a control request failed")
            return _failed(
                FAULT, "This failed because of a bug in Messango.", "The server's log has details."
            )


def _failed(code: str, message: str, hint: str = "") -> ControlReply:
    return ControlReply(error=ControlError(code, message, hint))
