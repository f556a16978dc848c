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
    """What a guest's thread needs of it; `say` is for any thread, the rest for that one."""

    #: Whether the peer answers `ping`, and can come back to its seat.
    uses_json: bool

    @property
    def error(self) -> RemoteProtocolError | None:
        """What was wrong with the peer's bytes, after which nothing more comes of them."""

    @property
    def has_pending_message(self) -> bool:
        """Whether a pause now would end something."""

    def decode(self, data: bytes) -> DecodedFrames:
        """Return the frames that `data` ends."""

    def on_pause(self) -> DecodedFrames:
        """Return the frames that a pause ends."""

    def on_eof(self) -> DecodedFrames:
        """Return the frames that the end of the stream ends."""

    def encode(self, frames: bytes) -> Sequence[bytes]:
        """Return what these encoded frames become, each piece for one `send`."""


class JsonCodec:
    """One JSON object a line, both ways."""

    uses_json = True
    has_pending_message = False

    def __init__(self) -> None:
        self._decoder = client_frame_decoder()
        self.decode = self._decoder.decode

    @property
    def error(self) -> RemoteProtocolError | None:
        return self._decoder.error

    def on_pause(self) -> DecodedFrames:
        return ()

    def on_eof(self) -> DecodedFrames:
        return ()

    def encode(self, frames: bytes) -> Sequence[bytes]:
        return (frames,)


class LegacyCodec:
    """Unframed text, both ways, as the original client speaks."""

    uses_json = False
    error = None

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
    """Whichever a peer without encryption speaks: its first bytes tell.

    Until then it is told things as a person can read them.
    """

    def __init__(self) -> None:
        self.uses_json = False
        self._first_bytes = b""
        self._error: RemoteProtocolError | None = None
        self._codec: PeerCodec = LegacyCodec()
        self._is_detected = False

    @property
    def error(self) -> RemoteProtocolError | None:
        return self._error or self._codec.error

    @property
    def has_pending_message(self) -> bool:
        return self._codec.has_pending_message

    def decode(self, data: bytes) -> DecodedFrames:
        if self._error is not None:
            return ()
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
        first_bytes, self._first_bytes = self._first_bytes, b""
        if wire_format is WireFormat.UNKNOWN:
            self._error = RemoteProtocolError(_UNKNOWN_FORMAT, _UNKNOWN_FORMAT_HINT)
            return ()
        if wire_format is WireFormat.JSON:
            self._codec, self.uses_json = JsonCodec(), True
        self._is_detected = True
        return self._codec.decode(first_bytes)
