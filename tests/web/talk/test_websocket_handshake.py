"""A request becomes a WebSocket only as RFC 6455 says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.web.talk.websocket_handshake import UpgradeRefused, answer_upgrade

#: The key of the example in the RFC.
KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = {
    b"host": b"192.168.1.20:8000",
    b"connection": b"Upgrade",
    b"upgrade": b"websocket",
    b"sec-websocket-version": b"13",
    b"sec-websocket-key": KEY,
}


def answer(changes: dict[bytes, bytes | None]) -> bytes | UpgradeRefused:
    """Return the answer to a good request with these changes; None leaves out a header."""
    headers = {**UPGRADE, **changes}
    return answer_upgrade([(name, value) for name, value in headers.items() if value is not None])


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {b"connection": b"keep-alive, Upgrade", b"upgrade": b"WebSocket"},
        {b"content-length": b"0"},
        {b"sec-websocket-extensions": b"permessage-deflate", b"sec-websocket-protocol": b"chat"},
    ],
)
def test_an_upgrade(changes: dict[bytes, bytes | None]) -> None:
    """The answer is the example's in the RFC: no extension and no subprotocol."""
    assert answer(changes) == (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({b"upgrade": None}, 426),
        ({b"upgrade": b"h2c"}, 426),
        ({b"connection": None}, 426),
        ({b"connection": b"keep-alive"}, 426),
        ({b"sec-websocket-version": None}, 426),
        ({b"sec-websocket-version": b"8"}, 426),
        ({b"sec-websocket-key": None}, 400),
        ({b"sec-websocket-key": b""}, 400),
        ({b"sec-websocket-key": KEY[:-4]}, 400),
        ({b"sec-websocket-key": KEY + b"AAAA"}, 400),
        ({b"sec-websocket-key": b"!" + KEY[1:]}, 400),
        ({b"sec-websocket-key": KEY[:8] + b"\r\n" + KEY[8:]}, 400),
        ({b"content-length": b"5"}, 400),
        ({b"transfer-encoding": b"chunked"}, 400),
    ],
)
def test_other_requests_are_refused(changes: dict[bytes, bytes | None], status: int) -> None:
    """With a sentence, and for 426 with what would be accepted."""
    refused = answer(changes)
    assert isinstance(refused, UpgradeRefused)
    assert refused.status == status
    assert refused.reason
    assert (dict(refused.headers).get(b"Sec-WebSocket-Version") == b"13") is (status == 426)


def test_http_1_0_has_no_upgrades() -> None:
    """A proxy of that time would pass the header on without knowing what it means."""
    refused = answer_upgrade([*UPGRADE.items()], is_http_1_0=True)
    assert isinstance(refused, UpgradeRefused)
    assert refused.status == 426


def test_two_keys_are_refused() -> None:
    """Which of them counts would be anybody's guess."""
    refused = answer_upgrade([*UPGRADE.items(), (b"sec-websocket-key", KEY)])
    assert isinstance(refused, UpgradeRefused)
    assert refused.status == 400


@given(st.lists(st.tuples(st.sampled_from([*UPGRADE]), st.binary(max_size=30)), max_size=8))
def test_garbage_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    """Whatever is in the headers."""
    assert isinstance(answer_upgrade(headers), UpgradeRefused)
