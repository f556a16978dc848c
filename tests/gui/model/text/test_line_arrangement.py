"""Lines from right to left: where they break, what they draw, and what each place in them is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.gui.model.text.line_arrangement import BROKEN_LINE, RIGHT_TO_LEFT, Arrangement, arrange
from messango.gui.model.text.message_runs import drawn_text
from messango.gui.model.text.run_tags import LINK, MESSAGE_TEXT, TextRun
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.text_runs import TextRunBuilder, count_lines
from messango.gui.model.transcript.blocks import Block, BlockKind
from tests.gui.fakes import FixedMetrics

#: Texts of mixed directions, with marks, code and links.
WILD = st.lists(
    st.sampled_from([*"אבגסלام٣1a b\n\t`()🎉\u200c\u200f\u05b8", " https://a.b/", "שלום "]), max_size=40
).map("".join)

SANITIZER = TextSanitizer(astral=True)
BUILDER = TextRunBuilder(SANITIZER, 8)


def drawn(run: TextRun) -> str | None:
    """Return what is drawn for a run where there are no pictures."""
    return drawn_text(run, SANITIZER, pictures=False)


def arranged(
    text: str, *, width: int = 10_000, kind: BlockKind = BlockKind.MESSAGE, name: str = ""
) -> Arrangement:
    """Return the arrangement of a block."""
    block = Block(kind, text, name, "14:02", has_header=bool(name) and kind is BlockKind.MESSAGE)
    return arrange(BUILDER.build(block), FixedMetrics(width), drawn)


def lines(arrangement: Arrangement) -> list[str]:
    """Return what is drawn, without the last line break."""
    return "".join(text for text, _ in arrangement.runs).removesuffix("\n").split("\n")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("hello", ["hello"]),
        ("שלום!", ["!םולש"]),
        ("see שלום, ok", ["see םולש, ok"]),
        ("שלום\nhello\nסוף", ["םולש", "hello", "ףוס"]),
        ("קרא https://a.org/b?c=1 מהר", ["רהמ https://a.org/b?c=1 ארק"]),
        ("הרץ `ls -la --all` עכשיו", ["וישכע ls -la --all ץרה"]),
        ("הרץ `--help` עכשיו", ["וישכע --help ץרה"]),
        ("hi `שלום` ok", ["hi םולש ok"]),
    ],
)
def test_each_line_reads_well(text: str, drawn: list[str]) -> None:
    """By its own first strong character; links and code are from left to right in themselves."""
    assert lines(arranged(text)) == drawn


def test_a_line_from_right_to_left_is_on_the_right() -> None:
    """One that only contains such a word is not."""
    tags = dict(arranged("שלום\nsee שלום\nhello").runs)
    assert [RIGHT_TO_LEFT in tags[text] for text in ("םולש\n", "see םולש\n")] == [True, False]


def test_names_and_times_stay_where_they_are() -> None:
    """A name has its own direction; in an action it is a part of the sentence, and the time follows that."""
    assert lines(arranged("hi", name="דנה (QA)")) == ["", "(QA) הנד   14:02", "hi"]
    assert lines(arranged("waves to דנה", kind=BlockKind.ACTION, name="Ben")) == ["Ben waves to הנד   14:02"]
    assert lines(arranged("רוקדת", kind=BlockKind.ACTION, name="דנה")) == ["14:02   תדקור הנד"]
    assert lines(arranged("דנה left", kind=BlockKind.NOTICE)) == ["הנד left"]


def test_lines_are_broken_before_they_are_reversed() -> None:
    """The beginning of a text is in its first line; the blank at a break is not drawn."""
    assert lines(arranged("אחת שתיים שלוש", width=90)) == ["םייתש תחא", "שולש"]
    assert lines(arranged("אחת hello there", width=90)) == ["hello תחא", "there"]
    assert lines(arranged("א" * 25, width=90)) == ["א" * 9, "א" * 9, "א" * 7]


def test_a_narrow_line_does_not_hang() -> None:
    """A character that is wider than the line has a line of its own."""
    assert lines(arranged("אבג דה", width=5)) == ["א", "ב", "ג", "ד", "ה"]


def test_what_is_selected_is_copied_as_it_was_sent() -> None:
    """In the order of reading, with the blanks at breaks and without line breaks that were not sent."""
    arrangement = arranged("אחת שתיים שלוש", width=90)
    assert arrangement.message_text((0, 0), (9, 0)) == "אחת שתיים שלוש"
    assert arrangement.message_text((0, 6), (0, 9)) == "אחת"
    assert arrangement.message_text((0, 0), (0, 3)) == "יים "
    assert arranged("שלום\nסוף", name="דנה").message_text((0, 0), (9, 0)) == "שלום\nסוף"
    assert arranged("السلام لا").message_text((0, 0), (9, 0)) == "السلام لا"


def test_a_part_of_a_link_leads_to_all_of_it() -> None:
    """However it is broken."""
    arrangement = arranged("קרא https://example.org/docs/a?b=1 מהר", width=150)
    drawn = lines(arrangement)
    assert len(drawn) > 2
    for number, line in enumerate(drawn):
        for part in ("https", "a?b"):
            if part in line:
                text, tags = arrangement.run_at(number, line.index(part) + 1)
                assert (text, LINK in tags) == ("https://example.org/docs/a?b=1", True)


def test_places_of_characters() -> None:
    """An emoji takes two columns in Tk 8.6; a ligature stands for both its letters."""
    assert [*arranged("🎉 שלום").places(2, 3)] == [(0, 3, 4)]
    assert [*arranged("لا 🎉").places(0, 1)] == [*arranged("لا 🎉").places(1, 2)] == [(0, 3, 4)]


def test_without_reordering_every_line_stays() -> None:
    """Where the system draws directions itself, or there are none."""
    runs = BUILDER.build(Block(BlockKind.MESSAGE, "שלום `x`\nhello"))
    arrangement = arrange(runs, FixedMetrics(), drawn, reorder=False)
    assert "".join(text for text, _ in arrangement.runs) == "שלום x\nhello\n"


@given(WILD, st.integers(5, 120))
def test_nothing_is_lost_and_nothing_too_wide(text: str, width: int) -> None:
    """Whatever is said: all of it can be copied, and no line is wider than it may be."""
    runs = BUILDER.build(Block(BlockKind.MESSAGE, text))
    sent = "".join(part for part, tags in runs if MESSAGE_TEXT in tags)
    metrics = FixedMetrics(width)
    arrangement = arrange(runs, metrics, drawn)
    copied = arrangement.message_text((0, 0), (10_000, 0))
    assert copied == sent
    for line in "".join(part for part, tags in arrangement.runs if BROKEN_LINE in tags).split("\n"):
        words = line.replace(" ", "")  # blanks at the end of a line may hang over
        assert metrics.measure(words, ()) <= max(width, 20)
    assert count_lines(arrangement.runs) >= count_lines(runs)
