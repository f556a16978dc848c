"""The requests of `messango host`: commands for the room, its password, and closing it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, Final, TypeAlias

from messango.errors import BadPassword
from messango.protocol.password import Password
from messango.room.host.guest_commands import ShowGuestLink
from messango.room.host.host_command import Announce, HostCommand, SetPassword
from messango.room.host.host_events import (
    INVALID_INPUT,
    CommandDone,
    CommandFailed,
    CommandResult,
    GuestLink,
    HostActed,
    RoomEvent,
)
from messango.room.host.host_result import result_fields
from messango.room.room import Room
from messango.server.host.control_server import RequestHandler, RequestRefused
from messango.transport.control.messages import CLOSING

#: The names of the requests.
COMMAND: Final = "command"
PASSWORD: Final = "password"  # noqa: S105 (the name of a request)
CLOSE: Final = "close"

#: A command takes milliseconds, but for a room that is flooded. The client waits a little longer.
ROOM_TIMEOUT_S: Final = 3.0

#: Closing takes two seconds at most, and withdrawing the room from the network one more.
CLOSE_TIMEOUT_S: Final = 8.0

#: The code of a room that has no time.
TIMED_OUT: Final = "timed-out"

#: Lets the room's thread call a function soon; never waits.
CallInRoom: TypeAlias = Callable[[Callable[[Room], None]], None]


class HostRequests:
    """Answers the requests, each in the thread of its connection.

    `on_close_requested` is called for a request to close the room, and must not wait. Call `mark_closed` when
    the room has closed.
    """

    def __init__(
        self,
        call_in_room: CallInRoom,
        apply: Callable[[HostCommand, Room], CommandResult],
        publish: Callable[[RoomEvent], None],
    ) -> None:
        self.on_close_requested: Callable[[], None] | None = None
        self._call_in_room, self._apply, self._publish = call_in_room, apply, publish
        self._closed = threading.Event()
        self._lock = threading.Lock()  # guards _stopped and _waiting
        self._stopped = False
        self._waiting: set[Future[CommandResult]] = set()

    @property
    def handlers(self) -> dict[str, RequestHandler]:
        """The handler of each request, by its name."""
        return {COMMAND: self._run_line, PASSWORD: self._set_password, CLOSE: self._close}

    def _run_line(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Run a command as the host types it: `line`. The members' names in it are those of this moment."""
        line = _text(arguments, "line")
        return self._run(lambda room: self._apply_line(line, room))

    def _set_password(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Set the room's `password`, or remove it if that is null."""
        try:
            text = arguments.get("password", "")
            password = None if text is None else Password(_text(arguments, "password"))
        except BadPassword as error:
            raise RequestRefused(INVALID_INPUT, str(error), error.hint) from None
        return self._run(lambda room: self._apply_and_publish(SetPassword(password), room))

    def _close(self, _arguments: dict[str, Any]) -> dict[str, Any]:
        """Close the room; the answer comes when it is closed, so that it can be opened again at once."""
        if self.on_close_requested is None:
            raise RequestRefused("failed", "This room can't be closed from here.", "Close it where it runs.")
        self.on_close_requested()
        if not self._closed.wait(CLOSE_TIMEOUT_S):
            raise RequestRefused(TIMED_OUT, "The room is still closing.", "It needs another moment.")
        return result_fields(CommandDone("The room is closed."))

    def stop(self) -> None:
        """End the waits for the room, which runs nothing more."""
        with self._lock:
            self._stopped = True
            waiting = [*self._waiting]
        for future in waiting:
            future.cancel()

    def mark_closed(self) -> None:
        """Answer those who have asked to close the room."""
        self._closed.set()

    def _run(self, apply: Callable[[Room], CommandResult]) -> dict[str, Any]:
        """Run a command in the room's thread, wait for its result, and return the fields."""
        future: Future[CommandResult] = Future()
        with self._lock:
            self._waiting.add(future)
            if self._stopped:
                future.cancel()
        try:
            self._call_in_room(lambda room: _complete(future, apply, room))
            result = future.result(ROOM_TIMEOUT_S)
        except CancelledError:
            raise RequestRefused(CLOSING, "The room is closing.", "The command was not run.") from None
        except FutureTimeoutError:
            # Either it never runs or its result is waited for no more.
            outcome = "The command was not run." if future.cancel() else "It may be done all the same."
            raise RequestRefused(TIMED_OUT, "The room is very busy.", f"{outcome} Try again.") from None
        finally:
            with self._lock:
                self._waiting.discard(future)
        if isinstance(result, CommandFailed):
            raise RequestRefused(result.code, result.message)
        return result_fields(result)

    def _apply_line(self, line: str, room: Room) -> CommandResult:
        # Imported by the first command: most rooms open and close without one.
        from messango.protocol.text.command_table import InvalidInput, ShowHelp
        from messango.room.host.host_command_parser import AskPassword, CloseRoom, parse_command

        parsed = parse_command(line, room.members.names())
        if isinstance(parsed, InvalidInput):
            return CommandFailed(parsed.reason, INVALID_INPUT)
        if parsed is None or isinstance(parsed, (AskPassword, CloseRoom, ShowHelp)):
            return CommandFailed("This is not a command that the room can run.", INVALID_INPUT)
        return self._apply_and_publish(parsed, room)

    def _apply_and_publish(self, command: HostCommand, room: Room) -> CommandResult:
        result = self._apply(command, room)
        if isinstance(result, (CommandDone, GuestLink)) and not isinstance(
            command, (Announce, ShowGuestLink)
        ):
            self._publish(HostActed(result.message))
        return result


def _complete(future: Future[CommandResult], apply: Callable[[Room], CommandResult], room: Room) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(apply(room))
    except BaseException as error:
        future.set_exception(error)
        raise


def _text(arguments: dict[str, Any], field: str) -> str:
    value = arguments.get(field)
    if not isinstance(value, str):
        raise RequestRefused(INVALID_INPUT, f"The request needs a text in the field {field}.")
    return value
