"""Frames in the text messages of a WebSocket (RFC 6455); each message holds one or more, as lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from messango.errors import RemoteProtocolError
from messango.protocol.codec import client_frame_decoder
from messango.protocol.peer_codec import END_OF_STREAM, DecodedFrames
from messango.web.talk.websocket_frames import CloseCode, close_frame, text_message
from messango.web.talk.websocket_reader import WebSocketReader


class WebSocketCodec:
    """Decodes and encodes for one browser.

    `encode` and `final_bytes` are for any thread: they need no lock, as they do not change anything. The rest
    is for one thread at a time, the one that reads. Both may send at the same moment, a broadcast and the
    answer to a ping: each piece is a whole WebSocket frame and a whole message, so their order does not
    matter, as long as `reply` and the caller of `encode` send each piece undivided.

    Close frames are answered; then `decode` returns `END_OF_STREAM` and ignores later bytes, and `encode`
    returns nothing.
    """

    uses_json = True
    has_incomplete_message = False
    shows_each_read = False

    def __init__(self, reply: Callable[[bytes], None]) -> None:
        """`reply` sends answers to control frames, from within `decode`; it must neither wait nor raise."""
        self._reader = WebSocketReader(reply)
        self._decode_lines = client_frame_decoder().decode
        self._close_code: int = CloseCode.NORMAL
        self._end_returned = False

    @property
    def final_bytes(self) -> bytes:
        # A second one would break the protocol: browsers report that as an error.
        return b"" if self._reader.closed else close_frame(self._close_code)

    def decode(self, data: bytes) -> DecodedFrames:
        """Return frames as `codec.FrameDecoder.decode` does; a broken WebSocket raises it after them too."""
        frames = self._decode_messages(self._reader.read(data))
        if frames:
            return frames
        if self._reader.error is not None:
            self._close_code = self._reader.error.code
            raise self._reader.error
        if self._reader.closed and not self._end_returned:
            self._end_returned = True
            return (END_OF_STREAM,)
        return ()

    def _decode_messages(self, lines: bytes) -> DecodedFrames:
        try:
            return self._decode_lines(lines)
        except RemoteProtocolError:
            self._close_code = CloseCode.POLICY_VIOLATION
            raise

    def on_pause(self) -> DecodedFrames:
        return ()

    def on_eof(self) -> DecodedFrames:
        return ()

    def encode(self, frames: bytes) -> Sequence[bytes]:
        # Browsers report data after the close frame as an error (RFC 6455, section 5.5.1, forbids it).
        return (text_message(frames[:-1]),) if frames and not self._reader.closed else ()
