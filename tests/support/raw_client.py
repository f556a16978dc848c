"""A client that sends exactly the frames of a test over a real connection, and waits for answers."""

from __future__ import annotations

import contextlib
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from types import TracebackType
from typing import Final, TypeVar

from messango.errors import ConnectionLost
from messango.protocol.codec import encode_all, server_frame_decoder
from messango.protocol.frames import Frame, Join, Pong, Problem, ServerFrame, Welcome
from messango.protocol.limits import PING_MEMBER_AFTER_S, PROTOCOL_VERSION
from messango.transport.addresses import Address
from messango.transport.dialing.dial import dial
from messango.transport.writer import WriterThread
from tests.support.decode import decode_all

#: Far more than anything takes: it only ends a test that would wait for ever.
TIMEOUT_S: Final = 60.0

F = TypeVar("F", bound=ServerFrame)
C = TypeVar("C", bound="RawClient")


class FrameWaiter(ABC):
    """Waits for frames of a server; how they arrive is a subclass's own. For one thread."""

    def __init__(self) -> None:
        #: The frames that `await_frame` skipped, oldest first.
        self.skipped: list[ServerFrame | Problem] = []

    @abstractmethod
    def _next(self) -> ServerFrame | Problem | None:
        """Return the next frame, None at the end of the connection."""

    def await_frame(self, kind: type[F]) -> F:
        """Return the next frame of this type; fails if the connection ends before."""
        while True:
            frame = self._next()
            if frame is None:
                raise AssertionError(f"no {kind.__name__} came, but {self.skipped[-5:]}")
            if isinstance(frame, kind):
                return frame
            self.skipped.append(frame)

    def await_end(self) -> list[ServerFrame | Problem]:
        """Return all frames until the server closes the connection."""
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames


class RawClient(FrameWaiter):
    """Owns its connection and writer. For one thread. A context manager."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._writer = WriterThread("test")
        try:
            dial_result = dial([Address("127.0.0.1", port)], timeout_s=TIMEOUT_S, writer=self._writer)
        except BaseException:
            self._writer.close()
            raise
        self.connection = dial_result.connection
        self._reader = server_frame_decoder()
        self._received: deque[ServerFrame | Problem] = deque()

    def __enter__(self: C) -> C:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection without a goodbye."""
        self.connection.close()
        self._writer.close()

    def send(self, *frames: Frame) -> None:
        """Send the frames in one piece."""
        self.connection.send(encode_all(frames))

    def send_bytes(self, data: bytes) -> None:
        """Send bytes that are not a complete frame."""
        self.connection.send(data)

    def join(self, name: str, session: str | None = None, since: int | None = None) -> Welcome:
        """Join and return the welcome."""
        self.send(Join(PROTOCOL_VERSION, name, session, since))
        return self.await_frame(Welcome)

    def _next(self) -> ServerFrame | Problem | None:
        deadline_s = time.monotonic() + TIMEOUT_S
        while not self._received:
            with contextlib.suppress(ConnectionLost):
                if data := self.connection.receive(deadline_s - time.monotonic()):
                    frames, error = decode_all(self._reader.decode, data)
                    assert error is None, error
                    self._received.extend(frames)
                    continue
            return None
        return self._received.popleft()


class PatientClient(RawClient):
    """One for a test that is slow between its reads, as browsers are: the room never takes it for dead.

    Owns a thread that answers before it is asked.
    """

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._stay, name="test-patient-client", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, then close as `RawClient`."""
        self._closed.set()
        self._thread.join()
        super().close()

    def _stay(self) -> None:
        while not self._closed.wait(PING_MEMBER_AFTER_S / 2):
            with contextlib.suppress(ConnectionLost):
                self.send(Pong())
