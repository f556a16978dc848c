"""`messango server`: a room from its opening to its end, as its host meets it in the terminal."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
from typing import Final

from messango.app.hosted_room import HostedRoom
from messango.room.host_events import RoomEvent
from messango.server.server import Server, ServerOptions
from messango.signals import on_stop_signal
from messango.terminal.host_console import HostConsole
from messango.terminal.host_lines import banner, event_lines

#: What the environment's TERM says of a terminal that shows line after line and no more.
_DUMB_TERMINALS: Final = ("dumb", "unknown")


def serve(options: ServerOptions, *, advertise: bool, color: bool) -> None:
    """Open a room and keep it open until Ctrl-C, SIGTERM, or until the host closes it with a command.

    Raises what `HostedRoom.open` raises.
    """
    hosted_room = HostedRoom(options, advertise=advertise)
    server = hosted_room.server
    with on_stop_signal(lambda: _event_queue(server).put(None)), hosted_room:
        _write_line(banner(server.room_info(), hosted_room.addresses, server.fingerprint))
        if _is_interactive():
            _run_prompt(server, color=color)
        else:
            _print_events(server)
    _write_line("The room is closed.")


def _event_queue(server: Server) -> queue.SimpleQueue[RoomEvent | None]:
    """Return what happens, in which None stands for the wish to stop."""
    return server.events  # type: ignore[return-value] # a queue of more kinds than the server puts in


def _is_interactive() -> bool:
    """Tell whether commands can be typed: at a terminal, and not in its background.

    Anything else on standard input belongs to somebody else, and reading from a terminal in the
    background would stop the program. Where the cursor can't be moved, there is no place for a line.
    """
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    if os.environ.get("TERM", "").lower() in _DUMB_TERMINALS:
        return False
    if sys.platform != "win32":
        with contextlib.suppress(OSError):  # It is not the terminal that this program was started from.
            return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return True


def _run_prompt(server: Server, *, color: bool) -> None:
    from messango.terminal.host_prompt import run_host_prompt

    run_host_prompt(HostConsole(server.run_command, server.room_info), _event_queue(server), color=color)


def _print_events(server: Server) -> None:
    """Print what happens."""
    events = _event_queue(server)
    while (event := events.get()) is not None:
        for line in event_lines(event):
            _write_line(line)


def _write_line(text: str) -> None:
    """Print; where nobody reads any more, the room goes on all the same."""
    try:
        print(text, flush=True)  # noqa: T201 (what the command is for)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (a device, for good)
