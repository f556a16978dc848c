"""When the page pings, gives a connection up, and connects again; and which way it takes."""

from __future__ import annotations

from typing import Any

import pytest

from messango.protocol.limits import PING_MEMBER_AFTER_S
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser


def heartbeat(modules: Modules, *steps: list[Any]) -> Any:
    """Return what a heartbeat answers to calls of its methods, each with a time in milliseconds."""
    script = """
    const {Heartbeat} = await load('connection/heartbeat.js');
    const beat = new Heartbeat();
    return steps.map(([method, now]) => beat[method](now) ?? null);
    """
    return modules.run(script, steps=steps)


def test_a_room_that_speaks_is_not_pinged(modules: Modules) -> None:
    """It pings silent members itself, so a healthy connection costs the page nothing."""
    steps = [["heard", 0], ["tick", PING_MEMBER_AFTER_S * 1000 + 1500], ["heard", 8600], ["tick", 17_000]]
    assert heartbeat(modules, *steps) == [None, "", None, ""]


def test_a_silent_room_is_pinged_and_given_up(modules: Modules) -> None:
    """Within 15 seconds."""
    steps = [["heard", 0], ["tick", 9000], ["tick", 13_000], ["tick", 13_500]]
    assert heartbeat(modules, *steps) == [None, "ping", "", "dead"]


def test_an_answer_ends_the_doubt(modules: Modules) -> None:
    """Whatever came."""
    steps = [["heard", 0], ["tick", 9000], ["heard", 12_000], ["tick", 13_500], ["tick", 21_000]]
    assert heartbeat(modules, *steps) == [None, "ping", None, "", "ping"]


def test_a_timer_that_was_held_back_kills_nothing(modules: Modules) -> None:
    """In a hidden page timers come once a minute, and what has arrived may wait behind them."""
    steps = [["heard", 0], ["tick", 60_000], ["heard", 60_100], ["tick", 120_000], ["tick", 180_000]]
    assert heartbeat(modules, *steps) == [None, "ping", None, "ping", "ping"]


def test_a_dead_connection_of_a_hidden_page_is_given_up_too(modules: Modules) -> None:
    """After one more chance."""
    steps = [["heard", 0], ["tick", 60_000], ["tick", 120_000], ["tick", 180_000]]
    assert heartbeat(modules, *steps) == [None, "ping", "ping", "dead"]


def test_after_being_away_the_answer_comes_soon_or_not_at_all(modules: Modules) -> None:
    """Nobody who takes out their phone waits longer."""
    steps = [["heard", 0], ["check", 500_000], ["tick", 501_999], ["tick", 502_000]]
    assert heartbeat(modules, *steps) == [None, "ping", "", "dead"]


def test_pauses_grow_and_spread(modules: Modules) -> None:
    """The first attempt is immediate."""
    script = """
    const {Backoff} = await load('connection/backoff.js');
    const pauses = (backoff) => Array.from({length: 8}, () => Math.round(backoff.next()));
    const middle = new Backoff(() => 0.5);
    const first = pauses(middle);
    middle.reset();
    return [first, middle.next(), pauses(new Backoff(() => 0)), pauses(new Backoff(() => 1))];
    """
    steps = [0, 500, 1000, 2000, 4000, 8000, 8000, 8000]
    assert modules.run(script) == [steps, 0, [x * 0.7 for x in steps], [x * 1.3 for x in steps]]


def choice(modules: Modules, *steps: str, stored: str | None = None) -> Any:
    """Return the way after each step, and what is remembered at the end."""
    script = """
    const {LinkChoice} = await load('connection/link_choice.js');
    if (stored) sessionStorage.setItem('messango.way', stored);
    const choice = new LinkChoice(sessionStorage);
    const ways = [choice.way, ...steps.map((step) => { choice[step](); return choice.way; })];
    return [ways, sessionStorage.getItem('messango.way')];
    """
    return modules.run(script, steps=steps, stored=stored)


def test_a_refused_websocket_leads_to_the_event_stream(modules: Modules) -> None:
    """After two failures in a row, and for as long as the browser is open."""
    assert choice(modules, "failed", "failed") == [["websocket", "websocket", "stream"], "stream"]
    assert choice(modules, stored="stream") == [["stream"], "stream"]


def test_one_failure_is_an_accident(modules: Modules) -> None:
    """If it worked in between."""
    ways = [["websocket"] * 4, None]
    assert choice(modules, "failed", "opened", "failed") == ways


def test_a_stream_that_fails_leads_back(modules: Modules) -> None:
    """Neither way is for ever."""
    assert choice(modules, "failed", "failed", stored="stream")[0] == ["stream", "stream", "websocket"]


def test_a_browser_that_remembers_nothing_finds_out_again(modules: Modules) -> None:
    """It may refuse."""
    script = """
    const {LinkChoice} = await load('connection/link_choice.js');
    const refuse = () => { throw new Error('refused'); };
    const ways = [null, {getItem: refuse, setItem: refuse}].map((area) => {
      const choice = new LinkChoice(area);
      choice.failed();
      choice.failed();
      return choice.way;
    });
    return ways;
    """
    assert modules.run(script) == ["stream", "stream"]
