"""One person in the room, as the page's views see it: what they do, and what happens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: A session `s` over a membership that only notes what it is told; `enter` is the room's welcome. The clock
#: stands still: a page rests after what took long.
SETUP = """
performance.now = () => 0;
const {Session} = await load('session.js');
const {Storage} = await load('model/storage.js');
const storage = new Storage(null);
Object.assign(storage, {room: 'r1', name: 'Zoë'});
class Membership extends EventTarget {
  constructor() { super(); Object.assign(this, {state: 'new', sent: [], since: null}); }
  send(frame) { if (this.state === 'joined') this.sent.push(JSON.parse(JSON.stringify(frame))); }
  remember(since) { this.since = since; }
  tell(type, detail) { this.dispatchEvent(new CustomEvent(type, {detail})); }
}
const m = new Membership();
const s = new Session(storage, m);
const events = [];
const shown = (type, d) => (type === 'transcript' ? {added: d.added.map((e) => e.text ?? e.notice), at:
  d.at} : {});
for (const type of ['room', 'people', 'transcript', 'typing', 'problem']) {
  s.addEventListener(type, (event) => events.push([type, {...event.detail, ...shown(type, event.detail)}]));
}
const room = {id: 'r1', name: 'Tea', seats: 5, features: ['earlier', 'search', 'private']};
const people = [{id: 'ben', name: 'Ben'}, {id: 'me', name: 'Zoë', web: true}];
const enter = (over = {}, {stored = null, isSameRoom = true} = {}) => {
  m.state = 'joined';
  const frame = {type: 'welcome', room, you: 'Zoë', member: 'me', session: 's', people, latest: 3,
    oldest: 1, last: 3, ...over};
  m.tell('welcome', {frame, stored, isSameRoom});
};
const get = (...frames) => m.tell('frames', frames);
const lose = (state = 'reconnecting') => { m.state = state; m.tell('lost'); };
const message = (seq, over) => ({type: 'message', seq, id: 'i' + seq, member: 'ben', name: 'Ben', time:
  seq, text: 't' + seq, ...over});
