"""The guest key in the address."""

from __future__ import annotations

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser


def test_the_key_leaves_the_address(modules: Modules) -> None:
    """So nobody reads it there, and the page works without it."""
    script = """
    const {Storage} = await load('model/storage.js');
    const {takeGuestKey} = await load('guest_key.js');
    const storage = new Storage();
    const found = [];
    for (const hash of ['#k=abc_DEF-123', '#other', '', '#k=', '#k=a%20b']) {
      history.replaceState(null, '', location.pathname + hash);
      found.push([takeGuestKey(storage), location.hash, storage.key]);
    }
    return found;
    """
    key = "abc_DEF-123"
    assert modules.run(script) == [
        [True, "", key],
        [False, "#other", key],
        [False, "", key],
        [False, "#k=", key],
        [False, "#k=a%20b", key],
    ]
