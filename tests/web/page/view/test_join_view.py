"""The form in which a guest gives a name."""

from __future__ import annotations

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("Zoë", ""),
        ("x" * 32, ""),
        ("😀" * 32, ""),
        (f"  {'x' * 32}  ", ""),
        ("", "Please enter your name."),
        (" \t ", "Please enter your name."),
        ("x" * 33, "The name is too long: 33 characters; the limit is 32."),
    ],
)
def test_a_name_is_checked_before_it_is_sent(modules: Modules, typed: str, problem: str) -> None:
    """The room would refuse it, and a person would wait for that."""
    assert modules.call("view/join_view.js", "nameProblem", typed) == problem
