"""The page's requests: kept until they are answered, sent again with the same ids."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

OUTBOX = """
const {Outbox} = await load('model/outbox.js');
const stored = [];
const box = new Outbox((requests) => stored.push(requests));
const ids = (frames) => frames.map((frame) => frame.id);
const say = (id, over) => ({type: 'say', id, text: 't', ...over});
"""
QUESTIONS = """
const {Questions} = await load('model/questions.js');
const asked = new Questions();
const ids = (frames) => frames.map((frame) => frame.id);
const earlier = (id) => asked.ask({type: 'earlier', id});
const search = (id) => asked.ask({type: 'search', id});
"""


def run(modules: Modules, setup: str, script: str) -> Any:
    """Run a script after a setup."""
    return modules.run(setup + script)


def test_each_is_sent_once_and_again_after_a_break(modules: Modules) -> None:
    """In order, with the same ids."""
    script = """
    box.add(say('a')); box.add(say('b'));
    const batches = [ids(box.nextBatch()), ids(box.nextBatch())];
    box.remove('a');
    box.load(stored.at(-1));
    return [...batches, ids(box.nextBatch()), box.remove('x') ?? null];
    """
    assert run(modules, OUTBOX, script) == [["a", "b"], [], ["b"], None]


def test_each_change_is_stored(modules: Modules) -> None:
    """So a page that is closed loses nothing."""
    script = """
    box.add(say('a')); box.add(say('b')); box.fail('a', {reason: 'r', hint: 'h'}); box.remove('b');
      box.remove('b');
    const other = new Outbox();
    other.load(JSON.parse(JSON.stringify(stored.at(-1))));
    return [stored.length, other.requests, other.nextBatch()];
    """
    failed = {"frame": {"type": "say", "id": "a", "text": "t"}, "failed": {"reason": "r", "hint": "h"}}
    assert run(modules, OUTBOX, script) == [4, [failed], []]


def test_what_was_stored_by_others_is_left_out(modules: Modules) -> None:
    """The storage of a browser may hold anything."""
    script = "box.load([null, {}, {frame: {}}, {frame: say('a')}]); return ids(box.nextBatch());"
    assert run(modules, OUTBOX, script) == ["a"]


def test_not_all_are_sent_at_once(modules: Modules) -> None:
    """Receipts make room for more."""
    script = """
    for (let n = 0; n < 150; n += 1) box.add(say('i' + n));
    const first = box.nextBatch().length;
    for (let n = 0; n < 30; n += 1) box.remove('i' + n);
    return [first, box.nextBatch().length];
    """
    assert run(modules, OUTBOX, script) == [100, 30]


def test_requests_about_numbers_are_taken_out(modules: Modules) -> None:
    """When the room's numbers begin again they would mean other messages."""
    script = """
    box.add(say('a')); box.add(say('b', {reply_to: 3})); box.add({type: 'react', id: 'c', seq: 3});
    return [ids(box.takeNumbered()), ids(box.nextBatch())];
    """
    assert run(modules, OUTBOX, script) == [["b", "c"], ["a"]]


def test_a_question_is_answered_once(modules: Modules) -> None:
    """An answer that nobody asked for is no answer."""
    script = """
    const answer = earlier('a');
    asked.nextBatch();
    const questions = [asked.answered({id: 'x'}), asked.answered({id: 'a', more: false}),
      asked.answered({id: 'a'})];
    return [questions.map((each) => each?.id ?? null), await answer];
    """
    assert run(modules, QUESTIONS, script) == [[None, "a", None], {"id": "a", "more": False}]


def test_few_are_asked_at_once(modules: Modules) -> None:
    """The room answers only so many a second, and reads nothing else meanwhile."""
    script = """
    search('a'); search('b'); earlier('c'); earlier('d'); earlier('e');
    const first = ids(asked.nextBatch());
    asked.answered({id: 'a'});
    return [first, ids(asked.nextBatch())];
    """
    assert run(modules, QUESTIONS, script) == [["a", "c", "d"], ["b"]]


def test_they_are_asked_again_after_a_break(modules: Modules) -> None:
    """And fail with the reason when the room is left."""
    script = """
    const reasons = [earlier('a'), earlier('b')].map((each) => each.catch((problem) => problem.reason));
    asked.nextBatch();
    asked.requeue();
    const again = ids(asked.nextBatch());
    asked.failed({id: 'a', reason: 'busy'});
    asked.failAll({reason: 'over'});
    return [again, await Promise.all(reasons), asked.nextBatch()];
    """
    assert run(modules, QUESTIONS, script) == [["a", "b"], ["busy", "over"], []]


def test_no_id_comes_twice(modules: Modules) -> None:
    """Also after the page was loaded again."""
    script = """
    const {Ids} = await load('model/ids.js');
    const [one, other] = [new Ids(), new Ids()];
    return [one.next(), one.next(), other.next()];
    """
    ids = modules.run(script)
    assert len(set(ids)) == 3
    assert all(len(one) <= 64 for one in ids)
