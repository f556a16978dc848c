"""Hosts a room in a thread, so that the window never waits for it."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from messango.errors import InternalError, MessangoError
from messango.gui.model.rooms.join_target import JoinTarget
from messango.room.guests import GuestKey
from messango.room.host.host_command import RunCommand
from messango.room.host.host_events import MessagesNotKept, RoomEvent

if TYPE_CHECKING:  # slow to import, so the thread does it
    from messango.app.hosted_room import HostedRoom

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomOpened:
    """The room is open: where to join it, its server's events, and how to run host commands.

    `run_command` never waits; its results are among `server_events`. `is_locked` returns whether the host has
    locked the room, and `guest_key` the key for guests from the browser if there are any, here or with
    `messango host`.
    """

    target: JoinTarget
    server_events: queue.SimpleQueue[RoomEvent]
    run_command: RunCommand | None = None
    is_locked: Callable[[], bool] = lambda: False
    guest_key: Callable[[], GuestKey | None] = lambda: None


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """The room could not be opened."""

    error: MessangoError


@dataclass(frozen=True, slots=True)
class ClosedByCommand:
    """`messango host close` closes the room."""


HostEvent: TypeAlias = RoomOpened | OpenFailed | ClosedByCommand


class HostThread:
    """Owns a thread that opens the room, and closes it after `close`; `events` gets one event,
    and one more if a command closes the room.

    All methods may be called from any thread; only `join_thread` blocks.
    """

    def __init__(self, create_room: Callable[[], HostedRoom]) -> None:
        """`create_room` returns the room to open; it is called in the thread."""
        self.events: queue.SimpleQueue[HostEvent] = queue.SimpleQueue()
        #: Gets one event after the room has closed, if messages are lost.
        self.last_events: queue.SimpleQueue[MessagesNotKept] = queue.SimpleQueue()
        self._create_room = create_room
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-gui-host", daemon=True)

    def start(self) -> None:
        """Start opening the room."""
        self._thread.start()

    def close(self) -> None:
        """Start closing the room; members get a goodbye. Twice is harmless."""
        self._closing.set()

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the room is closed; returns false on a timeout."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # The thread.

    def _run(self) -> None:
        try:
            with contextlib.closing(self._create_room()) as hosting:
                hosting.open()
                server = hosting.server
                self.events.put(
                    RoomOpened(
                        _join_target(hosting),
                        server.events,
                        server.run_command,
                        lambda: server.is_locked,
                        lambda: server.guest_key,
                    )
                )
                server.on_close_requested = self._on_close_requested
                self._closing.wait()
            self._forward_losses(hosting.server.events)
        except MessangoError as error:
            self.events.put(OpenFailed(error))
        except Exception:  # The edge of the thread: this is a bug, and the window says so.
            logger.exception("the room could not be hosted")
            self.events.put(OpenFailed(InternalError()))

    def _on_close_requested(self) -> None:
        self.events.put(ClosedByCommand())
        self._closing.set()

    def _forward_losses(self, server_events: queue.SimpleQueue[RoomEvent]) -> None:
        """Pass on what the history reported when it was closed: nobody reads the server's events any more."""
        with contextlib.suppress(queue.Empty):
            while True:
                event = server_events.get_nowait()
                if isinstance(event, MessagesNotKept):
                    self.last_events.put(event)


def _join_target(hosting: HostedRoom) -> JoinTarget:
    facts, server = hosting.server.room_info(), hosting.server
    return JoinTarget(facts.name, tuple(hosting.addresses), server.fingerprint, facts.id)
