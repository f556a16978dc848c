"""The bytes of a file and the line behind them are told apart, however they are split."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import RemoteProtocolError
from messango.protocol.files.transfer_codec import encode_transfer
from messango.protocol.files.transfer_frames import Sum
from messango.protocol.files.upload_body import UploadBody

DIGEST = "ab" * 32


def feed_all(body: UploadBody, pieces: list[bytes]) -> bytes:
    """Return the bytes of the file in these pieces."""
    return b"".join(body.feed(piece) for piece in pieces)


@given(st.binary(max_size=300), st.lists(st.integers(0, 500), max_size=6))
def test_any_split_gives_the_same_file(data: bytes, cuts: list[int]) -> None:
    """Also in the middle of the `sum`."""
    stream = data + encode_transfer(Sum(DIGEST))
    places = sorted({0, len(stream), *(cut % len(stream) for cut in cuts)})
    pieces = [stream[start:end] for start, end in itertools.pairwise(places)]
    body = UploadBody(len(data), None)
    assert not body.is_complete
    assert feed_all(body, pieces) == data
    assert (body.is_complete, body.sha256) == (True, DIGEST)


def test_with_a_digest_nothing_follows() -> None:
    """It is complete with its last byte, and an empty one at once."""
    assert UploadBody(0, DIGEST).is_complete
    body = UploadBody(3, DIGEST)
    assert (feed_all(body, [b"ab"]), body.is_complete) == (b"ab", False)
    assert (feed_all(body, [b"c"]), body.is_complete) == (b"c", True)


def test_too_many_bytes_are_shown() -> None:
    """With a digest the store refuses them by their number; without one they are no `sum`."""
    assert UploadBody(3, DIGEST).feed(b"abcdef") == b"abcdef"
    with pytest.raises(RemoteProtocolError):
        feed_all(UploadBody(3, None), [b"abcdef\n"])
    with pytest.raises(RemoteProtocolError):
        feed_all(UploadBody(3, None), [b"abc", *[b"x" * 1_000] * 5])
