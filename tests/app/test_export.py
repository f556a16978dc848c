"""A conversation as text, Markdown and JSON Lines."""

from __future__ import annotations

import json

import pytest

from messango.app.export import as_json, as_markdown, as_text
from messango.protocol.frames import Message

NOON_S = 1_700_000_000.0


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep to one time zone."""
    import time

    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()


def make_message(text: str, name: str = "Ann", time_s: float = NOON_S) -> Message:
    """Return one message."""
    return Message(7, "id", "1f", time_s, name, text)


def test_text() -> None:
    """A line each, further lines under the first; nothing steers the terminal."""
    assert list(as_text("Office", [make_message("one\ntwo"), make_message("\x1b[2J", "B\nen")])) == [
        "2023-11-14 22:13  Ann: one\n                  two",
        "2023-11-14 22:13  B\\nen: \\x1b[2J",
    ]


@pytest.mark.parametrize("time_s", [1e300, -1e300, float("nan"), float("inf")])
def test_a_time_that_no_calendar_has(time_s: float) -> None:
    """A server that tells nonsense does not keep anybody from keeping what was said."""
    (line,) = as_text("Office", [make_message("hello", time_s=time_s)])
    assert line.endswith("Ann: hello")


def test_markdown() -> None:
    """The room, a heading a day, texts quoted; a name is no markup."""
    lines = list(
        as_markdown(
            "*Office*", [make_message("one\n# two", "a_b"), make_message("later", time_s=NOON_S + 86_400)]
        )
    )
    assert lines == [
        "# \\*Office\\*",
        "\n## 2023-11-14",
        "\n**a\\_b** 22:13\n\n> one\n> # two",
        "\n## 2023-11-15",
        "\n**Ann** 22:13\n\n> later",
    ]


def test_json_lines() -> None:
    """All fields of each message, on one line."""
    assert "\u202e" not in next(as_json("Office", [make_message("\u202eabc")]))
    (line,) = as_json("Office", [make_message("one\ntwo 🥭")])
    assert "\n" not in line
    assert json.loads(line) == {
        "seq": 7,
        "id": "id",
        "member": "1f",
        "time": NOON_S,
        "name": "Ann",
        "text": "one\ntwo 🥭",
    }
