"""What browsers ask for, and what is none of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.errors import RemoteProtocolError
from messango.protocol import error_codes
from messango.web.files.file_requests import (
    decode_cancel_request,
    decode_offset,
    decode_put,
    decode_ticket_request,
    encode_ticket,
)
from messango.web.files.problem_status import status_of


def test_requests_are_read() -> None:
    assert decode_ticket_request(b'{"session":"s","file":"f"}').file == "f"
    assert decode_cancel_request(b'{"session":"s"}').session == "s"
    put = decode_put(b'{"session":"s","upload":"u","name":"n","size":3,"width":2,"height":1}')
    assert (put.size, put.width, put.height, put.sha256) == (3, 2, 1, None)
    assert encode_ticket("x") == b'{"ticket":"x"}'


@pytest.mark.parametrize("decode", [decode_ticket_request, decode_cancel_request, decode_put])
@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"\xff", b"[" * 5_000, b'{"session":"","file":"f"}', b'{"session":1}'],
    ids=range(7),
)
def test_other_bodies_are_refused(decode: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        decode(body)


@pytest.mark.parametrize("value", ["", "-1", "+1", "1_0", "0x1", "١", "1" * 17, " 1"])
def test_an_offset_is_a_number(value: str) -> None:
    assert decode_offset("1024") == 1024
    with pytest.raises(RemoteProtocolError):
        decode_offset(value)


def test_each_problem_has_a_status() -> None:
    assert status_of(error_codes.UNKNOWN_ENTRY) == 404
    assert status_of(error_codes.TOO_LARGE) == 413
    assert status_of(error_codes.STORE_FULL) == 507
    assert status_of("anything-else") == 500
