"""What a peer speaks is known from its first bytes, and it is answered in kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import RemoteProtocolError
from messango.protocol.codec import encode, encode_all
from messango.protocol.error_codes import PROTOCOL
from messango.protocol.frames import Join, Joined, Look, Refused, Say
from messango.protocol.peer_codec import (
    DecodedFrames,
    DetectingCodec,
    JsonCodec,
    PeerCodec,
    WireFormat,
    detect_wire_format,
)
from tests.support.decode import decode_all

ENCODED_FRAMES = encode_all([Joined("Bob"), Joined("Cy")])


def decode_slices(codec: PeerCodec, data: bytes, slice_bytes: int = 1) -> DecodedFrames:
    """Return the frames of these bytes, so many at once, and of the end of the stream."""
    frames, error = decode_all(codec.decode, *slices(data, slice_bytes))
    assert error is None
    return [*frames, *codec.on_eof()]


def slices(data: bytes, slice_bytes: int) -> list[bytes]:
    """Return the data in pieces of this size."""
    return [data[start : start + slice_bytes] for start in range(0, len(data), slice_bytes)]


@given(st.integers(1, 40))
def test_frames(slice_bytes: int) -> None:
    """A JSON object is the beginning of frames, and what is said to that peer stays as it is."""
    codec = DetectingCodec()
    assert decode_slices(codec, encode(Look(1)) + encode(Say("1", "hi")), slice_bytes) == [
        Look(1),
        Say("1", "hi"),
    ]
    assert (codec.uses_json, codec.has_incomplete_message) == (True, False)
    assert codec.encode(ENCODED_FRAMES) == (ENCODED_FRAMES,)


@given(st.integers(1, 40))
def test_the_original(slice_bytes: int) -> None:
    """Its own greeting is the beginning of unframed text, both ways."""
    codec = DetectingCodec()
    assert decode_slices(codec, b"joined:AnnAnn: hi", slice_bytes) == [Join(1, "Ann"), Say("1", "hi")]
    assert not codec.uses_json
    assert codec.encode(ENCODED_FRAMES) == [b"joined:Bob\njoined:Cy\n"]


@given(st.integers(1, 40))
def test_neither(slice_bytes: int) -> None:
    """What can be neither is a fault, and nothing that follows it is heard; a person can read why."""
    codec = DetectingCodec()
    data = b"GET / HTTP/1.1\r\n" + encode(Look(1))
    frames, error = decode_all(codec.decode, *slices(data, slice_bytes))
    assert frames == []
    assert error is not None
    assert decode_all(codec.decode, encode(Look(1))) == ([], error) or slice_bytes < len(data)
    (told,) = codec.encode(encode(Refused(PROTOCOL, str(error), error.hint)))
    assert "joined:" in told.decode()


@pytest.mark.parametrize("said", [b"", b"join", b"joined"])
def test_not_known_yet(said: bytes) -> None:
    """Whoever ends there has said nothing."""
    codec = DetectingCodec()
    assert decode_slices(codec, said) == []
    assert (codec.uses_json, codec.has_incomplete_message, [*codec.on_pause()]) == (False, False, [])


def test_a_pause_ends_what_has_no_end() -> None:
    """Of the original alone: frames have ends of their own."""
    codec = DetectingCodec()
    assert codec.decode(b"joined:Ann") == []
    assert codec.has_incomplete_message
    assert codec.on_pause() == [Join(1, "Ann")]
    json_codec = JsonCodec()
    json_codec.decode(b'{"type":')
    assert not json_codec.has_incomplete_message
    assert [*json_codec.on_pause(), *json_codec.on_eof()] == []


def test_a_broken_frame_raises() -> None:
    """Also where the format was detected without encryption."""
    for codec in (JsonCodec(), DetectingCodec()):
        with pytest.raises(RemoteProtocolError):
            codec.decode(b"{no frame}\n")


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (b"", None),
        (b"j", None),
        (b"joined", None),
        (b"joined:", WireFormat.LEGACY),
        (b"joined:Ann", WireFormat.LEGACY),
        (b"{", WireFormat.JSON),
        (b'{"type":"look"}', WireFormat.JSON),
        (b"GET / HTTP/1.1", WireFormat.UNKNOWN),
        (b"joinedAnn", WireFormat.UNKNOWN),
        (b"\x00", WireFormat.UNKNOWN),
    ],
)
def test_wire_format_detection(first: bytes, kind: WireFormat | None) -> None:
    """The format is known as soon as the first bytes fit only one."""
    assert detect_wire_format(first) == kind
