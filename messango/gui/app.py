"""Runs the window: takes the arguments of the command line, returns an exit status."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from messango.gui.background.gc_guard import gc_in_main_thread
from messango.gui.background.services import real_services
from messango.gui.look.tk_root import open_root
from messango.gui.model.rooms.join_target import invite_target
from messango.gui.settings import SettingsStore, default_name
from messango.protocol.text.validation import clean_name
from messango.signals import stop_signals
from messango.transport.addresses import may_be_room_name, parse_address_or_invite

_EXIT_INTERRUPTED: Final = 130


def run(room: str | None, name: str | None) -> int:
    """Show the window until it is closed, and return the exit status.

    `room` is a room's name, an address or an invite link. Raises `DisplayUnavailable` if Tk or a display is
    missing, `BadAddress` or `BadName` if an argument is not valid.
    """
    chosen_name = clean_name(name) if name is not None else ""
    invite = parse_address_or_invite(room) if room and not may_be_room_name(room) else None
    root = open_root()
    # The import needs Tk, and open_root() has just made sure that it is there.
    from messango.gui.window import Window

    room_name = room.strip() if room and invite is None else ""
    target = invite_target(invite) if invite else None
    settings = SettingsStore.load()
    window = Window(
        root,
        real_services(room_name),
        settings=settings,
        name=chosen_name or default_name(settings.current),
        room_name=room_name,
        target=target,
    )
    with gc_in_main_thread(), _closing_on_signals(window.request_close) as received:
        try:
            root.mainloop()
        finally:
            for sentence in window.finish():
                print(f"messango: {sentence}", file=sys.stderr)  # noqa: T201 (the window is gone)
    return _EXIT_INTERRUPTED if signal.SIGINT in received else 0


@contextmanager
def _closing_on_signals(close: Callable[[], None]) -> Iterator[set[int]]:
    """Close the window on SIGINT, SIGTERM and SIGHUP; yields the set of signals received so far."""
    received: set[int] = set()

    def handler(number: int, _frame: FrameType | None) -> None:
        received.add(number)
        close()

    previous_handlers = {number: signal.signal(number, handler) for number in stop_signals()}
    try:
        yield received
    finally:
        for number, previous in previous_handlers.items():
            signal.signal(number, previous)
