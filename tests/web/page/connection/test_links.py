"""The two kinds of link: frames over a WebSocket, and over an event stream with POST requests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

WEB_SOCKET = """
class FakeSocket {
  static OPEN = 1;
  readyState = 0;
  sent = [];
  constructor(url) { Object.assign(FakeSocket, {last: this, url}); }
  send(text) { this.sent.push(text); }
  close() { this.closed = true; }
}
globalThis.WebSocket = FakeSocket;
const {WebSocketLink} = await load('connection/web_socket_link.js');
const link = new WebSocketLink();
const socket = FakeSocket.last;
const events = [];
for (const type of ['open', 'frames', 'lost']) link.addEventListener(type, (event) =>
  events.push([type, event.detail ?? null]));
"""

STREAM = """
class FakeSource {
  constructor(url) { Object.assign(FakeSource, {last: this, url}); }
  close() { this.closed = true; }
}
globalThis.EventSource = FakeSource;
const posts = [];
const answers = [];
globalThis.fetch = (url, options) => new Promise((resolve, reject) => {
  options.signal.addEventListener('abort', () => reject(new Error('aborted')));
  options.body.text().then((body) => posts.push({url, body, ...options.headers}));
  answers.push((status, headers = {}) => (status ? resolve(new Response(null, {status, headers})) :
    reject(new Error('lost'))));
});
const turns = async (count = 20) => { for (let n = 0; n < count; n += 1) await new Promise((done) =>
  setTimeout(done)); };
/** Wait for so many posts, or events, and for what may follow by mistake. */
const come = async (list, count) => { while (list.length < count) await turns(1); await turns(); };
const {EventStreamLink} = await load('connection/event_stream_link.js');
const link = new EventStreamLink();
const source = FakeSource.last;
const events = [];
for (const type of ['open', 'frames', 'lost']) link.addEventListener(type, (event) =>
  events.push([type, event.detail ?? null]));
const open = () => source.onmessage({data: '{"type":"stream","stream":"T"}'});
"""


def run(modules: Modules, setup: str, script: str) -> Any:
    """Run a script after a setup."""
    return modules.run(setup + script)


def test_a_websocket_has_a_message_for_each_frame(modules: Modules) -> None:
    """And may bring several in one."""
    script = """
    link.send({type: 'early'});
    socket.readyState = 1;
    socket.onopen();
    link.send({type: 'ping'});
    socket.onmessage({data: '{"type":"a"}\\n{"type":"b"}\\n'});
    return [events, socket.sent, FakeSocket.url.replace(location.host, 'HOST')];
    """
    frames = [{"type": "a"}, {"type": "b"}]
    assert run(modules, WEB_SOCKET, script) == [
        [["open", None], ["frames", frames]],
        ['{"type":"ping"}'],
        "ws://HOST/talk",
    ]


def test_a_lost_websocket_is_lost_once(modules: Modules) -> None:
    """Whatever comes after that."""
    script = """
    socket.onopen();
    socket.onclose();
    socket.onclose();
    socket.onmessage({data: '{"type":"late"}'});
    return events.map(([type]) => type);
    """
    assert run(modules, WEB_SOCKET, script) == ["open", "lost"]


def test_a_closed_link_is_silent(modules: Modules) -> None:
    """Its owner knows."""
    script = "link.close(); socket.onopen(); socket.onclose(); return [events, socket.closed, link.ended];"
    assert run(modules, WEB_SOCKET, script) == [[], True, True]


def test_what_is_not_a_frame_ends_the_link(modules: Modules) -> None:
    """It is no room of ours that sends it."""
    script = "socket.onopen(); socket.onmessage({data: '<html>'}); return events.map(([type]) => type);"
    assert run(modules, WEB_SOCKET, script) == ["open", "lost"]


def test_the_stream_names_itself_first(modules: Modules) -> None:
    """Each event has frames, as lines."""
    script = (
        'open(); source.onmessage({data: \'{"type":"a"}\\n{"type":"b"}\'}); return [events, FakeSource.url];'
    )
    assert run(modules, STREAM, script) == [
        [["open", None], ["frames", [{"type": "a"}, {"type": "b"}]]],
        "/events",
    ]


@pytest.mark.parametrize("first", ["<html>", "null"])
def test_a_stream_without_a_name_is_lost(modules: Modules, first: str) -> None:
    """Nothing could be sent."""
    script = f"source.onmessage({{data: {first!r}}}); return [events.map(([type]) => type), source.closed];"
    assert run(modules, STREAM, script) == [["lost"], True]


def test_posts_go_one_after_the_other_joined_together(modules: Modules) -> None:
    """So what is said arrives in its order."""
    script = """
    open();
    for (const type of ['a', 'b', 'c']) link.send({type});
    await come(posts, 1);
    const first = [...posts];
    answers[0](204);
    await come(posts, 2);
    answers[1](204);
    await turns();
    link.send({type: 'd'});
    await come(posts, 3);
    return [first, posts.map(({body}) => body)];
    """
    a, bc, d = '{"type":"a"}\n', '{"type":"b"}\n{"type":"c"}\n', '{"type":"d"}\n'
    sent = {"url": "/frames", "body": a, "X-Messango": "1", "X-Messango-Stream": "T"}
    assert run(modules, STREAM, script) == [[sent], [a, bc, d]]


def test_a_post_is_never_too_large(modules: Modules) -> None:
    """The room reads 65,536 bytes at once."""
    script = """
    open();
    link.send({type: 'first'});
    for (let n = 0; n < 5; n += 1) link.send({text: 'é'.repeat(10_000)});
    for (let n = 0; n < 3; n += 1) { await come(posts, n + 1); answers[n](204); }
    await turns();
    return posts.map(({body}) => new TextEncoder().encode(body).length);
    """
    line = 20_000 + len('{"text":""}\n')
    assert run(modules, STREAM, script) == [len('{"type":"first"}\n'), 3 * line, 2 * line]


def test_a_room_that_can_take_no_more_is_asked_again(modules: Modules) -> None:
    """When it says; nothing else overtakes."""
    script = """
    open();
    link.send({type: 'a'});
    await come(posts, 1);
    answers[0](503, {'Retry-After': '0.01'});
    link.send({type: 'b'});
    await come(posts, 2);
    answers[1](204);
    await come(posts, 3);
    return [posts.map(({body}) => body.trim()), events.map(([type]) => type)];
    """
    assert run(modules, STREAM, script) == [['{"type":"a"}', '{"type":"a"}', '{"type":"b"}'], ["open"]]


@pytest.mark.parametrize("answer", ["410", "0", "403", "500"])
def test_a_post_that_fails_ends_the_link(modules: Modules, answer: str) -> None:
    """The next one resumes, and sends again what has no receipt."""
    script = f"""
    open();
    link.send({{type: 'a'}});
    link.send({{type: 'b'}});
    await come(posts, 1);
    answers[0]({answer});
    await come(events, 2);
    return [posts.length, events.map(([type]) => type), source.closed];
    """
    assert run(modules, STREAM, script) == [1, ["open", "lost"], True]


def test_closing_ends_a_post(modules: Modules) -> None:
    """And sends no other one."""
    script = """
    open();
    link.send({type: 'a'}); link.send({type: 'b'});
    await come(posts, 1);
    link.close();
    await turns();
    return [posts.length, events.map(([type]) => type)];
    """
    assert run(modules, STREAM, script) == [1, ["open"]]
