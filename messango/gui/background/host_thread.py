"""Hosts a room from a thread of its own, so that the window never waits for it."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from messango.errors import InternalError, MessangoError
from messango.gui.model.target import JoinTarget
from messango.room.host_command import RunCommand
from messango.room.host_events import RoomEvent

if TYPE_CHECKING:  # it brings the server with it, which is for the thread to import
    from messango.app.hosted_room import HostedRoom

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomOpened:
    """The room is open: where to join it, its server's events, and how to run host commands.

    `run_command` never waits; its results are among `server_events`.
    """

    target: JoinTarget
    server_events: queue.SimpleQueue[RoomEvent]
    run_command: RunCommand | None = None


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """It could not be opened, and why."""

    error: MessangoError


HostEvent: TypeAlias = RoomOpened | OpenFailed


class HostThread:
    """Owns a thread that opens the room, and closes it after `close`; one event tells how it went.

    All methods are for any thread and never wait, but `join_thread`.
    """

    def __init__(self, create_room: Callable[[], HostedRoom]) -> None:
        """`create_room` gives the room that is to be opened; it is called in the thread."""
        self.events: queue.SimpleQueue[HostEvent] = queue.SimpleQueue()
        self._create_room = create_room
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messango-gui-host", daemon=True)

    def start(self) -> None:
        """Begin to open the room."""
        self._thread.start()

    def close(self) -> None:
        """Say goodbye to everybody and close the room. Twice is harmless."""
        self._closing.set()

    def join_thread(self, timeout_s: float) -> bool:
        """Wait until the room is closed; false when the time is up."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # The thread.

    def _run(self) -> None:
        try:
            with contextlib.closing(self._create_room()) as hosting:
                hosting.open()
                self.events.put(
                    RoomOpened(_join_target(hosting), hosting.server.events, hosting.server.run_command)
                )
                self._closing.wait()
        except MessangoError as error:
            self.events.put(OpenFailed(error))
        except Exception:  # The edge of the thread: a fault here is ours, and is admitted.
            logger.exception("the room could not be hosted")
            self.events.put(OpenFailed(InternalError()))


def _join_target(hosting: HostedRoom) -> JoinTarget:
    facts, server = hosting.server.room_info(), hosting.server
    return JoinTarget(facts.name, tuple(hosting.addresses), server.fingerprint, facts.id)
