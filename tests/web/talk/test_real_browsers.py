"""Browsers' own WebSockets and event streams with a room: long messages, bursts, and how they end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from messango.server.server import Server
from tests.support.rooms import open_room

pytestmark = pytest.mark.browser

#: Joins by WebSocket, then sends; the result has the texts that came, and how the socket was closed.
TALK: Final = """
const {key, sent, awaited, end} = args[0];
const socket = new WebSocket(`wss://${location.host}/talk`);
socket.binaryType = 'arraybuffer';
await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
socket.send(JSON.stringify({type: 'join', protocol: 1, name: 'bob', key}));
const texts = [];
const closed = new Promise((resolve) => {
  socket.onclose = (event) => resolve({code: event.code, clean: event.wasClean});
});
await new Promise((resolve) => {
  closed.then(resolve);
  if (!awaited) resolve();
  socket.onmessage = (event) => {
    for (const line of event.data.split('\\n')) {
      const frame = JSON.parse(line);
      if (frame.type === 'welcome') for (const message of sent) socket.send(message);
      if (frame.type === 'message') texts.push(frame.text);
    }
    if (awaited && texts.length === awaited) resolve();
  };
});
if (end === 'close') socket.close(1000);
if (end === 'binary') socket.send(new Uint8Array([1, 2]));
if (end === 'too long') socket.send(' '.repeat(70000));
return {texts, closed: await closed};
"""

EVENTS: Final = """
const source = new EventSource('/events');
const frame = await new Promise((resolve) => {
  source.onmessage = (event) => resolve(JSON.parse(event.data));
});
const {key} = args[0];
const joined = new Promise((resolve) => {
  source.onmessage = (event) => resolve(event.data.split('\\n').map((line) => JSON.parse(line).type));
});
const answer = await fetch('/frames', {
  method: 'POST',
  headers: {'X-Messango': '1', 'X-Messango-Stream': frame.stream},
  body: JSON.stringify({type: 'join', protocol: 1, name: 'bob', key}),
});
const types = await joined;
source.close();
return {status: answer.status, types};
"""


@pytest.fixture
def server() -> Iterator[Server]:
    """A room with guests."""
    with open_room(web=True) as opened:
        yield opened


@pytest.fixture(params=["browser", "webkit"])
def page(server: Server, request: pytest.FixtureRequest) -> Any:
    """The room's page in each browser."""
    browser = request.getfixturevalue(request.param)
    browser.page.goto(f"https://127.0.0.1:{server.port}/")
    return browser.page


def talk(page: Any, server: Server, sent: list[str], awaited: int, end: str) -> dict[str, Any]:
    """Join, send these messages, await so many, and end this way."""
    assert server.guest_key is not None
    values = {"key": server.guest_key.text, "sent": sent, "awaited": awaited, "end": end}
    result: dict[str, Any] = page.run(TALK, values)
    return result


def test_long_messages_and_bursts(server: Server, page: Any) -> None:
    """The longest text, which may be fragmented, and as many requests as a page sends ahead."""
    long = "👋" * 8_000
    texts = [long, *map(str, range(30)), long]
    sent = [_say(number, text) for number, text in enumerate(texts)]
    result = talk(page, server, sent, len(texts), "close")
    assert result == {"texts": texts, "closed": {"code": 1000, "clean": True}}


@pytest.mark.parametrize(("end", "code"), [("binary", 1003), ("too long", 1009)])
def test_a_page_learns_why_it_was_closed(server: Server, page: Any, end: str, code: int) -> None:
    """By the code of the close frame; the closing handshake is complete."""
    assert talk(page, server, [_say(1, "hi")], 1, end)["closed"] == {"code": code, "clean": True}


def test_an_event_stream(server: Server, page: Any) -> None:
    """The browser reads one event for each piece, with a frame on each line."""
    assert server.guest_key is not None
    result = page.run(EVENTS, {"key": server.guest_key.text})
    assert result["status"] == 204
    assert result["types"][0] == "welcome"


def _say(number: int, text: str) -> str:
    return f'{{"type":"say","id":"{number}","text":"{text}"}}'
