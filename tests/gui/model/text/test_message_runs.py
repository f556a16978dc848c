"""The runs of a message are what was sent; their tags tell what is drawn of them, and what is copied."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messango.gui.model.text.line_arrangement import Arrangement, arrange
from messango.gui.model.text.message_runs import MessageRuns, drawn_text, emoji_runs
from messango.gui.model.text.run_tags import BOXED, CODE_BLOCK, EMOJI, LINK, MESSAGE_TEXT, TextRun
from messango.gui.model.text.sanitizer import TextSanitizer
from tests.gui.fakes import FixedMetrics

SANITIZER = TextSanitizer(astral=True)


def runs_of(text: str, *, blocks: bool = True, is_cut: bool = False) -> list[TextRun]:
    """Return the runs of a message."""
    return MessageRuns(SANITIZER, (MESSAGE_TEXT,), ()).build(text, blocks=blocks, is_cut=is_cut)


def drawn(text: str, *, pictures: bool = False) -> str:
    """Return what is drawn of a message."""
    shown = ((drawn_text(run, SANITIZER, pictures=pictures), run[0]) for run in runs_of(text))
    return "".join(sent if replaced is None else replaced for replaced, sent in shown).replace("\u00a0", " ")


def arranged(text: str) -> Arrangement:
    """Return how a message is drawn."""
    runs = [*runs_of(text), ("\n", ())]
    return arrange(runs, FixedMetrics(), lambda run: drawn_text(run, SANITIZER, pictures=False))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*a* _b_ ~c~ `d`", "a b c d"),
        ("> a\n> > b", "▎ a\n▎ ▎ b"),
        ("- a\n* b\n1. c", "• a\n• b\n1. c"),
        ("🇩🇪👍🏽 1️⃣", " DE 👍  1 "),
        ("a ```py\nb\n``` c", "a \nb\n c"),
        ("a\n```\nb\n```\nc", "a\nb\nc"),
        ("```a``````b```", "a\nb\n"),
        (r"\*a\*", "*a*"),
    ],
)
def test_what_is_drawn(text: str, shown: str) -> None:
    """Without pictures; a code block is on lines of its own."""
    assert drawn(text) == shown


def test_pictures_take_one_place() -> None:
    """Whatever an emoji is made of."""
    assert drawn("a 👨‍👩‍👧🇩🇪", pictures=True) == "a \ufffc\ufffc"


def test_tags() -> None:
    """Emoji, links and code blocks are found by theirs."""
    tags = dict(runs_of("🇩🇪 👍🏽 https://a.example\n```\nx\n```"))
    assert {EMOJI, BOXED} <= {*tags["🇩🇪"]}
    assert BOXED not in tags["👍🏽"]
    assert LINK in tags["https://a.example"]
    assert CODE_BLOCK in tags["x"]
    assert not any(LINK in tags for _, tags in runs_of("see https://a.example", is_cut=True))
    assert emoji_runs("Ann", ("header",)) == [("Ann", ("header",))]
    assert [text for text, _ in emoji_runs("Ann 👩‍💻!", ("header",))] == ["Ann ", "👩‍💻", "!"]


def test_emoji_of_one_message_are_bounded() -> None:
    """A message may be nothing but emoji: the first ones are pictures."""
    runs = runs_of("🥭" * 2_000)
    assert sum(EMOJI in tags for _, tags in runs) == 200
    assert "".join(text for text, _ in runs) == "🥭" * 2_000


_TEXTS = st.lists(
    st.sampled_from([*"ab *_~`>\\\n-🥭א", "👩🏽‍💻", "🇩🇪", "```", "> ", "- ", "https://a.example"]),
    max_size=40,
).map("".join)


@given(_TEXTS)
@example("\\```a```")
def test_all_of_a_message_can_be_copied(text: str) -> None:
    """As it was sent, in whatever way it is drawn."""
    sent = "".join(text for text, tags in runs_of(text) if MESSAGE_TEXT in tags)
    assert sent == text
    assert arranged(text).message_text((0, 0), (10_000, 0)) == text


@pytest.mark.parametrize(
    ("text", "selected", "copied"),
    [
        ("a *bold* b", "bold", "*bold*"),
        ("a *bold* b", "bol", "bol"),
        ("a *bold* b", "a bo", "a bo"),
        ("a *bold* b", "a bold b", "a *bold* b"),
        ("*_both_* b", "both", "*_both_*"),
        ("*a _b_ c*", "b c", "_b_ c"),
        ("*a _b_ c*", "a b", "a _b_"),
        ("run `x` now", "x now", "`x` now"),
        ("> said\nyes", "said\nyes", "said\nyes"),
        ("- item", "• item", "- item"),
        (r"\*a\*", "*a*", r"\*a\*"),
        ("👩‍💻!", "👩!", "👩‍💻!"),
    ],
)
def test_marks_of_what_is_copied_whole(text: str, selected: str, copied: str) -> None:
    """Half a bold word would be a lone mark."""
    arrangement = arranged(text)
    lines = "".join(run for run, _ in arrangement.runs).replace("\u00a0", " ")
    place = lines.index(selected)

    def position(at: int) -> tuple[int, int]:
        line = lines.count("\n", 0, at)
        shown = lines[lines.rfind("\n", 0, at) + 1 : at]
        return line, sum(1 + (character > "\uffff") for character in shown)

    assert arrangement.message_text(position(place), position(place + len(selected))) == copied
