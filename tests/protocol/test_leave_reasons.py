"""Why a member left, in words."""

from __future__ import annotations

import pytest

from messango.protocol.leave_reasons import leave_text


@pytest.mark.parametrize(
    ("reason", "note", "words"),
    [
        ("left", "", "left"),
        ("connection-broke", "", "the connection broke"),
        ("kicked", "", "removed by the host"),
        ("banned", "Too loud.", "banned by the host: Too loud"),
        ("too-slow", "", "too slow to read"),
        ("no-guests", "", "the host takes no guests from the browser any more"),
        ("sent-home", "", "sent home"),
        ("", "", ""),
    ],
)
def test_the_words_for_a_reason(reason: str, note: str, words: str) -> None:
    """With what the host wrote; an unknown reason is shown as it is."""
    assert leave_text(reason, note) == words
