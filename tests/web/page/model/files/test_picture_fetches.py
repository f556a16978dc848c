"""Which pictures come by themselves: the visible ones, two at a time, never more than a bound."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

SETUP = """
const {PictureFetches} = await load('model/files/picture_fetches.js');
const f = new PictureFetches();
const file = (id, size = 1000) => ({id: String(id), size});
const show = (...ids) => ids.forEach((id) => f.becameVisible(file(id)));
const take = () => { const ids = []; for (let next; (next = f.next());) ids.push(next.id); return ids; };
"""


def run(modules: Modules, script: str) -> Any:
    return modules.run(SETUP + script)


def test_two_at_a_time_the_newest_first(modules: Modules) -> None:
    script = (
        "show(1, 2, 3); const first = take(); f.arrived(file(3), 'u3'); return [first, take(), f.urlOf('3')];"
    )
    assert run(modules, script) == [["3", "2"], ["1"], "u3"]


def test_what_is_out_of_sight_does_not_come(modules: Modules) -> None:
    assert run(modules, "show(1, 2); f.becameHidden('2'); return take();") == ["1"]


def test_large_ones_come_on_a_tap(modules: Modules) -> None:
    """Before those that come by themselves."""
    script = """
      f.becameVisible(file(1, 2000001)); show(2, 3);
      const isComing = f.isComing('1');
      f.request(file(1, 9e6));
      return [isComing, take()];
    """
    assert run(modules, script) == [False, ["1", "3"]]


def test_a_failed_one_comes_again_on_a_tap_only(modules: Modules) -> None:
    script = """
      show(1); take(); f.failed('1', 'gone'); show(1);
      const before = take();
      f.request(file(1));
      return [before, f.failure('1') ?? '', take()];
    """
    assert run(modules, script) == [[], "", ["1"]]


def test_a_room_can_not_fill_the_memory(modules: Modules) -> None:
    """Those out of sight go; the others stay."""
    script = """
      const gone = [];
      for (let id = 1; id <= 40; id += 1) {
        f.becameVisible(file(id, 2000000)); take();
        gone.push(...f.arrived(file(id, 2000000), 'u' + id));
        if (id !== 2) f.becameHidden(String(id));
      }
      return [gone, f.urlOf('1') ?? '', f.urlOf('2'), f.urlOf('40')];
    """
    gone, first, second, last = run(modules, script)
    assert (len(gone), "u2" in gone) == (10, False)
    assert (first, second, last) == ("", "u2", "u40")


def test_a_room_can_not_use_the_network_for_ever(modules: Modules) -> None:
    """After a while each picture needs a tap; countless tiny ones count too."""
    script = """
      let count = 0;
      for (let id = 1; id <= 6000; id += 1) {
        f.becameVisible(file(id, 1)); count += take().length;
        f.arrived(file(id, 1), 'u'); f.becameHidden(String(id));
      }
      return count;
    """
    assert run(modules, script) == 5_000
