"""Translates between frames and one client's bytes: JSON lines, or the original client's text."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from messango.errors import RemoteProtocolError
from messango.protocol.codec import client_frame_decoder
from messango.protocol.frames import ClientFrame, Problem
from messango.protocol.legacy.legacy_decoder import JOIN_PREFIX, LegacyDecoder
from messango.protocol.legacy.legacy_renderer import LegacyRenderer


class EndOfStream:
    """Marks the end of the stream after the frames before it."""


#: A codec returns it if the client ends the stream by other means than the connection's.
END_OF_STREAM: Final = EndOfStream()

DecodedFrames: TypeAlias = Sequence[ClientFrame | Problem | EndOfStream]

_UNKNOWN_FORMAT: Final = "This is a Messango room, but it does not recognize this protocol."
_UNKNOWN_FORMAT_HINT: Final = "Join with `messango chat`, or start with joined: and your name."


class WireFormat(enum.Enum):
    """What a client without encryption sends."""

    JSON = enum.auto()
    LEGACY = enum.auto()
    UNKNOWN = enum.auto()


def detect_wire_format(first_bytes: bytes) -> WireFormat | None:
    """Detect the format from a client's first bytes; None if more bytes are needed."""
    if first_bytes.startswith(b"{"):
        return WireFormat.JSON
    join_prefix = JOIN_PREFIX.encode()
    if first_bytes.startswith(join_prefix):
        return WireFormat.LEGACY
    return None if join_prefix.startswith(first_bytes) else WireFormat.UNKNOWN


class PeerCodec(Protocol):
    """Decodes and encodes for one client.

    `encode` and `final_bytes` are for any thread, the rest for one thread at a time.
    """

    #: Whether the client answers `ping`, and can resume its session.
    uses_json: bool

    @property
    def has_incomplete_message(self) -> bool:
        """Whether a pause would end a message now."""

    @property
    def shows_each_read(self) -> bool:
        """Whether the client shows each read as a line, so that sends need a pause between them."""

    @property
    def final_bytes(self) -> bytes:
        """What ends the connection after the last frames, for any thread."""

    def decode(self, data: bytes) -> DecodedFrames:
        """Return the frames that `data` completes; raises as `codec.FrameDecoder.decode` does."""

    def on_pause(self) -> DecodedFrames:
        """Return the frames that a pause completes."""

    def on_eof(self) -> DecodedFrames:
        """Return the frames that the end of the stream completes."""

    def encode(self, frames: bytes) -> Sequence[bytes]:
        """Translate encoded frames for the client; each item needs its own `send`."""


class JsonCodec:
    """One JSON object per line in both directions."""

    uses_json = True
    has_incomplete_message = False
    shows_each_read = False
    final_bytes = b""

    def __init__(self) -> None:
        self.decode = client_frame_decoder().decode

    def on_pause(self) -> DecodedFrames:
        return ()

    def on_eof(self) -> DecodedFrames:
        return ()

    def encode(self, frames: bytes) -> Sequence[bytes]:
        return (frames,)


class LegacyCodec:
    """The original client's unframed text in both directions."""

    uses_json = False
    final_bytes = b""

    def __init__(self) -> None:
        self._decoder = LegacyDecoder()
        self.decode = self._decoder.decode
        self.on_pause = self._decoder.on_pause
        self.on_eof = self._decoder.on_eof
        self._renderer = LegacyRenderer()

    @property
    def has_incomplete_message(self) -> bool:
        return self._decoder.has_incomplete_message

    @property
    def shows_each_read(self) -> bool:
        return not self._decoder.uses_lines

    def encode(self, frames: bytes) -> Sequence[bytes]:
        if self._decoder.uses_lines:
            return self._renderer.render_lines(frames)
        return self._renderer.render(frames)


class DetectingCodec:
    """Detects the format of a client without encryption from its first bytes.

    Until then it sends text, which a person can read.
    """

    final_bytes = b""

    def __init__(self) -> None:
        self.uses_json = False
        self._first_bytes = b""
        self._codec: PeerCodec = LegacyCodec()
        self._is_detected = False

    @property
    def has_incomplete_message(self) -> bool:
        return self._codec.has_incomplete_message

    @property
    def shows_each_read(self) -> bool:
        return self._codec.shows_each_read

    def decode(self, data: bytes) -> DecodedFrames:
        """Return frames; raises `RemoteProtocolError` also if the first bytes fit neither format."""
        return self._codec.decode(data) if self._is_detected else self._detect(data)

    def on_pause(self) -> DecodedFrames:
        return self._codec.on_pause()

    def on_eof(self) -> DecodedFrames:
        return self._codec.on_eof() if self._is_detected else ()

    def encode(self, frames: bytes) -> Sequence[bytes]:
        return self._codec.encode(frames)

    def _detect(self, data: bytes) -> DecodedFrames:
        self._first_bytes += data
        wire_format = detect_wire_format(self._first_bytes)
        if wire_format is None:
            return ()
        if wire_format is WireFormat.UNKNOWN:
            raise RemoteProtocolError(_UNKNOWN_FORMAT, _UNKNOWN_FORMAT_HINT)
        first_bytes, self._first_bytes = self._first_bytes, b""
        if wire_format is WireFormat.JSON:
            self._codec, self.uses_json = JsonCodec(), True
        self._is_detected = True
        return self._codec.decode(first_bytes)
