"""What a peer speaks is known from its first bytes, and it is answered in kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.codec import encode, encode_all
from messango.protocol.error_codes import PROTOCOL
from messango.protocol.frames import Join, Joined, Look, Refused, Say
from messango.protocol.wire_format import DecodedFrames, DetectingCodec, JsonCodec, LegacyCodec, PeerCodec

ENCODED_FRAMES = encode_all([Joined("Bob"), Joined("Cy")])


def decode_all(codec: PeerCodec, data: bytes, slice_bytes: int = 1) -> DecodedFrames:
    """Return what is heard of these bytes, so many at once, and of the end."""
    pieces = [data[at : at + slice_bytes] for at in range(0, len(data), slice_bytes)]
    return [frame for piece in pieces for frame in codec.decode(piece)] + [*codec.on_eof()]


@given(st.integers(1, 40))
def test_frames(slice_bytes: int) -> None:
    """A JSON object is the beginning of frames, and what is said to that peer stays as it is."""
    codec = DetectingCodec()
    assert decode_all(codec, encode(Look(1)) + encode(Say("1", "hi")), slice_bytes) == [
        Look(1),
        Say("1", "hi"),
    ]
    assert (codec.uses_json, codec.error, codec.has_pending_message) == (True, None, False)
    assert codec.encode(ENCODED_FRAMES) == (ENCODED_FRAMES,)


@given(st.integers(1, 40))
def test_the_original(slice_bytes: int) -> None:
    """Its own greeting is the beginning of unframed text, both ways."""
    codec = DetectingCodec()
    assert decode_all(codec, b"joined:AnnAnn: hi", slice_bytes) == [Join(1, "Ann"), Say("1", "hi")]
    assert (codec.uses_json, codec.error) == (False, None)
    assert codec.encode(ENCODED_FRAMES) == [b"joined:Bob\njoined:Cy\n"]


@given(st.integers(1, 40))
def test_neither(slice_bytes: int) -> None:
    """What can be neither is a fault, and nothing that follows it is heard; a person can read why."""
    codec = DetectingCodec()
    assert decode_all(codec, b"GET / HTTP/1.1\r\n" + encode(Look(1)), slice_bytes) == []
    assert codec.error is not None
    (told,) = codec.encode(encode(Refused(PROTOCOL, str(codec.error), codec.error.hint)))
    assert "joined:" in told.decode()


@pytest.mark.parametrize("said", [b"", b"join", b"joined"])
def test_not_known_yet(said: bytes) -> None:
    """Whoever ends there has said nothing."""
    codec = DetectingCodec()
    assert decode_all(codec, said) == []
    assert (codec.uses_json, codec.error, codec.has_pending_message, [*codec.on_pause()]) == (
        False,
        None,
        False,
        [],
    )


def test_a_pause_ends_what_has_no_end() -> None:
    """Of the original alone: frames have ends of their own."""
    codec = DetectingCodec()
    assert codec.decode(b"joined:Ann") == []
    assert codec.has_pending_message
    assert codec.on_pause() == [Join(1, "Ann")]
    json_codec = JsonCodec()
    json_codec.decode(b'{"type":')
    assert not json_codec.has_pending_message
    assert [*json_codec.on_pause(), *json_codec.on_eof()] == []


def test_a_fault_in_frames_shows() -> None:
    """Also where they were recognised without encryption."""
    for codec in (JsonCodec(), DetectingCodec()):
        codec.decode(b"{no frame}\n")
        assert codec.error is not None
    assert LegacyCodec().error is None
