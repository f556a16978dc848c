"""What is asked for very often is done at once when it is quick, and together when it takes long."""

from __future__ import annotations

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: Asks 200 times, twenty at a time, for what takes so many milliseconds.
COUNT = """
const {Pace} = await load('pace.js');
const turn = (ms) => new Promise((done) => setTimeout(done, ms));
const busy = (ms) => { for (const end = performance.now() + ms; performance.now() < end;); };
let asked = 0, shown = 0, times = 0;
const pace = new Pace(() => { busy(cost); shown = asked; times += 1; });
while (asked < 200) {
  for (let n = 0; n < 20; n += 1) { asked += 1; pace.request(); }
  await turn(0);
}
while (shown < asked) await turn(5);
return times;
"""


def test_what_takes_long_is_done_together(modules: Modules) -> None:
    """And the last request is never forgotten."""
    assert modules.run(COUNT, cost=20) < 20


def test_what_is_quick_is_done_at_once(modules: Modules) -> None:
    """So that nobody waits for their own message."""
    script = """
    const {Pace} = await load('pace.js');
    let times = 0;
    const pace = new Pace(() => { times += 1; });
    pace.request();
    return times;
    """
    assert modules.run(script) == 1
