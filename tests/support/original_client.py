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

from tests.support.raw_client import TIMEOUT_S

_READ_BYTES = 256


class OriginalClient:
    """Owns its socket and the thread that reads from it. A context manager, which closes it."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        #: What one read gave, each; None at the end.
        self._reads: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        #: All that was shown, one read after the other.
        self.screen = ""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(f"joined:{name}".encode())
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def send_line(self, text: str) -> None:
        """Send a line, as Enter did."""
        self.socket.sendall(f"{self.name}: {text}".encode())

    def await_text(self, text: str) -> str:
        """Wait until the text is on the screen; returns the screen. Fails where the client ends before."""
        self._read_until(lambda: text in self.screen)
        assert text in self.screen, f"{text!r} was not shown, but {self.screen!r}"
        return self.screen

    def await_end(self) -> str:
        """Wait until the server has ended the connection; returns all that was shown."""
        self._read_until(lambda: False)
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

    def _read_until(self, is_done: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + TIMEOUT_S
        while not is_done():
            text = self._reads.get(timeout=max(0.0, deadline_s - time.monotonic()))
            if isinstance(text, Exception):
                raise text
            if text is None:
                return
            self.screen += text

    def _read(self) -> None:
        try:
            while data := self.socket.recv(_READ_BYTES):
                self._reads.put(data.decode())
        except UnicodeDecodeError as error:
            self._reads.put(error)
        except OSError:
            pass  # Closed by ourselves, or broken off.
        self._reads.put(None)
