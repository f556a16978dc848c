"""Requests and replies are one JSON object on one line."""

from __future__ import annotations

import pytest

from messango.transport.control.messages import (
    ControlError,
    ControlReply,
    ControlRequest,
    decode_reply,
    decode_request,
    encode_line,
)


def test_a_request_comes_back() -> None:
    """Its line ends with the only newline in it, whatever the texts are."""
    request = ControlRequest("command", {"text": "two\nlines"})
    line = encode_line(request)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_request(line) == request


def test_unknown_fields_are_ignored() -> None:
    """A later version may send more."""
    assert decode_request(b'{"request": "room", "later": 1}') == ControlRequest("room")


@pytest.mark.parametrize(
    "reply", [ControlReply(result={}), ControlReply(error=ControlError("fault", "It failed.", "Try again."))]
)
def test_a_reply_comes_back(reply: ControlReply) -> None:
    """With a result or an error."""
    assert decode_reply(encode_line(reply)) == reply


@pytest.mark.parametrize("line", [b"", b"\xff", b"1", b"[]", b"{}", b'{"request": 1}', b"[" * 60_000])
def test_garbage_is_not_a_request(line: bytes) -> None:
    """Also when it is nested as deeply as a line can be."""
    with pytest.raises(ValueError, match=r"."):
        decode_request(line)


@pytest.mark.parametrize(
    "line", [b"{}", b'{"result": 1}', b'{"result": {}, "error": {"code": "", "message": ""}}']
)
def test_garbage_is_not_a_reply(line: bytes) -> None:
    """It has exactly one of result and error."""
    with pytest.raises(ValueError, match=r"."):
        decode_reply(line)
