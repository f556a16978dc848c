"""Half-written texts: what was meant for one member never gets into a field that sends to everybody."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser


def run(modules: Modules, script: str) -> Any:
    """Run a script with `drafts`."""
    return modules.run(
        "const {Drafts} = await load('model/drafts.js'); const drafts = new Drafts();" + script
    )


def test_a_private_text_is_put_away_for_its_recipient(modules: Modules) -> None:
    """It is back when one writes to them again."""
    script = """
    return [drafts.exchange('', 'ben', ''), drafts.exchange('ben', '', 'secret'),
      drafts.exchange('', 'cleo', ''),
      drafts.exchange('cleo', 'ben', '')];
    """
    assert run(modules, script) == ["", "", "", "secret"]


def test_a_public_text_may_be_taken_along(modules: Modules) -> None:
    """Unchanged it is still the one for everybody; changed, it is another one."""
    script = """
    return [drafts.exchange('', 'ben', 'hi'), drafts.exchange('ben', 'cleo', 'hi'),
      drafts.exchange('cleo', '', 'hi'), drafts.exchange('', 'ben', 'hi'),
      drafts.exchange('ben', '', 'hi, only you'), drafts.exchange('', 'ben', 'hi')];
    """
    assert run(modules, script) == ["hi", "hi", "hi", "hi", "hi", "hi, only you"]


def test_what_was_taken_along_and_sent_is_not_sent_again(modules: Modules) -> None:
    """Another text for everybody waits."""
    script = """
    drafts.exchange('', 'ben', 'hi');
    drafts.sent();
    const after = drafts.exchange('ben', '', '');
    drafts.exchange('', 'ben', 'to all');
    drafts.exchange('ben', 'ben', 'to all, changed');
    return [after, drafts.forAll, drafts.exchange('ben', '', '')];
    """
    assert run(modules, script) == ["", "to all", "to all"]


def test_only_so_many_are_kept(modules: Modules) -> None:
    """The one for everybody is never among those that go."""
    script = """
    drafts.keep('', 'all');
    for (let n = 0; n < 60; n += 1) drafts.keep(`m${n}`, 'x');
    return [drafts.forAll, drafts.exchange('a', 'm0', ''), drafts.exchange('a', 'm59', '')];
    """
    assert run(modules, script) == ["all", "", "x"]
