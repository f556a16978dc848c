"""Encodes and decodes frames: one JSON object per line.

How the bytes are split between calls does not change the frames. Bytes that are not a frame raise an error
only after the frames before them were returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar, cast

import msgspec

from messango.errors import VERSION_HINT, RemoteProtocolError
from messango.protocol.error_codes import BAD_FRAME, UNKNOWN_TYPE
from messango.protocol.frames import ClientFrame, Edit, Frame, Problem, Say, ServerFrame, Share, Tell
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_ID_CHARACTERS
from messango.protocol.text.validation import clean_text

F = TypeVar("F")

#: Errors of decoding bytes that are not JSON, not UTF-8, or nested too deeply.
_DECODE_ERRORS: Final = (msgspec.DecodeError, ValueError, RecursionError)

#: The frames of clients with texts that others read.
_WITH_TEXT: Final = (Say, Tell, Share, Edit)

_encoder: Final = msgspec.json.Encoder()


class _Envelope(msgspec.Struct, frozen=True):
    """The fields that a `Problem` about a frame needs."""

    type: str
    id: object = None


_envelope_decoder: Final = msgspec.json.Decoder(_Envelope)


def encode(frame: Frame) -> bytes:
    """Encode one frame as a line."""
    return _encoder.encode(frame) + b"\n"


def encode_all(frames: Iterable[Frame]) -> bytes:
    """Encode several frames as lines."""
    return _encoder.encode_lines(frames)


class FrameDecoder(Generic[F]):
    """Decodes one peer's bytes into frames.

    With `reply_to_unknown`, a frame of an unknown type or with wrong fields becomes the `Problem` to answer
    it with, and each text is cleaned (`text.validation.clean_text`). Without it, an unknown type
    is skipped, and wrong fields are an error.
    """

    def __init__(self, decoder: msgspec.json.Decoder[F], *, reply_to_unknown: bool) -> None:
        self._error: RemoteProtocolError | None = None
        self._decode = decoder.decode
        self._reply_to_unknown = reply_to_unknown
        self._buffer = bytearray()

    def decode(self, data: bytes) -> list[F | Problem]:
        """Return the frames that `data` completes, in order.

        Raises `RemoteProtocolError` for bytes that are not a frame, but first returns the frames before them:
        call it again without data until it returns none. After an error every call raises it.
        """
        self._raise_error()
        complete, newline, rest = data.rpartition(b"\n")
        if not newline:
            self._buffer_rest(data)
            self._raise_error()
            return []
        if self._buffer:
            complete = bytes(self._buffer) + complete
            self._buffer.clear()
        frames = self._decode_lines(complete)
        if self._error is None:
            self._buffer_rest(rest)
        if not frames:
            self._raise_error()
        return frames

    def _buffer_rest(self, rest: bytes) -> None:
        self._buffer += rest
        if len(self._buffer) >= MAX_FRAME_BYTES:
            self._fail(f"A frame is longer than {MAX_FRAME_BYTES:,} bytes.")

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _decode_lines(self, complete: bytes) -> list[F | Problem]:
        lines = complete.split(b"\n")
        try:
            all_short = len(complete) < MAX_FRAME_BYTES or max(map(len, lines)) < MAX_FRAME_BYTES
            frames: list[F | Problem] = (
                [*map(self._decode, lines)] if all_short else self._decode_one_by_one(lines)
            )
        except _DECODE_ERRORS:
            # One line is not valid: find it, and keep the frames before it.
            frames = self._decode_one_by_one(lines)
        # Most bytes need no cleaning.
        if self._reply_to_unknown and _may_contain_controls(complete):
            return [*map(_sanitized, frames)]
        return frames

    def _decode_one_by_one(self, lines: list[bytes]) -> list[F | Problem]:
        frames: list[F | Problem] = []
        for line in lines:
            if len(line) >= MAX_FRAME_BYTES:
                self._fail(f"A frame is longer than {MAX_FRAME_BYTES:,} bytes.")
            else:
                self._add_frame(line, frames)
            if self._error is not None:
                break
        return frames

    def _add_frame(self, line: bytes, frames: list[F | Problem]) -> None:
        try:
            frames.append(self._decode(line))
        except msgspec.ValidationError as error:
            self._add_problem(line, str(error), frames)
        except _DECODE_ERRORS as error:
            self._fail(f"These bytes are not a frame: {error}.")

    def _add_problem(self, line: bytes, detail: str, frames: list[F | Problem]) -> None:
        try:
            envelope = _envelope_decoder.decode(line)
        except _DECODE_ERRORS as error:
            self._fail(f"These bytes are not a frame: {error}.")
            return
        if "$.type" in detail:
            code, reason = UNKNOWN_TYPE, f"Frames of type {envelope.type[:40]!r} are unknown."
        else:
            code, reason = BAD_FRAME, f"The fields of this {envelope.type[:40]!r} are wrong: {detail}."
        if not self._reply_to_unknown:
            # A later version may send more types of frames, but a known frame must not get lost.
            if code == BAD_FRAME:
                self._fail(reason)
            return
        has_id = isinstance(envelope.id, str) and 0 < len(envelope.id) <= MAX_ID_CHARACTERS
        frames.append(Problem(code, reason, VERSION_HINT, cast("str", envelope.id) if has_id else None))

    def _fail(self, reason: str) -> None:
        self._buffer.clear()
        self._error = RemoteProtocolError(reason, VERSION_HINT)


def _may_contain_controls(lines: bytes) -> bool:
    """Return whether JSON in UTF-8 may contain a control character; much faster than checking each text.

    It needs a backslash (an escape), DEL, the first byte of a C1 character, or the first two bytes of the
    line separators U+2028 and U+2029.
    """
    has_controls = 0x5C in lines or 0x7F in lines or 0xC2 in lines
    # Looking for one byte first is a hundred times as fast as looking for two.
    return has_controls or (0xE2 in lines and b"\xe2\x80" in lines)


def _sanitized(frame: F) -> F:
    if not isinstance(frame, _WITH_TEXT):
        return frame
    text = clean_text(frame.text)
    return frame if text is frame.text else cast("F", msgspec.structs.replace(frame, text=text))


_client_json_decoder: Final = cast("msgspec.json.Decoder[ClientFrame]", msgspec.json.Decoder(ClientFrame))
_server_json_decoder: Final = cast("msgspec.json.Decoder[ServerFrame]", msgspec.json.Decoder(ServerFrame))


def client_frame_decoder() -> FrameDecoder[ClientFrame]:
    """Return a decoder for a client's bytes; the server answers frames that it can't use."""
    return FrameDecoder(_client_json_decoder, reply_to_unknown=True)


def server_frame_decoder() -> FrameDecoder[ServerFrame]:
    """Return a decoder for a server's bytes; frame types of a later version are skipped."""
    return FrameDecoder(_server_json_decoder, reply_to_unknown=False)
