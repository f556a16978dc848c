"""An event stream as a connection for talk: out goes the TLS connection, and in come posts over others."""

from __future__ import annotations

from collections.abc import Callable

from messango.errors import ConnectionLost
from messango.server.clients.member_pool import MemberPool
from messango.server.web.streams.stream_input import StreamInput
from messango.server.web.streams.stream_watch import StreamWatch
from messango.transport.connection import Connection
from messango.transport.poll import wait_ready


class EventStream:
    """A `TalkConnection`. For the client's thread, and for any thread what is so in a `Connection`.

    When the browser's end is closed, or a send fails, the input ends too.
    """

    encrypted = True
    #: The end of the input shows in the socket.
    eof_received = False

    def __init__(self, connection: Connection, connection_id: int, pool: MemberPool) -> None:
        self.connection_id = connection_id
        #: Called once by `close`.
        self.on_close: Callable[[], None] = lambda: None
        self._connection = connection
        self._input = StreamInput()
        self._watch = StreamWatch(connection, pool, self._input.end)
        self.fileno = self._input.reader.fileno
        self.call_when_flushed = connection.call_when_flushed
        self.receive_now = self._input.take

    def start(self) -> None:
        """Begin to watch the browser's end."""
        self._watch.start()

    # For the threads of posts.

    def add_input(self, frames: bytes) -> bool:
        """Add frames of the page; false if there are too many already, or the stream is ending."""
        if frames and not frames.endswith(b"\n"):
            frames += b"\n"
        return self._input.put(frames)

    # For the client's thread.

    def receive(self, timeout_s: float) -> bytes:
        """Return the frames that came, or nothing at the end; raises `TimeoutError`."""
        while (data := self._input.take()) is None:
            if not wait_ready(self._input.reader, timeout_s, reading=True):
                raise TimeoutError
        return data

    def linger(self, timeout_s: float) -> None:
        """Read and drop bytes until the browser closes, at most this long."""
        self._watch.stop()
        self._connection.linger(timeout_s)

    def close(self) -> None:
        """End the stream and free what it has. Twice is harmless."""
        self.on_close()
        self._watch.stop()
        self._input.close()
        self._connection.close()

    # For any thread.

    def send(self, data: bytes) -> None:
        """Send without waiting; raises `OutboxFull` and `ConnectionLost`."""
        try:
            self._connection.send(data)
        except ConnectionLost:
            self._input.end()
            raise

    def shutdown(self, final_data: bytes = b"") -> None:
        """Send `final_data` and then the end of the stream."""
        self._connection.shutdown(final_data)

    def abort(self) -> None:
        """End the stream at once; this wakes the client's thread."""
        self._connection.abort()
        self._input.end()
