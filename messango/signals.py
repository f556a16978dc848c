"""How a program is asked to stop: Ctrl-C, SIGTERM, SIGHUP, or its terminal going away.

A command that has nothing to say goodbye to stops by an exception (`raise_on_stop_signals`). One that has
members, a room or a screen runs inside `on_stop_signal` and ends by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
import time
import weakref
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import socket

#: The signals that ask a program to stop; Windows has no SIGHUP.
_STOP_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

#: A closed terminal sends SIGHUP more than once; within this time only the first one raises, so that the
#: others don't interrupt what it has started.
_RAISE_AGAIN_AFTER_S: Final = 2.0

#: How long after a signal that had no effect it is sent again.
_SEND_AGAIN_AFTER_S: Final = 0.05

#: Output that nobody takes for this long after the request to stop no longer holds up the end.
_OUTPUT_GRACE_S: Final = 0.3


class Stopped(KeyboardInterrupt):
    """A signal asked the program to stop; `exit_status` is what a shell shows for that signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.exit_status = 128 + number


def interrupted_status(error: BaseException | None) -> int | None:
    """Return the exit status of a `KeyboardInterrupt` (130, or its signal's); None for anything else."""
    if isinstance(error, Stopped):
        return error.exit_status
    return 128 + signal.SIGINT if isinstance(error, KeyboardInterrupt) else None


def raise_on_stop_signals() -> Callable[[], None]:
    """Raise `Stopped` in the main thread for each stop signal; return what ends that.

    After that end a stop signal ends the process at once, without a traceback: for when everything is closed.

    What is raised may go no further: Python drops it in a finalizer and in a callback of a weak reference (an
    import has some), and so does `input` while it flushes the standard streams (`builtin_input_impl`). And a
    signal just before a wait for a key has no effect until the key comes. In all these cases the signal is
    sent again a moment later.
    """
    import threading

    last_s = float("-inf")
    report_unraisable = sys.unraisablehook
    repeater = _Repeater()

    def handler(number: int, _frame: FrameType | None) -> None:
        nonlocal last_s
        repeater.done()
        since_s, last_s = time.monotonic() - last_s, time.monotonic()
        if number == signal.SIGINT or since_s > _RAISE_AGAIN_AFTER_S:
            # No variable of this frame, which is in the traceback, may keep it alive.
            raise repeater.watched(Stopped(number), dropped)

    def dropped(number: int) -> None:
        nonlocal last_s
        last_s = float("-inf")
        repeater.repeat(number)

    def on_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
        if interrupted_status(unraisable.exc_value) is None:
            report_unraisable(unraisable)

    for number in stop_signals():
        signal.signal(number, handler)
    # On Windows signals interrupt no wait, and can't be sent to a thread.
    if sys.platform != "win32" and threading.current_thread() is threading.main_thread():
        sys.unraisablehook = on_unraisable
        repeater.start(handler)
    return repeater.stop


class _Repeater:
    """Sends a signal to the main thread again and again until it has had an effect.

    The interpreter's C handler writes a byte to a pipe, and the Python handler takes it away. If the
    exception that it raises goes away before the program has ended, the byte is written again.
    """

    def __init__(self) -> None:
        import threading

        self._pipe: tuple[int, int] | None = None
        self._number: int = signal.SIGTERM
        self._raised: weakref.ref[Stopped] | None = None
        #: Held to send a signal, and to end: no signal is sent after the end.
        self._lock = threading.Lock()

    def start(self, handler: Callable[[int, FrameType | None], None]) -> None:
        """Begin, in the main thread. While another handler is in place, nothing is sent again."""
        import threading

        self._pipe = reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        threading.Thread(
            target=self._run, args=(reader, handler), name="messango-signal-repeater", daemon=True
        ).start()

    def stop(self) -> None:
        """End the thread, in the main thread, and give every stop signal its default effect."""
        with self._lock:
            for number in stop_signals():
                signal.signal(number, signal.SIG_DFL)
            self._raised = None
            if self._pipe is not None:
                signal.set_wakeup_fd(-1)
                os.close(self._pipe[1])
                self._pipe = None

    def watched(self, stop: Stopped, dropped: Callable[[int], None]) -> Stopped:
        """Call `dropped` with the number of the signal when this exception goes away before the end."""
        number = stop.exit_status - 128
        self._raised = weakref.ref(stop, lambda _: dropped(number))
        return stop

    def repeat(self, number: int) -> None:
        """Send a signal that was handled, but had no effect."""
        self._number = number
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                os.write(self._pipe[1], b"!")

    def done(self) -> None:
        """Send no more: the Python handler runs."""
        self._number = signal.SIGTERM
        if self._pipe is not None:
            _drain(self._pipe[0])

    def _run(self, reader: int, handler: Callable[[int, FrameType | None], None]) -> None:
        if sys.platform == "win32":
            return
        import select
        import threading

        _leave_signals_to_others()
        main = threading.main_thread().ident
        poll = select.poll()
        poll.register(reader, select.POLLIN)
        while main is not None and poll.poll()[0][1] & select.POLLIN:
            time.sleep(_SEND_AGAIN_AFTER_S)
            with self._lock:
                if self._pipe is None or signal.getsignal(signal.SIGTERM) is not handler:
                    _drain(reader)
                elif poll.poll(0):
                    # Whichever number interrupts the wait: the handler of the one before runs first.
                    signal.pthread_kill(main, self._number)
        os.close(reader)


