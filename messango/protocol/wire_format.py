"""How a server hears one peer and talks to it: in frames, or as the original client does.

Either way, frames come out of what the peer says, and encoded frames go in for what it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias

from messango.errors import RemoteProtocolError
from messango.protocol.codec import client_frame_decoder
from messango.protocol.frames import ClientFrame, Problem
from messango.protocol.legacy_decoder import LegacyDecoder, WireFormat, detect_wire_format
from messango.protocol.legacy_renderer import LegacyRenderer

DecodedFrames: TypeAlias = Sequence[ClientFrame | Problem]

_UNKNOWN_FORMAT: Final = "This is a Messango room, and what you say is nothing that it understands."
_UNKNOWN_FORMAT_HINT: Final = "Join with `messango chat`; or begin with joined: and your name."


class PeerCodec(Protocol):
    """How the server decodes one client's bytes; `encode` may be called by any thread, the rest by one."""

    #: Whether the client answers `ping`, and can resume its session.
    uses_json: bool

    @property
    def has_pending_message(self) -> bool:
        """Whether a pause now would end a message."""

    def decode(self, data: bytes) -> DecodedFrames:
        """Return the frames that `data` completes; raises as `codec.FrameDecoder.decode` does."""

    def on_pause(self) -> DecodedFrames:
        """Return the frames that a pause completes."""

    def on_eof(self) -> DecodedFrames:
        """Return the frames that the end of the stream completes."""

    def encode(self, frames: bytes) -> Sequence[bytes]:
        """Return what these encoded frames become on the wire, one item for each `send`."""


class JsonCodec:
    """One JSON object a line, both ways."""

    uses_json = True
    has_pending_message = False

    def __init__(self) -> None:
        self.decode = client_frame_decoder().decode

    def on_pause(self) -> DecodedFrames:
        return ()

    def on_eof(self) -> DecodedFrames:
        return ()

    def encode(self, frames: bytes) -> Sequence[bytes]:
        return (frames,)


class LegacyCodec:
    """Unframed text, both ways, as the original client sends and shows it."""

    uses_json = False

    def __init__(self) -> None:
        self._decoder = LegacyDecoder()
        self.decode = self._decoder.decode
        self.on_pause = self._decoder.on_pause
        self.on_eof = self._decoder.on_eof
        self.encode = LegacyRenderer().render

    @property
    def has_pending_message(self) -> bool:
        return self._decoder.has_pending_message


class DetectingCodec:
    """Either of the two, for a client without encryption: its first bytes decide.

    Until then it is sent text that a person can read.
    """

    def __init__(self) -> None:
        self.uses_json = False
        self._first_bytes = b""
        self._codec: PeerCodec = LegacyCodec()
        self._is_detected = False

    @property
    def has_pending_message(self) -> bool:
        return self._codec.has_pending_message

    def decode(self, data: bytes) -> DecodedFrames:
        """Raise `RemoteProtocolError` also where the first bytes are of neither format."""
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
