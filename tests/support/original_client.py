"""The original Messango client as it was: it knows neither frames nor encryption.

It says its name, then sends each line that somebody types without an end, and shows whatever one read of up
to 256 bytes gives, decoded by itself. Bytes that do not decode are its death.
"""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType

from tests.support.raw_client import PATIENCE_S

_READ_BYTES = 256


class OriginalClient:
    """Owns its socket and the thread that reads from it. A context manager, which closes it."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        #: What one read gave, each; None at the end.
        self._shown: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        #: All that was shown, one read after the other.
        self.screen = ""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(f"joined:{name}".encode())
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def enter(self, text: str) -> None:
        """Send a line, as Enter did."""
        self.socket.sendall(f"{self.name}: {text}".encode())

    def await_shown(self, text: str) -> str:
        """Wait until the text is on the screen; returns the screen. Fails where the client ends before."""
        self._show_until(lambda: text in self.screen)
        assert text in self.screen, f"{text!r} was not shown, but {self.screen!r}"
        return self.screen

    def await_end(self) -> str:
        """Wait until the server has ended the connection; returns all that was shown."""
        self._show_until(lambda: False)
        return self.screen

    def close(self) -> None:
        """Close the connection, which is how one leaves."""
        with contextlib.suppress(OSError):  # The server may have been first.
            self.socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self.socket.close()

    def __enter__(self) -> OriginalClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _show_until(self, enough: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + PATIENCE_S
        while not enough():
            shown = self._shown.get(timeout=max(0.0, deadline_s - time.monotonic()))
            if isinstance(shown, Exception):
                raise shown
            if shown is None:
                return
            self.screen += shown

    def _read(self) -> None:
        try:
            while data := self.socket.recv(_READ_BYTES):
                self._shown.put(data.decode())
        except UnicodeDecodeError as error:
            self._shown.put(error)
        except OSError:
            pass  # Closed by ourselves, or broken off.
        self._shown.put(None)
