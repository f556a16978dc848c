"""A short course of transfers; `python -m tests.crashes.files` runs longer ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crashes.files.course import run_course
from tests.crashes.files.plan import MB
from tests.crashes.files.records import Outcome

#: A server that is idle has some 60 MB.
_MOST_MEMORY = 140 * MB


@pytest.mark.program
@pytest.mark.parametrize(("keep_history", "seed"), [(True, 5), (False, 3)])
def test_faults_break_no_promise(
    tmp_path: Path,
    keep_history: bool,  # noqa: FBT001 (pytest's)
    seed: int,
) -> None:
    """Every announced file is whole, none is announced twice or lost, and nothing is left behind."""
    result = run_course(
        seed,
        tmp_path / "members",
        transfers=8,
        faults=4,
        most_bytes=4 * MB,
        largest=2 * MB,
        keep_history=keep_history,
    )
    assert not result.found, "\n".join(result.found)
    assert sum(result.faults.values()) == 4
    assert any(sent.outcome is Outcome.ACCEPTED for sent in result.sent.values())
    assert result.received > 0
    assert result.server_peak < _MOST_MEMORY
