"""Getting into the room and staying in it: what the page does after each answer of the room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: A membership `m` with a connector and a lock that only note what they are told.
SETUP = """
const {Membership} = await load('connection/membership.js');
const {Storage} = await load('model/storage.js');
const storage = new Storage(null);
const done = [];
class Connector extends EventTarget {
  start() { done.push('start'); }
  stop() { done.push('stop'); }
  joined() { done.push('joined'); }
  reconnect() { done.push('reconnect'); }
  wakeUp() { done.push('wake'); }
  send(frame) { done.push(JSON.parse(JSON.stringify(frame))); }
  get(...frames) { this.dispatchEvent(new CustomEvent('frames', {detail: frames})); }
  tell(type) { this.dispatchEvent(new Event(type)); }
}
class Lock extends EventTarget {
  isHeld = false;
  acquire() { this.isHeld = true; this.dispatchEvent(new Event('held')); }
  takeOver() { this.acquire(); }
  release() { this.isHeld = false; done.push('release'); }
}
const [connector, lock] = [new Connector(), new Lock()];
const m = new Membership(storage, connector, lock);
const events = [];
for (const type of ['welcome', 'frames', 'lost']) m.addEventListener(type, (event) =>
  events.push([type, event.detail ?? null]));
const take = () => done.splice(0).filter((each) => each !== 'stop');
const last = () => done.splice(0).at(-1);
const welcome = (over) => ({type: 'welcome', session: 's1', room: {id: 'r1'}, ...over});
const enter = () => { storage.key = 'K'; m.join('Zoë'); connector.tell('open');
  connector.get(welcome()); done.length = 0; };
const end = (code, type = 'closed') => { connector.get({type, code, reason: 'R', hint: 'H'});
  return m.state; };
