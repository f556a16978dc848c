"""A short course of crashes; `python -m tests.crashes` runs longer ones."""

from __future__ import annotations

import pytest

from messango.protocol.frames import Deleted, Edited, Message, Reacted, Told
from tests.crashes.course import NAMES, run_course


@pytest.mark.program
def test_crashes_break_no_promise() -> None:
    """Whatever was confirmed is kept, nothing is shown twice, and nothing private to others."""
    found, faults, members = run_course(seed=2, faults=14)
    assert not found, "\n".join(found)
    assert sum(faults.values()) == 14
    assert [member.name for member in members] == [*NAMES]
    assert sum(member.repeated for member in members) > 10
    kinds = {type(entry) for member in members for entry in member.entries}
    assert kinds == {Message, Told, Reacted, Edited, Deleted}
