"""Help topics rendered for a terminal."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.help import TOPICS, read_topic
from messango.help.markdown import Code, Style, Text, parse
from messango.help.render import MAX_COLUMNS, MIN_COLUMNS, render, wrap

_SGR = re.compile(r"\x1b\[\d*m")


@pytest.mark.parametrize("columns", [MIN_COLUMNS, 40, 80, 100])
@pytest.mark.parametrize("topic", TOPICS)
def test_no_line_is_wider_than_the_terminal(topic: str, columns: int) -> None:
    """Text, tables, code and links."""
    lines = render(read_topic(topic), columns).splitlines()
    assert max(map(len, lines)) <= columns
    assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_character_takes_one_column(topic: str) -> None:
    """The renderer counts characters, so a wide or combining one would break a table."""
    odd = {
        character
        for character in read_topic(topic)
        if unicodedata.east_asian_width(character) in "WF" or unicodedata.combining(character)
    }
    assert odd == set()


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("topic", TOPICS)
def test_all_words_are_shown(topic: str, columns: int) -> None:
    """Nothing is lost in a narrow terminal."""
    shown = re.sub(r"\s", "", render(read_topic(topic), columns))
    for block in parse(read_topic(topic)):
        # The words of a cell stand beside those of other cells; code stays together.
        pieces = block.lines if isinstance(block, Code) else _words(block)
        assert [piece for piece in pieces if re.sub(r"\s", "", piece) not in shown] == []


def _words(block: object) -> list[str]:
    texts = [getattr(block, "text", None), *[cell for row in getattr(block, "rows", ()) for cell in row]]
    return [word for text in texts if text is not None for word in text.characters.split()]


@pytest.mark.parametrize("topic", TOPICS)
def test_code_is_not_broken_at_80_columns(topic: str) -> None:
    """A command stays on one line, so that it can be copied."""
    lines = [line for block in parse(read_topic(topic)) if isinstance(block, Code) for line in block.lines]
    assert [line for line in lines if len(line) > 76] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_markdown_is_left(topic: str) -> None:
    """No pipes, rules, fences, stars or brackets."""
    text = render(re.sub(r"^```.*?^```", "", read_topic(topic), flags=re.M | re.S), 80)
    prose = re.sub(r"`[^`]*`", "", text)
    assert re.findall(r"\|[-: ]*\||```|\*\*|\]\(|^#+ |<!--", prose, re.M) == []


@pytest.mark.parametrize("topic", TOPICS)
def test_colour_changes_no_layout(topic: str) -> None:
    """Escape sequences do not count as width."""
    lines = render(read_topic(topic), 60, color=True).splitlines()
    assert any(_SGR.search(line) for line in lines)
    assert max(len(_SGR.sub("", line)) for line in lines) <= 60


def test_no_escapes_without_colour() -> None:
    """Pipes and NO_COLOR get plain text."""
    assert "\x1b" not in "".join(render(read_topic(topic), 80) for topic in TOPICS)


def test_a_page() -> None:
    """One of each kind of block."""
    page = """# Title

Some `code` and **words** that are wrapped here.

## Section

- one
- two words
  more

```sh
a   b
```

| name | what it is |
|---|---|
| `x` | short |
| yy | longer |
"""
    assert render(page, 30) == (
        "Title\n=====\n\nSome `code` and words that are\nwrapped here.\n\nSection\n-------\n\n"
        "- one\n- two words more\n\n    a   b\n\n"
        "name  what it is\n----  ----------\n`x`   short\nyy    longer\n"
    )


def test_a_page_in_colour() -> None:
    """Code without ticks, and the style ends where the code ends."""
    assert render("run `me` **now**\n", 30, color=True) == "run \x1b[36mme\x1b[0m \x1b[1mnow\x1b[0m\n"


def test_a_table_that_does_not_fit_is_a_list() -> None:
    """The first cell of each row, and below it the others with their headers."""
    page = "| name | first | second |\n|---|---|---|\n| a | " + "word " * 20 + "| b |\n| c | | d |\n"
    lines = render(page, 30).splitlines()
    assert lines[0] == "a"
    assert lines[1].startswith("    first: word word")
    assert lines[-3:] == ["    second: b", "c", "    second: d"]


def test_blank_lines_between_tall_rows() -> None:
    """Otherwise a first cell of several lines would look like several rows."""
    page = "| a | b |\n|---|---|\n| one two three four five six | x |\n| seven | y |\n"
    assert render(page, 22).splitlines()[2:] == [
        "one two three four   x",
        "five six",
        "",
        "seven                y",
    ]


def test_lines_have_a_maximum_width() -> None:
    """Even if the terminal is wider."""
    assert max(map(len, render("word " * 200, 300).splitlines())) <= MAX_COLUMNS


@given(st.text("ab \n", max_size=200), st.integers(1, 30))
def test_wrapping_loses_nothing(characters: str, columns: int) -> None:
    """All characters except spaces are there, in order, in lines that fit, with their styles."""
    lines = wrap(Text.of(characters, Style.CODE), columns)
    assert "".join(line.characters for line in lines).replace(" ", "").replace("\n", "") == (
        characters.replace(" ", "").replace("\n", "")
    )
    assert all(len(line) <= columns and len(line.styles) == len(line) for line in lines)
