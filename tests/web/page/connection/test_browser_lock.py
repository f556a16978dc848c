"""One page of a browser talks to the room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: Pages that share the real locks of the browser, and what happened to them.
SETUP = """
const {BrowserLock} = await load('connection/browser_lock.js');
const events = [];
const page = (name) => {
  const lock = new BrowserLock();
  for (const type of ['held', 'elsewhere']) lock.addEventListener(type, () => events.push(`${name} ${type}`));
  return lock;
};
const until = async (count) => { while (events.length < count) await new Promise((done) =>
  setTimeout(done, 1)); };
const a = page('a'), b = page('b');
"""


def run(modules: Modules, script: str) -> Any:
    """Run a script with two pages; each gives up what it has at the end."""
    return modules.run(f"{SETUP} try {{ {script} }} finally {{ a.release(); b.release(); }}")


def test_the_first_page_has_it(modules: Modules) -> None:
    """The second is told at once, and gets it when the first is closed."""
    script = """
    a.acquire(); await until(1);
    b.acquire(); await until(2);
    a.release(); await until(3);
    return [events, a.isHeld, b.isHeld];
    """
    assert run(modules, script) == [["a held", "b elsewhere", "b held"], False, True]


def test_the_second_page_takes_over(modules: Modules) -> None:
    """The first is told, and gets it back when the second is closed."""
    script = """
    a.acquire(); await until(1);
    b.acquire(); await until(2);
    b.takeOver(); await until(4);
    const taken = [...events].sort();
    b.release(); await until(5);
    return [taken, events.at(-1), a.isHeld];
    """
    assert run(modules, script) == [["a elsewhere", "a held", "b elsewhere", "b held"], "a held", True]


def test_a_page_that_has_it_does_not_ask_twice(modules: Modules) -> None:
    """Nor wait behind itself."""
    script = "a.acquire(); await until(1); await a.acquire(); b.acquire(); await until(2); return events;"
    assert run(modules, script) == ["a held", "b elsewhere"]


def test_a_page_that_waits_can_give_up(modules: Modules) -> None:
    """Then it gets nothing."""
    script = """
    a.acquire(); await until(1);
    b.acquire(); await until(2);
    b.release();
    a.release();
    while ((await navigator.locks.query()).held.length) await null;
    const c = page('c');
    c.acquire(); await until(3);
    c.release();
    return events;
    """
    assert run(modules, script) == ["a held", "b elsewhere", "c held"]


def test_a_browser_without_locks_lets_every_page_talk(modules: Modules) -> None:
    """The room itself then keeps one connection for a session."""
    script = """
    Object.defineProperty(navigator, 'locks', {value: undefined, configurable: true});
    const d = new BrowserLock();
    d.addEventListener('held', () => events.push('d held'));
    d.acquire();
    d.takeOver();
    return [events, d.isHeld];
    """
    assert run(modules, script) == [["d held", "d held"], True]


#: A page whose browser refuses so many requests, as WebKit does while a reloaded page is not active yet.
REFUSING = """
const {BrowserLock} = await load('connection/browser_lock.js');
let asked = 0;
const request = async (name, options, take) => {
  asked += 1;
  if (asked <= refused) throw new DOMException('not fully active', 'InvalidStateError');
  await take({});
};
const lock = new BrowserLock({request});
const held = new Promise((resolve) => lock.addEventListener('held', resolve));
lock.acquire();
await new Promise((done) => setTimeout(done));
lock.acquire();
"""


@pytest.mark.parametrize(("refused", "asked"), [(2, 3), (1000, 31)])
def test_a_refused_request_is_made_again(modules: Modules, refused: int, asked: int) -> None:
    """Without blocking the page; if a browser always refuses, every page has the right."""
    counted = modules.run(REFUSING + "await held; return [lock.isHeld, asked];", refused=refused)
    assert counted == [True, asked]


def test_a_page_that_is_refused_can_give_up(modules: Modules) -> None:
    """It does not ask any more."""
    script = "lock.release(); const before = asked; await new Promise((done) => setTimeout(done, 250));"
    assert modules.run(f"{REFUSING} {script} return asked - before;", refused=1000) == 0
