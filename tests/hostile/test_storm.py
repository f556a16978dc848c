"""A small storm; the long one is a command of its own."""

from __future__ import annotations

import pytest

from tests.hostile.actors import NAMES
from tests.hostile.peers import MANY_ADDRESSES
from tests.hostile.storm import run

pytestmark = pytest.mark.program


@pytest.mark.skipif(not MANY_ADDRESSES, reason="one machine can't be many here")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("web", [False, True], ids=["members", "and browsers"])
def test_a_storm_disturbs_nobody(*, web: bool) -> None:
    """Everybody receives everything in one order, new members can join, and nothing is left behind."""
    result = run(1_500, seed=5, web=web)
    assert result.problems == []
    assert result.messages > len(NAMES)
    assert result.joins_s
    assert result.after.threads <= result.before.threads
    assert result.after.descriptors <= result.before.descriptors
