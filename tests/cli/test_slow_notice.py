"""The sentence that says that a search goes on."""

from __future__ import annotations

import threading

import pytest

from messango.cli import slow_notice
from messango.cli.slow_notice import SlowNotice


def test_a_search_that_takes_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, while it goes on."""
    said = threading.Event()
    monkeypatch.setattr(slow_notice, "write_error", lambda text: said.set() if text == "Wait." else None)
    with SlowNotice("Wait.", after_s=0.0):
        assert said.wait(30)


def test_a_quick_search_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written when the block has ended, nor below a question."""
    with SlowNotice("Wait.", after_s=30.0):
        pass
    with SlowNotice("Wait.", after_s=30.0) as notice:
        assert notice.before(len)("abc") == 3
        notice._timer.join(20)
        assert not notice._timer.is_alive()
    assert capsys.readouterr().err == ""
