"""Runs a room in the host's terminal, from opening to closing."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import sys
import time

from messango.app.hosted_room import HostedRoom
from messango.cli.dumb_terminal import is_dumb_terminal
from messango.cli.options import can_draw_codes
from messango.room.host.host_events import HistoryRestored, MessagesNotKept, RoomEvent, ServerWarning
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.signals import is_in_foreground, on_stop_signal, watch_terminal
from messango.terminal.host.guest_invite import GuestInvite
from messango.terminal.host.host_console import HostConsole
from messango.terminal.host.host_lines import banner, event_lines


def serve(options: ServerOptions, *, advertise: bool, color: bool) -> None:
    """Open a room and keep it open until Ctrl-C, SIGTERM or the host's `quit`.

    Raises what `HostedRoom.open` raises.
    """
    hosted_room = HostedRoom(options, advertise=advertise)
    server = hosted_room.server
    server.on_close_requested = lambda: _event_queue(server).put(None)
    watch_terminal()
    with on_stop_signal(lambda _: _event_queue(server).put(None)), hosted_room:
        guests = _guest_invite(hosted_room)
        _write_line(banner(server.room_info(), hosted_room.addresses, server.fingerprint))
        # Also into a pipe, like the invite link: a program that starts the server may pass it on.
        for line in guests.present_lines(time.time()):
            _write_line(line)
        if _is_interactive():
            _run_prompt(server, guests, color=color)
        else:
            _print_events(server, guests)
    # The room's history is closed last: now it is certain what was kept.
    _print_last_events(server, guests)
    _write_line("The room is closed.")


def _guest_invite(hosted_room: HostedRoom) -> GuestInvite:
    server = hosted_room.server
    return GuestInvite(
        lambda: hosted_room.addresses,
        server.fingerprint,
        columns=lambda: shutil.get_terminal_size().columns,
        draws_codes=can_draw_codes(),  # Before the prompt takes the output over.
        has_password=lambda: bool(server.room_info().password),
        key=lambda: server.guest_key,
    )


def _event_queue(server: Server) -> queue.SimpleQueue[RoomEvent | None]:
    """Return the server's events, with None added for a request to stop."""
    return server.events  # type: ignore[return-value] # the server itself never puts None


def _is_interactive() -> bool:
    """Return true if the host can type commands: at a terminal, and in its foreground.

    Reading from a terminal in the background would stop the process, and other input is not meant for
    us. A terminal that can't move its cursor has no place for an input line.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return not is_dumb_terminal() and is_in_foreground()


def _run_prompt(server: Server, guests: GuestInvite, *, color: bool) -> None:
    from messango.terminal.host.host_prompt import run_host_prompt

    console = HostConsole(server.run_command, server.room_info, guests, lambda: server.is_locked)
    run_host_prompt(console, _event_queue(server), color=color)


def _print_events(server: Server, guests: GuestInvite) -> None:
    """Print a line for each event until the request to stop."""
    events = _event_queue(server)
    while (event := events.get()) is not None:
        for line in event_lines(event, guests):
            _write_line(line)


def _print_last_events(server: Server, guests: GuestInvite) -> None:
    """Print the events of closing the room that the host must not miss."""
    events = _event_queue(server)
    with contextlib.suppress(queue.Empty):
        while True:
            event = events.get_nowait()
            if isinstance(event, (MessagesNotKept, HistoryRestored, ServerWarning)):
                for line in event_lines(event, guests):
                    _write_line(line)


def _write_line(text: str) -> None:
    """Print a line; if the reader has gone away, the room stays open."""
    try:
        print(text, flush=True)  # noqa: T201 (the command's output)
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (stays open until the process ends)
