"""The original Messango client, as it was: without frames and without encryption.

It connects when its window opens, and sends `joined:NAME` when its user presses Join, then each typed line
without a line end. It decodes what one read of up to 256 bytes returns by itself, ends if that is not valid
UTF-8, and shows it with a line break after it. From `joined:NAME` it shows that NAME has joined.
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
    """Owns its socket and the thread that reads from it. A context manager."""

    def __init__(self, port: int, name: str, *, joins: bool = True) -> None:
        self.name = name
        #: The result of each read; None at the end.
        self._reads: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        #: What its window shows so far.
        self.screen = ""
        self.socket = socket.create_connection(("127.0.0.1", port))
        if joins:
            self.join()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def join(self) -> None:
        """Press Join."""
        self.socket.sendall(f"joined:{self.name}".encode())

    def send_line(self, text: str) -> None:
        """Send a line, as Enter did."""
        self.socket.sendall(f"{self.name}: {text}".encode())

    def await_text(self, text: str) -> str:
        """Wait until the text is on the screen and return the screen; fails if the client ends before."""
        self._read_until(lambda: text in self.screen)
        assert text in self.screen, f"{text!r} was not shown, but {self.screen!r}"
        return self.screen

    def await_end(self) -> str:
        """Wait until the server has closed the connection; return the screen."""
        self._read_until(lambda: False)
        return self.screen

    def close(self) -> None:
        """Leave by closing the connection."""
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
            self.screen += shown(text)

    def _read(self) -> None:
        try:
            while data := self.socket.recv(_READ_BYTES):
                self._reads.put(data.decode())
        except UnicodeDecodeError as error:
            self._reads.put(error)
        except OSError:
            pass  # Closed by us or aborted by the server.
        self._reads.put(None)


def shown(read: str) -> str:
    """Return what the window shows of one read."""
    first, *others = read.split(":")
    return f"{others[0]} has joined\n" if first == "joined" and others else f"{read}\n"
