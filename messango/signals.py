"""Handles Ctrl-C and SIGTERM without losing one."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def on_stop_signal(callback: Callable[[], object]) -> Iterator[None]:
    """Call `callback` for each SIGINT or SIGTERM, in a separate thread. Enter it in the main thread.

    A Python signal handler runs only when the main thread returns to the interpreter: for a signal that
    arrives just before a wait, that is after the wait. With `signal.set_wakeup_fd` the interpreter's C
    handler writes to a socket at once, on Windows too.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)
    stop_signals = (signal.SIGINT, signal.SIGTERM)
    previous_handlers = {
        number: signal.signal(number, lambda _number, _frame: None) for number in stop_signals
    }
    previous_wakeup_fd = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    thread = threading.Thread(
        target=_watch_signals, args=(reader, callback), name="messango-signals", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(previous_wakeup_fd)
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
        writer.close()
        thread.join()
        reader.close()


def _watch_signals(reader: socket.socket, callback: Callable[[], object]) -> None:
    while numbers := reader.recv(64):
        if {signal.SIGINT, signal.SIGTERM} & set(numbers):
            callback()