"""


def run(modules: Modules, script: str) -> Any:
    """Run a script with a membership."""
    return modules.run(SETUP + script)


def test_without_a_key_there_is_nothing_to_join(modules: Modules) -> None:
    """The person reads what they need."""
    state, code, reason = run(modules, "m.start(); return [m.state, m.code, m.reason];")
    assert (state, code) == ("refused", "key-required")
    assert "link" in reason


def test_with_a_key_a_name_is_needed(modules: Modules) -> None:
    """Before that, nothing is sent."""
    assert run(modules, "storage.key = 'K'; m.start(); return [m.state, take()];") == ["new", []]


def test_joining(modules: Modules) -> None:
    """With the key, the name on one line, and nothing that a newcomer does not have."""
    script = """
    storage.key = 'K';
    m.join(' Zoë  Lee ');
    const before = m.state;
    connector.tell('open');
    connector.get(welcome(), {type: 'message', seq: 1});
    return [before, take(), m.state, storage.seat, storage.room, events.map(([type]) => type)];
    """
    join = {"type": "join", "protocol": 1, "name": "Zoë Lee", "key": "K"}
    seat = {"session": "s1", "since": None}
    assert run(modules, script) == [
        "connecting",
        ["start", join, "joined"],
        "joined",
        seat,
        "r1",
        ["welcome", "frames"],
    ]


def test_coming_back_on_another_page(modules: Modules) -> None:
    """With the session, for the newest messages: this page has none."""
    script = """
    Object.assign(storage, {key: 'K', name: 'Zoë', room: 'r1'});
    storage.seat = {session: 's1', since: 7};
    m.start();
    connector.tell('open');
    const join = last();
    connector.get(welcome({session: 's1'}));
    return [join, events[0][1].stored, events[0][1].isSameRoom];
    """
    join = {"type": "join", "protocol": 1, "name": "Zoë", "key": "K", "session": "s1", "room": "r1"}
    assert run(modules, script) == [join, 7, True]


def test_coming_back_after_a_break(modules: Modules) -> None:
    """With the last number that this page has, for exactly what it missed."""
    script = """
    enter();
    m.remember(12);
    connector.tell('lost');
    const state = m.state;
    connector.tell('open');
    return [state, last(), storage.seat];
    """
    join = {
        "type": "join",
        "protocol": 1,
        "name": "Zoë",
        "key": "K",
        "session": "s1",
        "since": 12,
        "room": "r1",
    }
    assert run(modules, script) == ["reconnecting", join, {"session": "s1", "since": 12}]


def test_nothing_is_heard_before_the_welcome(modules: Modules) -> None:
    """Nor sent."""
    script = """
    m.join('Zoë');
    connector.tell('open');
    done.length = 0;
    connector.get({type: 'message', seq: 1});
    m.send({type: 'typing'});
    return [events, take()];
    """
    assert run(modules, script) == [[], []]


def test_a_break_is_explained_if_it_lasts(modules: Modules) -> None:
    """One that passes at once is not."""
    script = """
    enter();
    const reasons = [1, 2, 3, 4].map(() => { connector.tell('lost'); return m.reason; });
    connector.tell('open');
    connector.get(welcome());
    const now = performance.now();
    performance.now = () => now + 3000;
    connector.tell('lost');
    return [...reasons, m.reason];
    """
    once, twice, more, many, again = run(modules, script)
    assert (once, again) == ("", "")
    assert twice == more == "The connection was lost."
    assert many == "The room does not answer."


@pytest.mark.parametrize("code", ["full", "locked"])
def test_a_newcomer_may_wait_for_a_seat(modules: Modules, code: str) -> None:
    """Until they want to wait no longer."""
    script = """
    m.join('Zoë');
    const refused = end(code, 'refused');
    m.waitForSeat();
    const waits = end(code, 'refused');
    const isWaiting = m.isWaiting;
    m.stopWaiting();
    return [refused, waits, isWaiting, m.state, m.isWaiting, m.reason];
    """
    refused = ["refused", "connecting", True, "refused", False, "R"]
    assert modules.run(SETUP + script, code=code) == refused


@pytest.mark.parametrize("code", ["full", "locked", "busy"])
def test_a_member_whose_seat_was_given_away_tries_again(modules: Modules, code: str) -> None:
    """At once if they say so, else after a while."""
    script = """
    enter();
    connector.tell('lost');
    connector.tell('open');
    const state = end(code, 'refused');
    done.length = 0;
    m.retryNow();
    return [state, take()];
    """
    assert modules.run(SETUP + script, code=code) == ["reconnecting", ["start"]]


@pytest.mark.parametrize(
    ("code", "type_", "state", "keeps_seat"),
    [
        ("closing", "closed", "closed", True),
        ("kicked", "closed", "closed", False),
        ("banned", "closed", "closed", False),
        ("banned", "refused", "refused", False),
        ("no-guests", "closed", "closed", False),
        ("no-guests", "refused", "refused", False),
        ("wrong-key", "refused", "refused", True),
        ("key-required", "refused", "refused", True),
        ("bad-name", "refused", "refused", True),
        ("a-later-one", "closed", "closed", True),
    ],
)
def test_ends(modules: Modules, code: str, type_: str, state: str, *, keeps_seat: bool) -> None:
    """Another page may try; whom the host has removed comes back as somebody new."""
    script = """
    enter();
    const state = end(code, type);
    return [state, m.code, m.reason.length > 0, take(), Boolean(storage.seat), events.at(-1)[0]];
    """
    answer = modules.run(SETUP + script, code=code, type=type_)
    assert answer == [state, code, True, ["release"], keeps_seat, "lost"]


def test_a_member_who_reads_too_slowly_comes_back(modules: Modules) -> None:
    """The rest follows from the history."""
    assert run(modules, "enter(); return [end('too-slow'), take()];") == ["reconnecting", ["reconnect"]]


def test_another_page_goes_on(modules: Modules) -> None:
    """Whether the browser or the room says so; this one can take over."""
    script = """
    enter();
    const replaced = end('replaced');
    m.takeOver();
    const taken = m.state;
    connector.tell('open');
    connector.get(welcome());
    lock.dispatchEvent(new Event('elsewhere'));
    return [replaced, taken, m.state];
    """
    assert run(modules, script) == ["elsewhere", "reconnecting", "elsewhere"]


def test_another_room_answers(modules: Modules) -> None:
    """What belongs to the first stays there."""
    script = """
    enter();
    m.remember(12);
    connector.tell('lost');
    end('other-room', 'refused');
    const seat = storage.seat;
    m.join('Zoë');
    connector.tell('open');
    const join = last();
    connector.get(welcome({session: 's2', room: {id: 'r2'}}));
    const isSameRoom = events.at(-1)[1].isSameRoom;
    storage.room = 'r1';
    return [seat, join, isSameRoom, storage.seat];
    """
    join = {"type": "join", "protocol": 1, "name": "Zoë", "key": "K"}
    assert run(modules, script) == [None, join, False, {"session": "s1", "since": 12}]


def test_leaving_is_for_good(modules: Modules) -> None:
    """The next visit is one of somebody new."""
    script = """
    enter();
    m.leave();
    const left = [m.state, take(), storage.seat];
    m.join('Zoë');
    connector.tell('open');
    return [...left, 'session' in last()];
    """
    assert run(modules, script) == ["closed", [{"type": "leave"}, "release"], None, False]


def test_another_link_is_tried(modules: Modules) -> None:
    """If the last one was refused, and not in the middle of a conversation."""
    script = """
    m.start();
    storage.key = 'K';
    m.keyChanged();
    const asked = m.state;
    enter();
    m.keyChanged();
    return [asked, m.state];
    """
    assert run(modules, script) == ["new", "joined"]


def test_the_room_can_be_looked_at_before_joining(modules: Modules) -> None:
    """It tells what everybody may know; then the link is closed, and one can join."""
    script = """
    const looks = [];
    m.addEventListener('look', ({detail}) => looks.push(detail.name));
    storage.key = 'K';
    m.start();
    m.look();
    connector.tell('lost');
    connector.tell('open');
    connector.get({type: 'room', name: 'Tea', members: 1, seats: 5});
    connector.get({type: 'room', name: 'Another', members: 1, seats: 5});
    const looked = [take(), looks, m.state, m.reason, events.length];
    m.join('Zoë');
    connector.tell('open');
    return [...looked, take().map((each) => each.type ?? each)];
    """
    assert run(modules, script) == [
        ["start", {"type": "look", "protocol": 1}],
        ["Tea"],
        "new",
        "",
        0,
        ["start", "join"],
    ]


@pytest.mark.parametrize(("code", "keeps_key"), [("wrong-key", False), ("no-guests", False), ("full", True)])
def test_a_key_that_opens_nothing_is_forgotten(modules: Modules, code: str, *, keeps_key: bool) -> None:
    """It is a secret, and of no use."""
    script = f"storage.key = 'K'; m.join('Zoë'); connector.tell('open'); end('{code}', 'refused');"
    assert run(modules, f"{script} return Boolean(storage.key);") == keeps_key


def test_a_room_that_never_answers_is_tried_again(modules: Modules) -> None:
    """And the person reads why, instead of `Connecting…` for ever."""
    script = """
    const waits = [];
    globalThis.setTimeout = (act, wait) => waits.push([act, wait]);
    storage.key = 'K';
    m.join('Zoë');
    connector.tell('open');
    take();
    waits.pop()[0]();
    const said = [m.state, m.reason];
    waits.pop()[0]();
    return [...said, take()];
    """
    reason = "The room neither let you in nor refused you."
    assert run(modules, script) == ["connecting", reason, ["start"]]


def test_who_leaves_takes_all_along(modules: Modules) -> None:
    """The next person at this browser finds no session, draft or message that was not sent."""
    script = """
    const kept = new Map();
    const area = {getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text),
      removeItem: (key) => kept.delete(key)};
    const own = new Storage(area);
    const [c, member] = [new Connector(), null];
    const leaver = new Membership(own, c, lock);
    own.key = 'K';
    leaver.join('Zoë');
    c.tell('open');
    c.get(welcome());
    own.draft = {text: 'half written'};
    own.unsent = [{frame: {id: '1', text: 'secret'}}];
    leaver.leave();
    return [...kept.keys()];
    """
    assert run(modules, script) == ["messango"]
