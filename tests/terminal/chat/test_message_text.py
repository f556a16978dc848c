"""Texts as rows of a terminal: styled, wrapped, and never longer than the terminal is wide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.message_text import text_rows
from messango.terminal.chat.terminal_abilities import TerminalAbilities

HEAD: Line = [("class:name", "Ann  ")]
FULL = TerminalAbilities(joins_emoji=True, has_italic=True)
PLAIN = TerminalAbilities()


def plain(rows: list[Line]) -> list[str]:
    """Return rows without their styles."""
    return ["".join(part for _, part in row) for row in rows]


def rows_of(
    text: str, columns: int = 40, abilities: TerminalAbilities = FULL, *, blocks: bool = True
) -> list[Line]:
    """Return the rows of a text behind a name of five columns."""
    return text_rows(HEAD, text, columns, 5, abilities, blocks=blocks)


def test_emphasis_is_drawn_without_its_marks() -> None:
    """Also where it is broken into rows."""
    assert rows_of("a *b* _c_ ~d~ *_e_*")[0][1:] == [
        ("", "a "),
        ("bold", "b"),
        ("", " "),
        ("italic", "c"),
        ("", " "),
        ("strike", "d"),
        ("", " "),
        ("bold italic", "e"),
    ]
    rows = rows_of("one *two three* four", columns=15)
    assert plain(rows) == ["Ann  one two", "     three four"]
    assert rows[1][1:] == [("bold", "three"), ("", " four")]


def test_marks_stay_where_the_terminal_shows_no_italic() -> None:
    """Struck words would say the contrary; bold ones are bold on every terminal."""
    assert plain(rows_of("*a* _b_ ~c~", abilities=PLAIN)) == ["Ann  a _b_ ~c~"]


def test_code_stays_as_typed() -> None:
    """People copy it from the terminal."""
    assert plain(rows_of("run `make *x*`")) == ["Ann  run `make *x*`"]
    assert rows_of("`x`")[0][1:] == [("class:code", "`x`")]
    assert plain(rows_of("```\na *b*\n```")) == ["Ann  ```", "     a *b*", "     ```"]


def test_quotes_have_a_bar_on_each_row() -> None:
    """Also where a line is broken."""
    assert plain(rows_of("> one two three\nfour", columns=16)) == [
        "Ann  ▎ one two",
        "     ▎ three",
        "     four",
    ]
    assert plain(rows_of("> a\n>\n> > b")) == ["Ann  ▎ a", "     ▎ ", "     ▎ ▎ b"]
    assert plain(rows_of("> a", blocks=False)) == ["Ann  > a"]


def test_items_of_lists_hang() -> None:
    """Below the text of their first row."""
    assert plain(rows_of("- one two three\n10. four five six seven", columns=17)) == [
        "Ann  • one two",
        "       three",
        "     10. four",
        "         five six",
        "         seven",
    ]


def test_emoji_of_several_parts() -> None:
    """One sign, unless the terminal joins them."""
    text = "🇩🇪 👍🏽 👩‍💻 🥭"
    assert plain(rows_of(text)) == [f"Ann  {text}"]
    assert plain(rows_of(text, abilities=PLAIN)) == ["Ann  [DE] 👍 👩 🥭"]


@given(st.text(alphabet="*_~`>-ab \n.🥭👍🏽好1", max_size=60), st.integers(16, 60))
def test_every_row_fits_and_no_word_is_lost(text: str, columns: int) -> None:
    """But for a word that is wider than the row, which the terminal breaks."""
    rows = plain(rows_of(text, columns))
    for row in rows[1:]:
        assert wcswidth(row) <= columns or len(row.split()) <= 2
    letters = [character for character in text if character in "ab🥭好1"]
    assert [character for character in "".join(rows)[5:] if character in "ab🥭好1"] == letters


@pytest.mark.parametrize(
    ("environment", "joins", "italic"),
    [
        ({}, False, False),
        ({"TERM": "xterm-256color"}, False, True),
        ({"TERM": "xterm-kitty"}, True, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True, True),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm", "TMUX": "x"}, False, True),
        ({"TERM": "screen-256color", "TMUX": "x"}, False, True),
        ({"TERM": "screen", "STY": "x"}, False, False),
        ({"TERM": "linux"}, False, False),
    ],
)
def test_abilities(environment: dict[str, str], *, joins: bool, italic: bool) -> None:
    """A terminal that is not known joins nothing."""
    abilities = TerminalAbilities.of(environment)
    assert (abilities.joins_emoji, abilities.has_italic) == (joins, italic)


@pytest.mark.parametrize(("term", "blocks"), [("xterm-256color", True), ("screen", True), ("linux", False)])
def test_a_bar_is_drawn_of_blocks_where_they_are(term: str, *, blocks: bool) -> None:
    """The console of Linux shows a box for the ends of the bar."""
    assert TerminalAbilities.of({"TERM": term}).has_blocks is blocks
