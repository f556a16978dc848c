"""The plain threaded server: a thread per client that reads 256 bytes and sends them to everybody else.

What it breaks is the point: nothing says where a message ends, so two senders' bytes run into each other.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading

_READ_BYTES = 256


class ThreadedServer:
    """Owns the lock that guards the list of clients."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clients: list[socket.socket] = []

    def serve(self, port: int) -> None:
        """Serve on loopback until the process ends."""
        with socket.create_server(("127.0.0.1", port), backlog=1_024) as listening:
            while True:
                client, _ = listening.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._lock:
                    self._clients.append(client)
                threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(_READ_BYTES):
                with self._lock:
                    others = [other for other in self._clients if other is not client]
                for other in others:
                    with contextlib.suppress(OSError):
                        other.sendall(data)
        with self._lock:
            self._clients.remove(client)
        client.close()


if __name__ == "__main__":
    ThreadedServer().serve(int(sys.argv[1]))
