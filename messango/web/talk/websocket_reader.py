"""Reads the text messages from a browser's WebSocket, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from messango.errors import RemoteProtocolError
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.web.talk.websocket_frames import CloseCode, close_frame, pong

#: Frames in one read. Each costs about 10 µs, however small it is, and the thread that reads may be the
#: room's. A page waits for answers after a hundred requests.
MAX_FRAMES_PER_READ: Final = 256

#: Frames in one message. Browsers do not fragment, except Chromium for messages of many kilobytes.
MAX_FRAGMENTS: Final = 64

#: Pings and pongs before the first message; each message allows one more. Pages can't send any, and browsers
#: rarely do.
CONTROL_BURST: Final = 16

_HINT: Final = "Reload the page."


class BrokenWebSocket(RemoteProtocolError):
    """The peer broke the WebSocket protocol or our limits; `code` is for the close frame."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason, _HINT)
        self.code = code


class WebSocketReader:
    """Collects text messages; answers pings and the close frame by `reply`. For one thread at a time."""

    def __init__(self, reply: Callable[[bytes], None]) -> None:
        """`reply` sends bytes; it must neither wait nor raise."""
        self._reply = reply
        self._connection = Connection(ConnectionType.SERVER)
        #: The message that is not complete yet. Bytes, since a string for each byte would be large.
        self._message = bytearray()
        self._fragments = 0
        self._control_frames_left = CONTROL_BURST
        #: The complete messages of this read, each ending with a newline.
        self._lines = bytearray()
        #: The reason why nothing more is read.
        self.error: BrokenWebSocket | None = None
        self.closed = False

    def read(self, data: bytes) -> bytes:
        """Return the lines of the messages that `data` completes; then look at `error` and `closed`."""
        if data and self.error is None and not self.closed:
            try:
                self._read(data)
            except BrokenWebSocket as error:
                self.error = error
                self._message.clear()
        lines = bytes(self._lines)
        self._lines.clear()
        return lines

    def _read(self, data: bytes) -> None:
        self._connection.receive_data(data)
        # Frames are parsed only when they are asked for, so that an error or the end costs no more than the
        # frames before it.
        for count, event in enumerate(self._connection.events(), 1):
            if count > MAX_FRAMES_PER_READ:
                raise BrokenWebSocket(CloseCode.POLICY_VIOLATION, "Too many WebSocket frames came at once.")
            self._handle(event)
            if self.closed:
                return

    def _handle(self, event: Event) -> None:
        if isinstance(event, TextMessage):
            self._collect(event)
        elif isinstance(event, CloseConnection):
            self._handle_close(event)
        elif isinstance(event, Ping | Pong):
            self._handle_control(event)
        elif isinstance(event, BytesMessage):
            raise BrokenWebSocket(CloseCode.UNSUPPORTED_DATA, "WebSocket messages have to be text.")

    def _collect(self, piece: TextMessage) -> None:
        """Add a piece of a message: a frame, or what one read had of it."""
        self._message += piece.data.encode()
        if len(self._message) > MAX_FRAME_BYTES:
            reason = f"A WebSocket message is longer than {MAX_FRAME_BYTES:,} bytes."
            raise BrokenWebSocket(CloseCode.TOO_BIG, reason)
        if piece.message_finished:
            self._finish_message()
        elif piece.frame_finished:
            self._fragments += 1
            if self._fragments >= MAX_FRAGMENTS:
                reason = f"A WebSocket message has more than {MAX_FRAGMENTS} fragments."
                raise BrokenWebSocket(CloseCode.POLICY_VIOLATION, reason)

    def _finish_message(self) -> None:
        if not self._message.endswith(b"\n"):
            self._message += b"\n"
        self._lines += self._message
        self._message.clear()
        self._fragments = 0
        self._control_frames_left = min(CONTROL_BURST, self._control_frames_left + 1)

    def _handle_control(self, event: Ping | Pong) -> None:
        if not self._control_frames_left:
            raise BrokenWebSocket(CloseCode.POLICY_VIOLATION, "Too many WebSocket control frames came.")
        self._control_frames_left -= 1
        if isinstance(event, Ping):
            self._reply(pong(bytes(event.payload)))

    def _handle_close(self, event: CloseConnection) -> None:
        if self._connection.state is ConnectionState.OPEN:
            # This is how wsproto reports bytes that break the protocol.
            raise BrokenWebSocket(event.code, _reason(event))
        self.closed = True
        self._reply(close_frame(event.code))


def _reason(error: CloseConnection) -> str:
    if error.code == CloseCode.INVALID_TEXT:
        return "The text in a WebSocket frame is not valid UTF-8."
    return f"These bytes do not follow the WebSocket protocol: {error.reason}."
