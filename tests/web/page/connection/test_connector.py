"""Keeping a link open: breaks, silence, waking up, and the second way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: A connector `c` over fake WebSockets, with a clock that the test turns by hand.
SETUP = """
let now = 0;
let works = false;
performance.now = () => now;
const timers = new Map();
let count = 0;
globalThis.setTimeout = (action, wait) => { count += 1; timers.set(count, {action, at: now + wait});
  return count; };
globalThis.clearTimeout = (id) => timers.delete(id);
/** Let time pass: what is due runs in its order. */
const pass = (milliseconds) => {
  const end = now + milliseconds;
  for (;;) {
    const [next] = [...timers].filter(([, {at}]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
    if (!next) break;
    timers.delete(next[0]);
    now = Math.max(now, next[1].at);
    next[1].action();
  }
  now = end;
};
const sockets = [];
globalThis.WebSocket = class {
  static OPEN = 1;
  constructor() { Object.assign(this, {sent: [], readyState: 0}); sockets.push(this); }
  send(text) { this.sent.push(JSON.parse(text).type); }
  close() { this.closed = true; }
  open() { this.readyState = 1; this.onopen(); }
  get(...types) { this.onmessage({data: types.map((type) => JSON.stringify({type})).join('\\n')}); }
};
const sources = [];
globalThis.EventSource = class { constructor() { sources.push(this); } close() {} };
let status = 200;
globalThis.fetch = async () => { if (!works) throw new TypeError('no network'); return {status}; };
const {Connector} = await load('connection/connector.js');
const {LinkChoice} = await load('connection/link_choice.js');
const c = new Connector(new LinkChoice(null));
const events = [];
for (const type of ['open', 'frames', 'lost']) c.addEventListener(type, () => events.push(type));
const settle = async () => { for (let n = 0; n < 20; n += 1) await null; };
const opened = () => { c.start(); sockets.at(-1).open(); events.length = 0; return sockets.at(-1); };
"""


def run(modules: Modules, script: str) -> Any:
    """Run a script with a connector."""
    return modules.run(SETUP + script)


def test_it_connects_and_sends(modules: Modules) -> None:
    """And answers the room's pings itself."""
    script = """
    c.send({type: 'early'});
    c.start();
    sockets[0].open();
    c.send({type: 'join'});
    sockets[0].get('ping', 'welcome');
    return [events, sockets[0].sent, c.isOpen];
    """
    assert run(modules, script) == [["open", "frames"], ["join", "pong"], True]


def test_after_a_break_it_connects_again_and_again(modules: Modules) -> None:
    """At once, then after ever longer pauses."""
    script = """
    const counts = [];
    opened().onclose();
    for (const wait of [0, 700, 1400, 2700]) {
      pass(wait);
      counts.push(sockets.length);
      sockets.at(-1).onclose();
    }
    return [counts, events.length];
    """
    assert run(modules, script) == [[2, 3, 4, 5], 5]


def test_a_room_that_lets_us_in_is_asked_at_once_the_next_time(modules: Modules) -> None:
    """One that only opens the connection is not."""
    script = """
    const delays = [];
    c.start();
    for (const isJoined of [false, false, true]) {
      sockets.at(-1).open();
      if (isJoined) c.joined();
      pass(isJoined ? 2001 : 0);
      sockets.at(-1).onclose();
      const before = sockets.length;
      pass(0);
      delays.push(sockets.length > before);
      pass(1500);
    }
    return delays;
    """
    assert run(modules, script) == [True, False, True]


def test_a_room_that_lets_us_in_and_breaks_off_is_not_asked_without_end(modules: Modules) -> None:
    """It would keep a phone busy until its battery is empty."""
    script = """
    works = true;
    c.start();
    for (let n = 0; n < 200; n += 1) {
      const socket = sockets.at(-1);
      if (!socket.closed) { socket.open(); c.joined(); socket.onclose(); }
      await settle();
      pass(100);
    }
    return sockets.length < 15;
    """
    assert run(modules, script)


@pytest.mark.parametrize(
    "frames",
    ["null", "7", "[]", '{"type":"message","seq":1}', '{"type":"left","name":[],"reason":"","member":""}'],
)
def test_what_no_room_sends_ends_the_conversation(modules: Modules, frames: str) -> None:
    """In words; what came before counts."""
    script = f"""
    const got = [];
    c.addEventListener('frames', (event) => got.push(...event.detail));
    opened().onmessage({{data: '{{"type":"pong"}}\\n' + {frames!r} + '\\n{{"type":"pong"}}'}});
    return got;
    """
    first, closed = run(modules, script)
    assert (first["type"], closed["type"]) == ("pong", "closed")
    assert closed["reason"] == "The room sent something that no room should send."


def test_a_flood_of_notices_ends_the_conversation(modules: Modules) -> None:
    """A full room may join twice at once; nothing sends more."""
    script = """
    const socket = opened();
    const got = [];
    c.addEventListener('frames', (event) => got.push(event.detail.at(-1)));
    for (let n = 0; n < 201; n += 1) socket.get(...Array(100).fill('news'));
    return [got.length, got.map((frame) => frame.code).filter(Boolean)];
    """
    assert run(modules, script) == [201, ["flood"]]


def test_a_silent_room_is_given_up(modules: Modules) -> None:
    """After a ping without an answer."""
    script = """
    const socket = opened();
    pass(8000);
    socket.get('ping');
    pass(8999);
    const calm = socket.sent.join();
    pass(1);
    const asked = socket.sent.join();
    pass(4500);
    return [calm, asked, events, socket.closed, sockets.length];
    """
    assert run(modules, script) == ["pong", "pong,ping", ["frames", "lost"], True, 2]


def test_waking_up_looks_after_the_connection(modules: Modules) -> None:
    """An open one has to answer soon; a lost one is made at once."""
    script = """
    const socket = opened();
    c.wakeUp();
    socket.get('pong');
    pass(3000);
    const alive = !socket.closed;
    c.wakeUp();
    pass(2000);
    const before = sockets.length;
    for (let n = 0; n < 4; n += 1) { pass(20_000); sockets.at(-1).onclose(); }
    const later = sockets.length;
    c.wakeUp();
    c.wakeUp();
    return [alive, socket.closed, socket.sent, before, sockets.length - later];
    """
    assert run(modules, script) == [True, True, ["ping", "ping"], 2, 1]


def test_waking_up_does_not_trust_an_old_attempt(modules: Modules) -> None:
    """It may be from before the device slept; one that has just begun goes on."""
    script = """
    c.start();
    pass(500);
    c.wakeUp();
    const young = sockets.length;
    pass(2000);
    c.wakeUp();
    return [young, sockets.length, sockets[0].closed];
    """
    assert run(modules, script) == [1, 2, True]


def test_nothing_wakes_up_what_was_stopped(modules: Modules) -> None:
    """Nor does a timer."""
    script = "opened(); c.stop(); c.wakeUp(); pass(100_000); return [sockets.length, events, c.isOpen];"
    assert run(modules, script) == [1, [], False]


def test_a_link_that_never_opens_is_given_up(modules: Modules) -> None:
    """A browser may try for minutes."""
    assert run(modules, "c.start(); pass(10_000); return [events, sockets.length];") == [["lost"], 2]


def test_the_second_way_is_taken_where_only_https_works(modules: Modules) -> None:
    """Not where nothing does."""
    script = """
    const fail = async () => {
      const count = sockets.length;
      sockets.at(-1).onclose();
      await settle();
      while (sockets.length === count && !sources.length) pass(10);
    };
    c.start();
    for (let n = 0; n < 3; n += 1) await fail();
    const without = sources.length;
    works = true;
    for (let n = 0; n < 2; n += 1) await fail();
    return [without, sources.length];
    """
    assert run(modules, script) == [0, 1]


def test_a_host_who_admits_no_guests_refuses(modules: Modules) -> None:
    """The server then answers no WebSocket and no event stream, but with a status."""
    script = """
    works = true;
    status = 403;
    let refused;
    c.addEventListener('frames', ({detail}) => { refused = detail; });
    c.start();
    sockets.at(-1).onclose();
    await settle();
    return [refused?.map(({type, code}) => [type, code]), sources.length];
    """
    assert run(modules, script) == [[["refused", "no-guests"]], 0]


def test_a_break_is_no_reason_for_the_second_way(modules: Modules) -> None:
    """The first worked."""
    script = """
    works = true;
    opened();
    for (let n = 0; n < 4; n += 1) {
      c.joined();
      pass(2001);
      sockets.at(-1).onclose();
      await settle();
      pass(10);
      sockets.at(-1).open();
    }
    return [sources.length, sockets.length];
    """
    assert run(modules, script) == [0, 5]
