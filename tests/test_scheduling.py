"""The tests that start first are listed by name, so the list must follow their names."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.scheduling import LONGEST


def test_the_longest_tests_exist() -> None:
    """A renamed test would silently start late and prolong the run."""
    functions = {
        name
        for path in Path(__file__).parent.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert [name for name in LONGEST if name not in functions] == []


def test_tests_that_start_programs_are_marked() -> None:
    """The quick half of the tests leaves them out."""
    unmarked = [
        path.name
        for path in Path(__file__).parent.rglob("test_*.py")
        if "from tests.support.program import" in (source := path.read_text(encoding="utf-8"))
        and not {"pytest.mark.program", "pytest.mark.lan"} & set(re.findall(r"pytest\.mark\.\w+", source))
    ]
    assert unmarked == []
