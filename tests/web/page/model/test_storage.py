"""What the browser keeps of a room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

STORAGE = """
const {Storage} = await load('model/storage.js');
const fill = (storage) => {
  Object.assign(storage, {key: 'K', name: 'Zoë', room: 'r1'});
  Object.assign(storage, {seat: {session: 's', since: 4}, unsent: [{frame: {id: 'a'}}], draft: 'half'});
};
const all = ({key, name, room, seat, unsent, draft}) => ({key, name, room, seat, unsent, draft});
"""
FILLED = {
    "key": "K",
    "name": "Zoë",
    "room": "r1",
    "seat": {"session": "s", "since": 4},
    "unsent": [{"frame": {"id": "a"}}],
    "draft": "half",
}
EMPTY: dict[str, Any] = {"key": "", "name": "", "room": "", "seat": None, "unsent": [], "draft": None}


def run(modules: Modules, script: str) -> Any:
    """Run a script about storage."""
    return modules.run(STORAGE + script)


def test_storage_outlives_the_page(modules: Modules) -> None:
    """Another object, as another page has it, reads the same."""
    script = "const before = all(new Storage()); fill(new Storage()); return [before, all(new Storage())];"
    assert run(modules, script) == [EMPTY, FILLED]


@pytest.mark.parametrize(
    "area",
    [
        "null",
        "{getItem() { throw new Error('refused'); }, setItem() { throw new Error('refused'); }}",
        "{getItem: () => '{broken', setItem() { throw new Error('full'); }}",
    ],
)
def test_a_browser_that_stores_nothing(modules: Modules, area: str) -> None:
    """Everything works until the page is closed."""
    script = f"const s = new Storage({area}); const before = all(s); fill(s); return [before, all(s)];"
    assert run(modules, script) == [EMPTY, FILLED]


def test_what_fits_again_is_stored_again(modules: Modules) -> None:
    """A value in memory is not older than the stored one."""
    script = """
    let isFull = false;
    const items = new Map();
    const setItem = (key, text) => { if (isFull) throw new Error('full'); items.set(key, text); };
    const storage = new Storage({getItem: (key) => items.get(key) ?? null, setItem});
    const names = [];
    for (const [name, full] of [['a', false], ['b', true], ['c', false]]) {
      isFull = full;
      storage.name = name;
      names.push(storage.name, JSON.parse(items.get('messango')).name);
    }
    return names;
    """
    assert run(modules, script) == ["a", "a", "b", "a", "c", "c"]


def test_each_room_has_its_own(modules: Modules) -> None:
    """The key and the name are those of the address."""
    script = """
    const storage = new Storage();
    fill(storage);
    storage.room = 'r2';
    const other = all(storage);
    storage.draft = 'other';
    storage.room = 'r1';
    return [other, all(storage)];
    """
    assert run(modules, script) == [EMPTY | {"key": "K", "name": "Zoë", "room": "r2"}, FILLED]


def test_rooms_of_long_ago_are_forgotten(modules: Modules) -> None:
    """Their sessions and drafts do not stay for ever."""
    script = """
    const storage = new Storage();
    fill(storage);
    for (const room of ['r2', 'r3', 'r4', 'r5', 'r6']) storage.room = room;
    storage.room = 'r1';
    return all(storage);
    """
    assert run(modules, script) == EMPTY | {"key": "K", "name": "Zoë", "room": "r1"}


def test_without_a_room_nothing_is_a_draft(modules: Modules) -> None:
    """Stored under no room, it would be everybody's."""
    assert run(modules, "const s = new Storage(); s.room = ''; return all(s);") == EMPTY
