"""Frames have the form of RFC 6455, section 5.2."""

from __future__ import annotations

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Event, Pong, TextMessage

from messango.web.talk.websocket_frames import CloseCode, close_frame, pong, text_message


def browser_events(sent: bytes) -> list[Event]:
    """Return what a browser reads."""
    browser = Connection(ConnectionType.CLIENT)
    browser.receive_data(sent)
    return [*browser.events()]


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 1_000_000])
def test_each_length_is_encoded(size: int) -> None:
    """Also those at the edges of the three forms of a header."""
    assert browser_events(text_message(b"x" * size)) == [TextMessage("x" * size)]


@pytest.mark.parametrize("size", [0, 125])
def test_pong(size: int) -> None:
    """It has the payload of the ping."""
    assert browser_events(pong(b"x" * size)) == [Pong(b"x" * size)]


@pytest.mark.parametrize("code", [CloseCode.NORMAL, CloseCode.TOO_BIG, CloseCode.NO_CODE, 4_000])
def test_close_frame(code: int) -> None:
    """It has the code, or none."""
    assert browser_events(close_frame(code)) == [CloseConnection(code, "")]
