"""Notices Ctrl-C and SIGTERM without ever missing one."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def on_stop_signal(callback: Callable[[], object]) -> Iterator[None]:
    """Call, from a thread of its own, when the program is asked to stop; for the main thread.

    A handler in Python runs only when the main thread comes back to the interpreter, and one that
    arrives just before a wait begins would be noticed when that ends. The system's own handler writes
    to a socket at once (`signal.set_wakeup_fd`), on Windows too.
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
