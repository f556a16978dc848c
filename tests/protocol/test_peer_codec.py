"""A client's format is detected from its first bytes, and it is answered in the same format."""

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
    """Return the frames of these bytes in slices of this size, and of the end of the stream."""
    frames, error = decode_all(codec.decode, *slices(data, slice_bytes))
    assert error is None
    return [*frames, *codec.on_eof()]


def slices(data: bytes, slice_bytes: int) -> list[bytes]:
    """Return the data in pieces of this size."""
    return [data[start : start + slice_bytes] for start in range(0, len(data), slice_bytes)]


@given(st.integers(1, 40))
def test_json(slice_bytes: int) -> None:
    """It begins with a brace; frames for the client are not changed."""
    codec = DetectingCodec()
    assert decode_slices(codec, encode(Look(1)) + encode(Say("1", "hi")), slice_bytes) == [
        Look(1),
        Say("1", "hi"),
    ]
    assert (codec.uses_json, codec.has_incomplete_message) == (True, False)
    assert codec.encode(ENCODED_FRAMES) == (ENCODED_FRAMES,)


@given(st.integers(1, 40))
def test_the_original_client(slice_bytes: int) -> None:
    """It begins with `joined:`; frames for the client become text."""
    codec = DetectingCodec()
    assert decode_slices(codec, b"joined:AnnAnn: hi", slice_bytes) == [Join(1, "Ann"), Say("1", "hi")]
    assert not codec.uses_json
    assert codec.shows_each_read
    assert codec.encode(ENCODED_FRAMES) == [b"* Bob has joined\n* Cy has joined"]


@given(st.integers(1, 40))
def test_an_unknown_format(slice_bytes: int) -> None:
    """The client gets the error as plain text, and later bytes raise it again."""
    codec = DetectingCodec()
    data = b"GET / HTTP/1.1\r\n" + encode(Look(1))
    frames, error = decode_all(codec.decode, *slices(data, slice_bytes))
    assert frames == []
    assert error is not None
    assert decode_all(codec.decode, encode(Look(1))) == ([], error) or slice_bytes < len(data)
    (rendered,) = codec.encode(encode(Refused(PROTOCOL, str(error), error.hint)))
    assert "joined:" in rendered.decode()


@pytest.mark.parametrize("sent", [b"", b"join", b"joined"])
def test_too_few_bytes_to_detect(sent: bytes) -> None:
    """At the end of the stream they give no frames."""
    codec = DetectingCodec()
    assert decode_slices(codec, sent) == []
    assert (codec.uses_json, codec.has_incomplete_message, [*codec.on_pause()]) == (False, False, [])


def test_a_pause_ends_messages_of_the_original_client() -> None:
    """Frames of other clients end with a newline."""
    codec = DetectingCodec()
    assert codec.decode(b"joined:Ann") == []
    assert codec.has_incomplete_message
    assert codec.on_pause() == [Join(1, "Ann")]
    json_codec = JsonCodec()
    json_codec.decode(b'{"type":')
    assert not json_codec.has_incomplete_message
    assert [*json_codec.on_pause(), *json_codec.on_eof()] == []


def test_a_broken_frame_raises() -> None:
    """Also without encryption."""
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
