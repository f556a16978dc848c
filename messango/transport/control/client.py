"""Finds the rooms that are open on this computer with this Messango folder, and asks one of them."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from messango.errors import MessangoError, RoomNotFound, ServerNotAnswering, SeveralRooms
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.plain_names import quoted_name, shown_name
from messango.protocol.text.validation import normalized_name
from messango.protocol.text.wording import join_names
from messango.storage import home
from messango.transport.control.channel import ChannelClosed, LineTooLong
from messango.transport.control.endpoint import NotThisUser, connect
from messango.transport.control.folder import (
    RoomRecord,
    control_folder,
    folder_problem,
    lock_folder,
    read_records,
    remove_record,
)
from messango.transport.control.messages import (
    BUSY,
    MAX_REPLY_BYTES,
    ControlReply,
    ControlRequest,
    decode_reply,
    encode_line,
)
from messango.transport.identity.identity_errors import SHELL_SAFE

#: Most requests take milliseconds. A server that says nothing for this long is stopped, or its computer is
#: very busy.
ANSWER_TIMEOUT_S: Final = 4.0

#: At most this many names are listed in a sentence.
_MAX_NAMES: Final = 20

#: Fewer digits of an id are taken for a name.
_MIN_ID_DIGITS: Final = 4

#: A server that can't even accept a connection may still be there.
_CONNECT_TIMEOUT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class RunningRoom:
    """A room that is open: `id` and `name` as the room has them, and the process of its server."""

    id: str
    name: str
    pid: int
    record_file: Path
    record: RoomRecord


class RequestFailed(MessangoError):
    """The server can't do what it was asked for; `code` says why, for programs."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


def running_rooms() -> list[RunningRoom]:
    """Return the rooms of this Messango folder whose servers run on this computer, sorted by name.

    What a killed server has left behind is removed. A server that is stopped counts as running. Raises
    `StorageUnavailable`.
    """
    rooms = [
        RunningRoom(record.id, record.name, record.pid, path, record)
        for path, record in read_records().items()
        if _is_running(path, record)
    ]
    return sorted(rooms, key=lambda room: (room.name.casefold(), room.id))


def choose_room(rooms: Sequence[RunningRoom], wanted: str | None) -> RunningRoom:
    """Return the room with this name, id or beginning of an id, or the only one.

    Raises `RoomNotFound`, or `SeveralRooms` with their names.
    """
    if not rooms:
        if problem := folder_problem():
            raise RoomNotFound(
                "No open room of this Messango folder can be controlled.",
                f"{problem[:1].upper()}{problem[1:]}.",
            )
        raise RoomNotFound(
            f"No room is open on this computer with the Messango folder {home()}.",
            "Open one with `messango server` or `messango gui`. If the room is open with another folder, set "
            "MESSANGO_HOME to that one.",
        )
    found = [*rooms] if wanted is None else _rooms_called(rooms, wanted)
    if len(found) == 1:
        return found[0]
    names = join_names([quoted_name(room.name) for room in found or rooms], _MAX_NAMES)
    if not found:
        raise RoomNotFound(
            f"No room called {quoted_name(excerpt(wanted or ''))} is open on this computer.",
            f"Open with the same Messango folder: {names}.",
        )
    raise SeveralRooms(
        f"{len(found)} rooms are open on this computer: {names}.",
        f"Say which one: messango host --room {_shell_argument(found[0], rooms)} who",
    )


def _rooms_called(rooms: Sequence[RunningRoom], wanted: str) -> list[RunningRoom]:
    """Return the rooms of this name, also as it is shown; if there are none, those whose ids begin so."""
    key = normalized_name(wanted)
    for name_of in (lambda room: room.name, lambda room: shown_name(room.name)):
        if found := [room for room in rooms if key == normalized_name(name_of(room))]:
            return found
    digits = wanted.strip().removeprefix("#").lower()
    return [room for room in rooms if len(digits) >= _MIN_ID_DIGITS and room.id.startswith(digits)]


def _shell_argument(room: RunningRoom, rooms: Sequence[RunningRoom]) -> str:
    """Return what stands for one of the rooms in a command that can be typed as it is shown."""
    if not SHELL_SAFE.fullmatch(room.name) or len(_rooms_called(rooms, room.name)) > 1:
        return room.id
    return f'"{room.name}"' if " " in room.name else room.name


def ask(
    room: RunningRoom,
    request: str,
    arguments: dict[str, Any] | None = None,
    timeout_s: float = ANSWER_TIMEOUT_S,
) -> dict[str, Any]:
    """Ask a room's server, and return the result; which fields it has depends on the request.

    Raises `RequestFailed`, or `ServerNotAnswering` if no answer comes within `timeout_s`.
    """
    deadline_s = time.monotonic() + timeout_s
    line = encode_line(ControlRequest(request, arguments or {}))
    try:
        reply = _exchange(room, line, deadline_s)
        while reply.error is not None and reply.error.code == BUSY:
            # Too many at once: our connection was ended before the request was read.
            reply = _exchange(room, line, deadline_s)
    except (OSError, ChannelClosed, LineTooLong, ValueError) as error:
        raise _not_answering(room, error) from error
    if reply.error is not None:
        raise RequestFailed(reply.error.code, reply.error.message, reply.error.hint)
    return reply.result or {}


def _exchange(room: RunningRoom, line: bytes, deadline_s: float) -> ControlReply:
    timeout_s = max(0.001, deadline_s - time.monotonic())
    with contextlib.closing(connect(room.record_file, room.record, timeout_s)) as channel:
        with contextlib.suppress(BrokenPipeError):  # Busy: the reply says so.
            channel.send_line(line, deadline_s)
        return decode_reply(channel.receive_line(MAX_REPLY_BYTES, deadline_s))


def _is_running(path: Path, record: RoomRecord) -> bool:
    """Return whether a server listens there; removes the record and the socket if not."""
    if not _is_abandoned(path, record):
        return True
    with contextlib.suppress(OSError), lock_folder(control_folder()):
        # A server may have opened the room again meanwhile.
        if not _is_abandoned(path, record):
            return True
        remove_record(path)
    return False


def _is_abandoned(path: Path, record: RoomRecord) -> bool:
    try:
        connect(path, record, _CONNECT_TIMEOUT_S).close()
    except (FileNotFoundError, ConnectionRefusedError):
        return True
    except OSError:
        return False
    return False


def _not_answering(room: RunningRoom, error: Exception) -> ServerNotAnswering:
    """Return what a person reads if there is no answer, because of `error`."""
    server = f"The server of {quoted_name(room.name)}, process {room.pid},"
    if isinstance(error, TimeoutError):
        go_on = f" If somebody stopped it (Ctrl-Z does), let it go on with: kill -CONT {room.pid}"
        return ServerNotAnswering(
            f"{server} does not answer.",
            "It is very busy. Try again." if os.name == "nt" else f"It is stopped or very busy.{go_on}",
        )
    if isinstance(error, NotThisUser):
        return ServerNotAnswering(
            f"{server} belongs to another user, so it was not asked.",
            "Run this as that user, or choose your own folder with MESSANGO_HOME.",
        )
    if isinstance(error, OSError) and not isinstance(error, (BrokenPipeError, ConnectionResetError)):
        return ServerNotAnswering(
            f"{server} can't be asked: its local socket can't be opened ({error.strerror or error}).",
            "If it was just closing, try again. If the path is too long, set TMPDIR to a short one.",
        )
    return ServerNotAnswering(
        f"{server} gave no answer that can be understood.",
        "It may be closing, or run another version of Messango. Try again.",
    )