const mine = (seq, id, over) => message(seq, {id, member: 'me', name: 'Zoë', ...over});
const texts = () => s.transcript.entries.map((e) => e.notice ?? e.text);
const states = () => s.transcript.entries.map((e) => e.state);
const types = () => events.splice(0).map(([type]) => type);
const sent = () => m.sent.splice(0);
const turn = () => new Promise((done) => setTimeout(done));
"""


def run(modules: Modules, script: str, **values: Any) -> Any:
    """Run a script with a session."""
    return modules.run(SETUP + script, **values)


def test_many_frames_are_one_change(modules: Modules) -> None:
    """The views draw once."""
    script = "enter(); events.length = 0; get(message(1), message(2), message(3)); return [events, m.since];"
    change = {"added": ["t1", "t2", "t3"], "changed": [], "removed": [], "at": 0}
    assert run(modules, script) == [[["transcript", change]], 3]


def test_what_is_said_is_shown_at_once_and_sent_when_possible(modules: Modules) -> None:
    """It is stored until the room has it."""
    script = """
    const id = s.say('hello', {replyTo: 2});
    const before = [texts(), states(), sent(), storage.unsent.length];
    enter();
    const frames = sent();
    get(mine(4, id, {text: 'hello'}));
    return [...before, frames.map(({id: _, ...frame}) => frame), states(), storage.unsent.length,
      id === frames[0].id];
    """
    frame = {"type": "say", "text": "hello", "reply_to": 2}
    assert run(modules, script) == [["hello"], ["waiting"], [], 1, [frame], ["sent"], 0, True]


def test_a_break_loses_and_doubles_nothing(modules: Modules) -> None:
    """The same id again; the room may have had it the first time."""
    script = """
    enter();
    const id = s.say('hello');
    const first = sent()[0];
    lose();
    s.say('later');
    const nothing = sent();
    enter({latest: 5}, {stored: 3});
    const again = sent();
    get(message(4), mine(5, id, {text: 'hello'}));
    get(mine(5, id, {text: 'hello'}));
    return [nothing, again.map((f) => f.text), again[0].id === first.id, texts(), states()];
    """
    assert run(modules, script) == [
        [],
        ["hello", "later"],
        True,
        ["t4", "hello", "later"],
        ["", "sent", "waiting"],
    ]


def test_only_what_was_missed_is_added(modules: Modules) -> None:
    """A repeated entry is not shown again."""
    script = """
    enter();
    get(message(3));
    lose();
    enter({latest: 5}, {stored: 3});
    get(message(3), message(4), message(5));
    return [texts(), m.since];
    """
    assert run(modules, script) == [["t3", "t4", "t5"], 5]


def test_a_page_that_is_loaded_again_shows_what_waits(modules: Modules) -> None:
    """And recognizes what had arrived."""
    script = """
    const frame = (id, text) => ({frame: {type: 'say', id, text}});
    storage.unsent = [frame('a', 'one'), {...frame('b', 'two'), failed: {reason: 'R', hint: 'H'}},
      frame('c', 'three')];
    enter({}, {stored: 1});
    const before = [texts(), states(), sent().map((f) => f.id)];
    get(message(2), mine(3, 'a', {text: 'one'}));
    return [...before, texts(), s.seen, s.isFirstVisit];
    """
    assert run(modules, script) == [
        ["one", "two", "three"],
        ["waiting", "failed", "waiting"],
        ["a", "c"],
        ["t2", "one", "two", "three"],
        1,
        True,
    ]


def test_a_refused_message_says_why(modules: Modules) -> None:
    """It can be sent again, as a new one, or removed."""
    script = """
    enter();
    const id = s.say('hello');
    get({type: 'problem', id, code: 'bad-text', reason: 'R.', hint: 'H.'});
    const failed = s.transcript.pending(id);
    const before = [failed.state, failed.reason, failed.hint, storage.unsent.length];
    sent();
    s.sendAgain(id);
    const [again] = sent();
    get({type: 'problem', id: again.id, code: 'bad-text', reason: 'R.', hint: 'H.'});
    s.discard(again.id);
    return [...before, again.text, again.id !== id, texts(), storage.unsent, types().includes('problem')];
    """
    assert run(modules, script) == ["failed", "R.", "H.", 1, "hello", True, [], [], False]


def test_other_requests_that_fail_are_reported(modules: Modules) -> None:
    """With the request; what nobody asked for has none."""
    script = """
    enter();
    const id = s.edit(3, 'new');
    events.length = 0;
    get({type: 'problem', id, code: 'not-yours', reason: 'R.', hint: 'H.'}, {type: 'problem', code:
      'x', reason: 'Q.', hint: ''});
    return [events.map(([type, {reason, request}]) => [type, reason, request?.type ?? null]), storage.unsent];
    """
    assert run(modules, script) == [[["problem", "R.", "edit"], ["problem", "Q.", None]], []]


def test_each_request_has_its_fields(modules: Modules) -> None:
    """Those of the protocol."""
    script = """
    enter();
    s.tell('ben', 'psst', {replyTo: 3}); s.share('f1', 'look', {id: 'own'}); s.react(3, '👍', true);
      s.edit(3, 'new'); s.remove(3);
    s.rename(' New  Name '); s.typing(); s.typing('ben');
    return sent().map(({id, ...frame}) => (id === 'own' ? {id, ...frame} : frame));
    """
    assert run(modules, script) == [
        {"type": "tell", "to": "ben", "text": "psst", "reply_to": 3},
        {"type": "share", "id": "own", "file": "f1", "text": "look"},
        {"type": "react", "seq": 3, "emoji": "👍", "on": True},
        {"type": "edit", "seq": 3, "text": "new"},
        {"type": "delete", "seq": 3},
        {"type": "rename", "name": "New Name"},
        {"type": "typing"},
    ]


def test_older_messages(modules: Modules) -> None:
    """Are asked for once more after a break, and added above."""
    script = """
    enter({latest: 9});
    get(message(9));
    const added = s.earlier();
    const [first] = sent();
    lose();
    enter({latest: 9}, {stored: 9});
    const again = sent();
    get({type: 'earlier', id: first.id, messages: [message(7), message(8)], more: false, latest: 9});
    await added;
    return [again, first.before, first.count, texts(), s.transcript.hasEarlier];
    """
    again, before, count, texts, more = run(modules, script)
    assert [frame["type"] for frame in again] == ["earlier"]
    assert (before, count, texts, more) == (9, 100, ["t7", "t8", "t9"], False)


def test_a_search(modules: Modules) -> None:
    """Finds messages without adding them; a problem says why not."""
    script = """
    enter();
    const found = s.search('tea');
    const [{id}] = sent();
    get({type: 'found', id, messages: [message(1)], more: true, latest: 3});
    const {entries, more} = await found;
    const failed = s.search('').catch(({reason}) => reason);
    const [{id: other}] = sent();
    get({type: 'problem', id: other, code: 'bad-text', reason: 'R.', hint: ''});
    return [entries.map((e) => e.text), more, texts(), await failed];
    """
    assert run(modules, script) == [["t1"], True, [], "R."]


def test_what_is_asked_when_the_room_is_left_fails(modules: Modules) -> None:
    """Nobody waits for ever."""
    script = """
    enter();
    Object.assign(m, {reason: 'Removed.', hint: '', code: 'kicked'});
    const failed = s.search('tea').catch(({reason}) => reason);
    lose('closed');
    return failed;
    """
    assert run(modules, script) == "Removed."


def test_numbers_that_begin_again(modules: Modules) -> None:
    """What meant a message by its number fails, and is told; what is only said is sent."""
    script = """
    enter();
    get(message(3));
    lose();
    s.say('plain'); s.say('answer', {replyTo: 3}); s.react(3, '👍', true);
    enter({latest: 1, oldest: 1, last: 1}, {stored: 3});
    get(message(1));
    return [sent().map((f) => f.text), texts().slice(0, 3), states().slice(-2),
      events.filter(([type]) => type === 'problem').length, m.since];
    """
    lost = "The room has lost its history: what is above is from before, and only here."
    assert run(modules, script) == [["plain"], ["t3", lost, "t1"], ["waiting", "failed"], 1, 1]


def test_another_room_begins_with_nothing(modules: Modules) -> None:
    """Nothing of the first is left."""
    script = """
    enter();
    get(message(3));
    storage.room = 'r2';
    enter({room: {...room, id: 'r2'}, latest: 0, oldest: 0, last: 0}, {isSameRoom: false});
    return [texts(), m.since];
    """
    assert run(modules, script) == [[], 0]


def test_a_gap_is_told(modules: Modules) -> None:
    """The room no longer keeps all that was missed."""
    script = "enter(); get(message(3)); lose(); enter({latest: 9, oldest: 6}, {stored: 3}); return texts();"
    assert run(modules, script) == ["t3", "The room no longer keeps some of the messages that you missed."]


def test_people_come_and_go(modules: Modules) -> None:
    """In one quiet line as long as nothing else is said."""
    script = """
    enter();
    events.length = 0;
    get({type: 'joined', member: 'cleo', name: 'Cleo Li', web: true}, {type: 'left', member: 'ben',
      name: 'Ben', reason: 'left'});
    get(message(4));
    get({type: 'joined', member: 'ben', name: 'Ben'}, {type: 'left', member: 'ben', name: 'Ben',
      reason: 'kicked', note: 'spam'});
    get({type: 'left', member: 'who', name: 'Who', reason: 'left'});
    return [texts(), s.people.all.map((p) => p.name), types().filter((type) => type === 'people').length];
    """
    assert run(modules, script) == [
        ["“Cleo Li” joined · Ben left", "t4", "Ben joined and left (removed by the host: spam)"],
        ["Zoë", "Cleo Li"],
        4,
    ]


def test_names(modules: Modules) -> None:
    """A taken one, a new one, and one that looks like another."""
    script = """
    enter({you: 'Zoë 2', people: [{id: 'me', name: 'Zoë 2'}]});
    get({type: 'renamed', member: 'me', name: 'Mia', old: 'Zoë 2'});
    get({type: 'joined', member: 'x', name: 'Μia', resembles: 'Mia'});
    return [texts(), storage.name, s.people.me.name];
    """
    assert run(modules, script) == [
        [
            "You are called “Zoë 2” here: “Zoë” was taken.",
            "You are now called Mia",
            "Μia joined",
            "Careful: “Μia” only looks like “Mia”; they are two members.",
        ],
        "Mia",
        "Mia",
    ]


def test_a_rename_waits_for_the_room(modules: Modules) -> None:
    """And is forgotten when the room refuses it."""
    script = """
    s.rename('Mia');
    enter();
    const first = sent();
    get({type: 'problem', code: 'bad-name', reason: 'R.', hint: ''});
    lose();
    enter({}, {stored: 3});
    return [first, sent()];
    """
    assert run(modules, script) == [[{"type": "rename", "name": "Mia"}], []]


def test_typing_is_sent_at_most_every_two_seconds(modules: Modules) -> None:
    """And never to all what is meant for one."""
    script = """
    enter({room: {...room, features: []}});
    s.typing('ben');
    s.typing(); s.typing(); s.typing();
    get({type: 'typing', name: 'Ben', member: 'ben'});
    return [sent(), events.at(-1)[0]];
    """
    assert run(modules, script) == [[{"type": "typing"}], "typing"]


def test_without_a_link_what_is_said_waits(modules: Modules) -> None:
    """And reading goes on; what the server has no space for can be sent again."""
    script = """
    enter();
    const first = s.say('one');
    const before = sent().length;
    get({type: 'problem', code: 'link-down', reason: 'Down.', hint: 'Wait.'});
    const down = s.linkDown.reason;
    s.say('two');
    s.search('x').catch(() => {});
    const meanwhile = sent().map((frame) => frame.type);
    get({type: 'problem', code: 'link-down', reason: 'Too much waits.', hint: '', id: first});
    const failed = states();
    get({type: 'problem', code: 'link-up', reason: 'Back.', hint: ''});
    const after = sent().map((frame) => frame.text);
    s.sendAgain(first);
    return [before, down, meanwhile, failed, s.linkDown, after, sent().map((frame) => frame.text), texts()];
    """
    assert run(modules, script) == [
        1,
        "Down.",
        ["search"],
        ["failed", "waiting"],
        None,
        ["two"],
        ["one"],
        ["Back.", "two", "one"],
    ]


def test_the_link_is_up_after_joining_again(modules: Modules) -> None:
    """As far as the page knows."""
    script = """
    enter();
    get({type: 'problem', code: 'link-down', reason: 'Down.', hint: 'Wait.'});
    lose();
    enter({}, {stored: 3});
    s.say('one');
    return [s.linkDown, sent().length];
    """
    assert run(modules, script) == [None, 1]


def test_who_goes_on_at_another_server_only_changes_the_list(modules: Modules) -> None:
    """A rename to the same name makes no line; a join says where."""
    script = """
    enter();
    get({type: 'joined', member: 'cleo', name: 'Cleo', server: 'west'});
    get({type: 'renamed', member: 'cleo', name: 'Cleo', old: 'Cleo', server: 'Lab 2'});
    return [texts(), s.people.get('cleo').server];
    """
    assert run(modules, script) == [["Cleo joined at west"], "Lab 2"]
