"""The page's transcript: one order, nothing twice, changes counted once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: Makes a transcript `t` of member `me` who joined after entry 3, and functions for its frames.
BEGIN = """
const {Transcript} = await load('model/transcript/transcript.js');
const t = new Transcript();
const welcome = (over) => ({member: 'me', latest: 3, oldest: 1, ...over});
const say = (seq, over) => (
  {type: 'message', seq, id: 'i' + seq, member: 'ben', name: 'Ben', time: 1000 + seq, text: 't' + seq,
    ...over});
const react = (seq, target, over) => (
  {type: 'reacted', seq, target, id: 'r' + seq, member: 'ben', name: 'Ben', time: 1, emoji: '👍', on:
    true, ...over});
const edit = (seq, target, text) => (
  {type: 'edited', seq, target, id: 'e' + seq, member: 'ben', name: 'Ben', time: 1, text});
const drop = (seq, target) => ({type: 'deleted', seq, target, id: 'd' + seq, member: 'ben', name:
  'Ben', time: 1});
const texts = () => t.entries.map((e) => e.notice ?? e.text);
const own = (id, text) => t.addPending({type: 'say', id, text}, {name: 'Me', time: 1});
"""


def run(modules: Modules, script: str) -> Any:
    """Run a script with a transcript."""
    return modules.run(BEGIN + script)


def test_messages_come_in_order_and_once(modules: Modules) -> None:
    """Also if a server repeats itself."""
    script = """
    t.begin(welcome(), null);
    const changes = [1, 2, 3, 2, 4].map((seq) => t.add(say(seq)));
    return [texts(), changes.map((change) => change && change.at)];
    """
    assert run(modules, script) == [["t1", "t2", "t3", "t4"], [0, 1, 2, None, 3]]


def test_an_own_message_waits_at_the_end_and_takes_its_place(modules: Modules) -> None:
    """Its key stays, so a view moves its element."""
    script = """
    t.begin(welcome(), null);
    own('a', 'mine'); own('b', 'later');
    const key = t.entries[0].key;
    t.add(say(4));
    const before = texts();
    const moved = t.add(say(5, {id: 'b', member: 'me', text: 'later'}));
    const stayed = t.add(say(6, {id: 'a', member: 'me', text: 'mine'}));
    const last = t.entries[2];
    return [before, texts(), moved.removed.length, moved.at, stayed.changed.length, stayed.added.length,
      last.key === key, last.state, last.seq];
    """
    assert run(modules, script) == [
        ["t4", "mine", "later"],
        ["t4", "later", "mine"],
        1,
        1,
        1,
        0,
        True,
        "sent",
        6,
    ]


def test_a_foreign_message_with_the_id_of_an_own_one_is_no_receipt(modules: Modules) -> None:
    """Ids are unique in one session only."""
    script = """
    t.begin(welcome(), null);
    own('a', 'mine');
    t.add(say(4, {id: 'a'}));
    return [texts(), t.pending('a').state];
    """
    assert run(modules, script) == [["t4", "mine"], "waiting"]


def test_a_late_receipt_stands_where_the_message_was_stored(modules: Modules) -> None:
    """A request that was sent twice is answered with its old number."""
    script = """
    t.begin(welcome(), null);
    own('a', 'mine');
    for (const seq of [1, 2, 4]) t.add(say(seq));
    t.add(say(3, {id: 'a', member: 'me', text: 'mine'}));
    return texts();
    """
    assert run(modules, script) == ["t1", "t2", "mine", "t4"]


def test_a_receipt_from_before_what_is_loaded_comes_with_the_rest(modules: Modules) -> None:
    """Between it and the first message others are missing."""
    script = """
    t.begin(welcome({latest: 90}), null);
    own('a', 'mine');
    t.add(say(80));
    t.add(say(7, {id: 'a', member: 'me', text: 'mine'}));
    const before = texts();
    t.addEarlier({messages: [say(6), say(7, {id: 'a', member: 'me', text: 'mine'})], more: true,
      latest: 90}, 80);
    return [before, texts()];
    """
    assert run(modules, script) == [["t80"], ["t6", "mine", "t80"]]


def test_a_failed_message_says_why_and_can_wait_again(modules: Modules) -> None:
    """Or is removed."""
    script = """
    own('a', 'mine');
    t.setFailed('a', {reason: 'Too long.', hint: 'Shorten it.'});
    const failed = {...t.pending('a')};
    t.setFailed('a', null);
    const again = t.pending('a').state;
    t.removePending('a');
    return [failed.state, failed.reason, failed.hint, again, texts(), t.setFailed('x', null)];
    """
    assert run(modules, script) == ["failed", "Too long.", "Shorten it.", "waiting", [], None]


def test_reactions_of_the_history_are_counted_once(modules: Modules) -> None:
    """What a newcomer gets has all up to the last entry; what follows is counted."""
    script = """
    t.begin(welcome({latest: 9}), null);
    t.add(say(1, {reactions: [{emoji: '👍', count: 2, mine: false, names: ['Ben', 'Cleo']}]}));
    const ignored = t.apply(react(9, 1));
    t.apply(react(10, 1, {name: 'Dan', member: 'dan'}));
    return [ignored, t.get(1).reactions];
    """
    three = {"emoji": "👍", "count": 3, "mine": False, "names": ["Ben", "Cleo", "Dan"]}
    assert run(modules, script) == [None, [three]]


def test_reactions_of_missed_messages_follow_them(modules: Modules) -> None:
    """A message after a number comes without any."""
    script = """
    t.begin(welcome({latest: 9}), 4);
    t.add(say(5));
    t.apply(react(6, 5, {member: 'me', name: 'Me'}));
    return t.get(5).reactions;
    """
    assert run(modules, script) == [{"emoji": "👍", "count": 1, "mine": True, "names": ["Me"]}]


def test_missed_edits_do_not_bring_back_an_older_text(modules: Modules) -> None:
    """A missed message comes with its last text, and its edits follow all the same."""
    script = """
    t.begin(welcome({latest: 9}), 4);
    t.add(say(5, {text: 'last', edited: true}));
    t.apply(edit(6, 5, 'first'));
    const text = t.get(5).text;
    t.apply(edit(10, 5, 'newest'));
    return [text, t.get(5).text, t.get(5).edited];
    """
    assert run(modules, script) == ["last", "newest", True]


def test_an_edit_reaches_the_quotes(modules: Modules) -> None:
    """And a deletion takes the text from them."""
    script = """
    t.begin(welcome(), null);
    t.add(say(4));
    t.add(say(5, {reply: {seq: 4, name: 'Ben', text: 't4'}}));
    const edited = t.apply(edit(6, 4, 'new\\ntext'));
    const quote = t.get(5).reply.text;
    t.apply(drop(7, 4));
    t.apply(edit(8, 4, 'too late'));
    t.apply(react(9, 4));
    return [edited.changed.length, quote, t.get(5).reply.text, t.get(4).text, t.get(4).deleted,
      t.get(4).reactions];
    """
    assert run(modules, script) == [2, "new text", "", "", True, []]


def test_a_deleted_message_keeps_nothing(modules: Modules) -> None:
    """No file, no reactions, no quote."""
    script = """
    t.begin(welcome(), null);
    t.add(say(4, {file: {id: 'f'}, reply: {seq: 1, name: 'x', text: 'y'}, edited: true}));
    t.apply(drop(5, 4));
    const {text, file, reply, edited, deleted} = t.get(4);
    return [text, file, reply, edited, deleted];
    """
    assert run(modules, script) == ["", None, None, False, True]


def test_older_messages_are_added_above(modules: Modules) -> None:
    """With the changes that came while the answer was on its way."""
    script = """
    t.begin(welcome({latest: 9}), null);
    t.add(say(8));
    const had = t.hasEarlier;
    t.apply(edit(10, 6, 'edited'));
    t.apply(react(9, 5));
    const change = t.addEarlier({messages: [say(5), say(6)], more: true, latest: 9}, 8);
    return [had, texts(), change.at, change.added.length, t.get(5).reactions, t.hasEarlier, t.oldest];
    """
    assert run(modules, script) == [True, ["t5", "edited", "t8"], 0, 2, [], True, 5]


@pytest.mark.parametrize(
    ("answer", "before"),
    [
        ("{messages: [], more: true, latest: 9}", 8),
        ("{messages: [say(8), say(9)], more: true, latest: 9}", 8),
        ("{messages: [say(5)], more: true, latest: 9}", 7),
    ],
)
def test_an_answer_that_does_not_fit_adds_nothing(modules: Modules, answer: str, before: int) -> None:
    """An empty one, one with messages that are here, and one for another place."""
    begin = "t.begin(welcome({latest: 9}), null); t.add(say(8));"
    script = f"{begin} t.addEarlier({answer}, {before}); return texts();"
    assert run(modules, script) == ["t8"]


def test_nothing_is_earlier_than_the_first_that_is_kept(modules: Modules) -> None:
    """So nobody asks for it."""
    script = "t.begin(welcome({oldest: 1}), null); t.add(say(1)); return t.hasEarlier;"
    assert run(modules, script) is False


def test_found_messages_are_the_loaded_ones(modules: Modules) -> None:
    """Others are made for the answer only."""
    script = """
    t.begin(welcome(), null);
    t.add(say(3));
    const found = t.present({messages: [say(1), say(3)], latest: 3});
    return [found.map((e) => e.text), found[1] === t.get(3), t.get(1) ?? null];
    """
    assert run(modules, script) == [["t1", "t3"], True, None]


def test_notices_stand_above_own_messages_that_wait(modules: Modules) -> None:
    """A notice can get another text as long as it is the last."""
    script = """
    t.begin(welcome(), null);
    own('a', 'mine');
    const {added: [notice]} = t.notice('Ben joined', {time: 1});
    t.notice('Ben left', {time: 2, replaces: t.last});
    return [texts(), t.last === notice];
    """
    assert run(modules, script) == [["Ben left", "mine"], True]


def test_numbers_that_begin_again_mean_other_messages(modules: Modules) -> None:
    """What was read stays, but nothing can be done with it."""
    script = """
    t.begin(welcome(), null);
    t.add(say(3));
    t.begin(welcome({latest: 1}), null);
    t.add(say(1, {text: 'new'}));
    t.apply(edit(2, 3, 'not this one'));
    return [texts(), t.entries.map((e) => e.seq), new Set(t.entries.map((e) => e.key)).size];
    """
    assert run(modules, script) == [["t3", "new"], [0, 1], 2]


def test_the_oldest_are_dropped_and_can_be_loaded_again(modules: Modules) -> None:
    """Own ones without a receipt stay."""
    script = """
    t.begin(welcome({latest: 9}), null);
    for (const seq of [1, 2, 3, 4]) t.add(say(seq));
    own('a', 'mine');
    const change = t.trim(2);
    return [texts(), change.removed.length, t.hasEarlier, t.trim(2), t.get(1) ?? null];
    """
    assert run(modules, script) == [["t4", "mine"], 3, True, None, None]


def test_private_messages(modules: Modules) -> None:
    """Say whose they are, and whether the other was away."""
    script = """
    t.begin(welcome(), null);
    t.add(say(4, {type: 'told', to: 'me', to_name: 'Me', away: true}));
    t.add(say(5, {type: 'told', member: 'me', to: 'ben', to_name: 'Ben', away: true}));
    return t.entries.map((e) => [e.private, e.own, e.to, e.toName, e.away]);
    """
    assert run(modules, script) == [[True, False, "me", "Me", False], [True, True, "ben", "Ben", True]]
