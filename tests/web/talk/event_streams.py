"""A browser's `EventSource`: reads a chunked response by h11, and its events as the HTML standard says."""

from __future__ import annotations

from typing import Final

import h11

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_PREFIX: Final = "data: "


def read_events(stream: bytes) -> tuple[list[str], bool]:
    """Return the data of each event, and whether the response has ended; only `data:` lines are allowed."""
    browser = h11.Connection(h11.CLIENT)
    browser.send(h11.Request(method="GET", target="/events", headers=[("Host", "a")]))
    browser.send(h11.EndOfMessage())
    browser.receive_data(_HEAD + stream)
    body, ended = bytearray(), False
    while not ended and (event := browser.next_event()) is not h11.NEED_DATA:
        if isinstance(event, h11.Data):
            body += event.data
        ended = isinstance(event, h11.EndOfMessage)
    # A line also ends with a CR; in a whole event none is left.
    blocks = body.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    assert blocks.pop() == ""
    return ["\n".join(_data(line) for line in block.split("\n")) for block in blocks], ended


def _data(line: str) -> str:
    assert line.startswith(_PREFIX)
    return line.removeprefix(_PREFIX)
