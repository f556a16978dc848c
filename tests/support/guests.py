"""Guests who join from a browser: over a WebSocket, or over an event stream and posts."""

from __future__ import annotations

from abc import abstractmethod
from collections import deque
from types import TracebackType
from typing import Final, TypeVar

import msgspec
from wsproto import ConnectionType
from wsproto.connection import Connection as WebSocket
from wsproto.events import CloseConnection, Ping, TextMessage

from messango.protocol.codec import encode_all, server_frame_decoder
from messango.protocol.frames import Frame, Join, Problem, ServerFrame, Welcome
from messango.protocol.limits import PROTOCOL_VERSION
from tests.support.decode import decode_all
from tests.support.http_client import HttpClient
from tests.support.raw_client import FrameWaiter

#: The headers of a request for a WebSocket.
UPGRADE: Final = {
    "upgrade": "websocket",
    "connection": "Upgrade",
    "sec_websocket_version": "13",
    "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
}

G = TypeVar("G", bound="Guest")


class Guest(FrameWaiter):
    """What both ways have in common. For one thread. A context manager."""

    def __init__(self) -> None:
        super().__init__()
        self._decode = server_frame_decoder().decode
        self._frames: deque[ServerFrame | Problem] = deque()

    @abstractmethod
    def _read_lines(self) -> bytes:
        """Return the frames of the next piece, as lines; none at the end."""

    @abstractmethod
    def send(self, *frames: Frame) -> None:
        """Send the frames in one piece."""

    @abstractmethod
    def close(self) -> None:
        """Close the connections without a goodbye."""

    def __enter__(self: G) -> G:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def join(self, name: str, key: str | None = None, session: str | None = None) -> Welcome:
        """Join and return the welcome."""
        self.send(Join(PROTOCOL_VERSION, name, session, key=key))
        return self.await_frame(Welcome)

    def _next(self) -> ServerFrame | Problem | None:
        while not self._frames:
            if not (lines := self._read_lines()):
                return None
            frames, error = decode_all(self._decode, lines)
            assert error is None, error
            self._frames.extend(frames)
        return self._frames.popleft()


class WebSocketGuest(Guest):
    """A guest over a WebSocket."""

    def __init__(self, port: int, http: HttpClient | None = None) -> None:
        """`http` is a connection that is open already."""
        super().__init__()
        self.http = http or HttpClient(port)
        self.http.request(
            "GET",
            "/talk",
            **UPGRADE,
        )
        response = self.http.response()
        assert response.status == 101, response
        self._socket = WebSocket(ConnectionType.CLIENT)
        self.close_code: int | None = None

    def send(self, *frames: Frame) -> None:
        text = encode_all(frames).decode().rstrip("\n")
        self.http.send(self._socket.send(TextMessage(text)))

    def _read_lines(self) -> bytes:
        while data := self.http.read_some():
            self._socket.receive_data(data)
            if lines := self._take_messages():
                return lines
        return b""

    def _take_messages(self) -> bytes:
        lines = b""
        for event in self._socket.events():
            if isinstance(event, TextMessage):
                lines += event.data.encode() + (b"\n" if event.message_finished else b"")
            elif isinstance(event, Ping):
                self.http.send(self._socket.send(event.response()))
            elif isinstance(event, CloseConnection):
                self.close_code = event.code
        return lines

    def close(self) -> None:
        self.http.close()


class EventStreamGuest(Guest):
    """A guest over an event stream; posts go over a connection of their own."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port
        self.http = HttpClient(port)
        self.posts = HttpClient(port)
        self.http.request("GET", "/events")
        response = self.http.response()
        assert response.headers["content-type"] == "text/event-stream", response
        self.token: str = msgspec.json.decode(self._read_lines())["stream"]

    def send(self, *frames: Frame) -> None:
        response = self.posts.post("/frames", encode_all(frames), x_messango_stream=self.token)
        assert response.status == 204, response
        if response.headers.get("connection") == "close":  # It has carried as many as one may.
            self.posts.close()
            self.posts = HttpClient(self._port)

    def _read_lines(self) -> bytes:
        """Return the lines of the next chunk."""
        try:
            size = int(self.http.read_until(b"\r\n"), 16)
        except AssertionError:
            return b""
        event = self.http.read_exactly(size + 2)[:-4] if size else b""
        assert all(line.startswith(b"data: ") for line in event.splitlines()), event
        return b"".join(line.removeprefix(b"data: ") + b"\n" for line in event.splitlines())

    def close(self) -> None:
        self.http.close()
        self.posts.close()