def _drain(reader: int) -> None:
    with contextlib.suppress(OSError):  # Nothing is there.
        os.read(reader, 4096)


def _leave_signals_to_others() -> None:
    """Block the stop signals in this thread.

    After a stop (Ctrl-Z) the system gives a waiting signal to any thread that takes it, and the main thread
    would go on waiting for a key.
    """
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)


def stop_signals() -> list[int]:
    """Return the signals to handle. `nohup` starts a program with SIGHUP ignored, and so it stays."""
    hangup = getattr(signal, "SIGHUP", None)
    return [
        number
        for number in _STOP_SIGNALS
        if number != hangup or signal.getsignal(number) is not signal.SIG_IGN
    ]


@contextlib.contextmanager
def on_stop_signal(callback: Callable[[int], object]) -> Iterator[None]:
    """Call `callback` with the number of each stop signal, in a separate thread, once or twice for each.

    Only in the main thread, which owns the handlers; in another it does nothing. A Python signal handler
    runs only when the main thread returns to the interpreter: for a signal that arrives just before a wait,
    that is after the wait. With `signal.set_wakeup_fd` the interpreter's C handler writes to a socket at
    once, on Windows too. An asyncio loop takes that away for itself, so the Python handler writes too: a loop
    never misses a signal.

    If standard output or error then takes nothing for a while (a suspended terminal, a reader that does not
    read), it becomes the null device: a blocked write must not hold up the goodbye.
    """
    import socket
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = socket.socketpair()
    writer.setblocking(False)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(OSError):
            writer.send(bytes([number]))

    previous_handlers = {number: signal.signal(number, pass_on) for number in stop_signals()}
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


def _watch_signals(reader: socket.socket, callback: Callable[[int], object]) -> None:
    while True:
        try:
            numbers = reader.recv(64)
        except TimeoutError:
            _release_blocked_output()
            continue
        if not numbers:
            return
        for number in numbers:
            if number in _STOP_SIGNALS:
                callback(number)
                reader.settimeout(_OUTPUT_GRACE_S)


def _release_blocked_output() -> None:
    """Replace a standard output or error that takes nothing by the null device, and wake the main thread."""
    if sys.platform == "win32":
        return  # No poll, and no signal to a thread.
    import select
    import threading

    poll = select.poll()
    for descriptor in (1, 2):
        poll.register(descriptor, select.POLLOUT)
    takes_nothing = {1, 2} - {descriptor for descriptor, _ in poll.poll(0)}
    if not takes_nothing:
        return
    null = os.open(os.devnull, os.O_WRONLY)
    for descriptor in takes_nothing:
        os.dup2(null, descriptor)
    os.close(null)
    # Python repeats the interrupted write (PEP 475), now to the null device.
    main = threading.main_thread().ident
    if main is not None:
        signal.pthread_kill(main, signal.SIGTERM)


def watch_terminal() -> None:
    """Send this process SIGTERM when the terminal of its standard input goes away.

    The system sends SIGHUP itself, but not to every process: not under `setsid` or `nohup`, for example. A
    program in the background is left alone: it has been told to outlive its terminal.
    """
    if sys.platform != "win32" and sys.stdin.isatty() and is_in_foreground():
        _watch_descriptor(0)


def watch_reader() -> None:
    """Send this process SIGTERM when nobody reads its standard output any more, though nothing is written."""
    if sys.platform != "win32" and stat.S_ISFIFO(os.fstat(1).st_mode):
        _watch_descriptor(1)


def _watch_descriptor(descriptor: int) -> None:
    import threading

    threading.Thread(target=_await_hangup, args=(descriptor,), name="messango-hangup", daemon=True).start()


def is_in_foreground() -> bool:
    """Return true unless the terminal of standard input is another job's now."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError, ValueError):  # Not our controlling terminal.
            return os.tcgetpgrp(0) == os.getpgrp()
    return True


def _await_hangup(descriptor: int) -> None:
    import select

    _leave_signals_to_others()
    poll = select.poll()
    poll.register(descriptor, 0)  # POLLHUP and POLLERR are always reported.
    # Some systems can't poll a terminal and answer POLLNVAL.
    if any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll()):
        os.kill(os.getpid(), signal.SIGTERM)
