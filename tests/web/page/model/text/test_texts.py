"""The page's sentences are those of the other front ends."""

from __future__ import annotations

import pytest

from messango.protocol.frames import Left
from messango.protocol.leave_reasons import leave_text
from messango.protocol.limits import MAX_NAME_CHARACTERS, MAX_QUOTE_CHARACTERS, MAX_TEXT_CHARACTERS
from messango.protocol.look_alike_texts import look_alike_notice
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.validation import HOST_NAME
from messango.protocol.text.wording import counted, join_names
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

TEXTS = "model/text/texts.js"

NAMES = [
    "Ben",
    "Ann Lee",
    "Zoë",
    "O'Hara",
    "x-y_z.w",
    "-x",
    "Signed:",
    "李雷",
    'a "b" c',
    HOST_NAME,
    "x.",
    "😀",
]


def test_names_in_sentences(modules: Modules) -> None:
    """A single word stands as it is, anything else between quotation marks."""
    script = """
    const {plainName, quotedName} = await load(path);
    return names.map((name) => [plainName(name), quotedName(name)]);
    """
    shown = modules.run(script, path=TEXTS, names=NAMES)
    assert shown == [[plain_name(name), quoted_name(name)] for name in NAMES]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 6, 12])
def test_lists_of_names(modules: Modules, count: int) -> None:
    """A long one ends with the number of the others."""
    names = [f"N{index}" for index in range(count)]
    assert modules.call(TEXTS, "joinNames", names) == join_names(names)


def test_numbers_of_things(modules: Modules) -> None:
    """One message, two messages, two thousand with a comma."""
    for count in (0, 1, 2, 2000):
        assert modules.call(TEXTS, "counted", count, "message") == counted(count, "message")


def test_limits_are_those_of_the_protocol(modules: Modules) -> None:
    """What the room would refuse is not sent."""
    script = (
        "const {MAX_NAME, MAX_TEXT, MAX_QUOTE} = await load(path); return [MAX_NAME, MAX_TEXT, MAX_QUOTE];"
    )
    assert modules.run(script, path=TEXTS) == [MAX_NAME_CHARACTERS, MAX_TEXT_CHARACTERS, MAX_QUOTE_CHARACTERS]


def test_characters_are_counted_as_the_room_counts_them(modules: Modules) -> None:
    """An emoji is one, though JavaScript counts two."""
    assert modules.call(TEXTS, "lengthOf", "a😀b") == 3
    assert modules.call(TEXTS, "counterText", "a" * 7000) == ""
    assert modules.call(TEXTS, "counterText", "😀" * 7999) == "1 characters left"
    assert modules.call(TEXTS, "counterText", "a" * 8001) == "1 characters too many"


def test_a_quote_is_the_beginning_on_one_line(modules: Modules) -> None:
    """Cut by characters, not within one."""
    assert modules.call(TEXTS, "quotedText", " a\n\tb ") == "a b"
    assert modules.call(TEXTS, "quotedText", "😀" * 200) == "😀" * 120


@pytest.mark.parametrize("reason", ["connection-broke", "kicked", "banned", "too-slow", "a-later-one"])
@pytest.mark.parametrize("note", ["", "spam"])
def test_why_somebody_left(modules: Modules, reason: str, note: str) -> None:
    """In the words of the window."""
    frame = Left("Ben", reason, "m2", note)
    fields = {"name": frame.name, "reason": frame.reason, "note": frame.note}
    assert modules.call(TEXTS, "leftText", fields) == f"Ben left ({leave_text(reason, note)})"
    assert modules.call(TEXTS, "leftText", {"name": "Ben", "reason": "left"}) == "Ben left"


@pytest.mark.parametrize("resembles", ["Ann", HOST_NAME])
def test_names_that_look_alike(modules: Modules, resembles: str) -> None:
    """Everybody is warned, in the words of the window."""
    other = {"name": "Αnn", "you": False, "resembles": resembles}
    assert modules.call(TEXTS, "lookAlikeText", other) == look_alike_notice("Αnn", resembles, "Zoë")
    own = other | {"you": True}
    assert modules.call(TEXTS, "lookAlikeText", own) == look_alike_notice("Αnn", resembles, "Αnn")
    assert modules.call(TEXTS, "lookAlikeText", other | {"resembles": ""}) == ""
