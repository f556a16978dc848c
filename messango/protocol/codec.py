"""Bytes to frames and back: one JSON object a line.

Any slicing of the same bytes gives the same events, and bytes that are no frames set `fault` rather
than raise, so that what was said before them is heard first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Generic, TypeVar, cast

import msgspec

from messango.errors import PeerProblem
from messango.protocol.error_codes import BAD_FRAME, UNKNOWN_TYPE
from messango.protocol.frames import ClientFrame, Frame, Problem, Say, ServerFrame
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_ID_CHARACTERS
from messango.protocol.validation import clean_text

F = TypeVar("F")

_VERSION_HINT: Final = "Is the other side Messango, and of a version that fits?"

#: What decoding raises for bytes that are no JSON, no UTF-8, or nested too deeply.
_NO_JSON: Final = (msgspec.DecodeError, ValueError, RecursionError)

_encoder: Final = msgspec.json.Encoder()


class _Envelope(msgspec.Struct, frozen=True):
    """The least that makes an object a frame."""

    type: str
    id: object = None


_envelope_decoder: Final = msgspec.json.Decoder(_Envelope)


def encode(frame: Frame) -> bytes:
    """Return one frame as a line."""
    return _encoder.encode(frame) + b"\n"


def encode_all(frames: Iterable[Frame]) -> bytes:
    """Return the frames as lines, in one call."""
    return _encoder.encode_lines(frames)


class FrameReader(Generic[F]):
    """Makes frames of one peer's bytes.

    A frame of a kind or shape that we do not know becomes a `Problem`, to be sent back; where `answers` is
    false a kind that we do not know is left out, and a wrong shape is a fault. After a fault, bytes that
    are no frame among them, `fault` is set and all that follows is ignored.

    Where `answers` is true, the text of each `Say` comes out clean (`text.clean_text`).
    """

    def __init__(self, decoder: msgspec.json.Decoder[F], *, answers: bool) -> None:
        self.fault: PeerProblem | None = None
        self._decode = decoder.decode
        self._answers = answers
        self._partial = bytearray()

    def receive(self, data: bytes) -> list[F | Problem]:
        """Return the frames that `data` completes, in order."""
        if self.fault is not None:
            return []
        whole, newline, rest = data.rpartition(b"\n")
        if not newline:
            self._keep(data)
            return []
        if self._partial:
            whole = bytes(self._partial) + whole
            self._partial.clear()
        frames = self._frames(whole)
        if self.fault is None:
            self._keep(rest)
        return frames

    def _keep(self, rest: bytes) -> None:
        self._partial += rest
        if len(self._partial) >= MAX_FRAME_BYTES:
            self._fail(f"A frame is longer than {MAX_FRAME_BYTES:,} bytes.")

    def _frames(self, whole: bytes) -> list[F | Problem]:
        lines = whole.split(b"\n")
        try:
            within = len(whole) < MAX_FRAME_BYTES or max(map(len, lines)) < MAX_FRAME_BYTES
            frames: list[F | Problem] = [*map(self._decode, lines)] if within else self._one_by_one(lines)
        except _NO_JSON:
            # One of them is wrong: find out which, and keep those before it.
            frames = self._one_by_one(lines)
        # What clients say mostly is clean as it comes.
        if self._answers and _may_say_controls(whole):
            return [*map(_cleaned, frames)]
        return frames

    def _one_by_one(self, lines: list[bytes]) -> list[F | Problem]:
        frames: list[F | Problem] = []
        for line in lines:
            if len(line) >= MAX_FRAME_BYTES:
                self._fail(f"A frame is longer than {MAX_FRAME_BYTES:,} bytes.")
            else:
                self._add_frame(line, frames)
            if self.fault is not None:
                break
        return frames

    def _add_frame(self, line: bytes, frames: list[F | Problem]) -> None:
        try:
            frames.append(self._decode(line))
        except msgspec.ValidationError as error:
            self._add_problem(line, str(error), frames)
        except _NO_JSON as error:
            self._fail(f"These bytes are no frame: {error}.")

    def _add_problem(self, line: bytes, what: str, frames: list[F | Problem]) -> None:
        try:
            envelope = _envelope_decoder.decode(line)
        except _NO_JSON as error:
            self._fail(f"These bytes are no frame: {error}.")
            return
        if "$.type" in what:
            code, reason = UNKNOWN_TYPE, f"There is no frame of type {envelope.type[:40]!r}."
        else:
            code, reason = BAD_FRAME, f"The fields of this {envelope.type[:40]!r} are wrong: {what}."
        if not self._answers:
            # A later version says more kinds of frames; one that we know and can't read must not be missed.
            if code == BAD_FRAME:
                self._fail(reason)
            return
        named = isinstance(envelope.id, str) and 0 < len(envelope.id) <= MAX_ID_CHARACTERS
        frames.append(Problem(code, reason, _VERSION_HINT, cast("str", envelope.id) if named else None))

    def _fail(self, reason: str) -> None:
        self._partial.clear()
        self.fault = PeerProblem(reason, _VERSION_HINT)


def _may_say_controls(lines: bytes) -> bool:
    """Tell whether JSON in UTF-8 may say a control character, far quicker than by a look at each text.

    It takes a backslash, DEL, or the byte that C1 begins with.
    """
    return 0x5C in lines or 0x7F in lines or 0xC2 in lines


def _cleaned(frame: F) -> F:
    if not isinstance(frame, Say):
        return frame
    text = clean_text(frame.text)
    return frame if text is frame.text else cast("F", Say(frame.id, text))


_client_decoder: Final = cast("msgspec.json.Decoder[ClientFrame]", msgspec.json.Decoder(ClientFrame))
_server_decoder: Final = cast("msgspec.json.Decoder[ServerFrame]", msgspec.json.Decoder(ServerFrame))


def client_frame_reader() -> FrameReader[ClientFrame]:
    """Return a reader for what a client says; what it can't use, the server answers."""
    return FrameReader(_client_decoder, answers=True)


def server_frame_reader() -> FrameReader[ServerFrame]:
    """Return a reader for what a server says; a later server may say more, which is left out."""
    return FrameReader(_server_decoder, answers=False)
