"""Which lines are still on the screen, checked against a small terminal of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.painted import Block, PaintedBlocks, row_count

COLUMNS, ROWS = 20, 8


class SmallTerminal:
    """Shows rows, the prompt at the bottom, and scrolls; `gone` is what has left it at the top."""

    def __init__(self, before: int = 0) -> None:
        self.rows = ["shell"] * before
        self.gone: list[str] = []
        self.painted = PaintedBlocks()

    def print(self, blocks: list[Block], prompt_rows: int = 2) -> None:
        """Print blocks and draw the prompt."""
        self.painted.printed(blocks, ROWS, COLUMNS)
        self._write([line for block in blocks for line in block.lines], prompt_rows)

    def repaint(self, texts: dict[int, list[str]], prompt_rows: int = 2) -> bool:
        """Change messages; returns False if none of them was on the screen."""
        repaint = self.painted.repaint(texts, lambda block: _lines(texts[block.seq or 0]), ROWS, COLUMNS)
        if repaint is None:
            return False
        del self.rows[max(0, len(self.rows) - repaint.rows_up) :]
        self._write(repaint.lines, prompt_rows)
        return True

    def _write(self, lines: list[Line], prompt_rows: int) -> None:
        for line in lines:
            text = "".join(part for _, part in line)
            self.rows += [text[at : at + COLUMNS] for at in range(0, len(text), COLUMNS)] or [""]
            self._scroll(1)
        self._scroll(prompt_rows)
        self.painted.prompt_drawn(prompt_rows, ROWS)

    def _scroll(self, prompt_rows: int) -> None:
        while len(self.rows) > ROWS - prompt_rows:
            self.gone.append(self.rows.pop(0))


def _lines(texts: list[str]) -> list[Line]:
    return [[("", text)] for text in texts]


def _block(seq: int, *texts: str) -> Block:
    return Block(_lines([*texts]), seq)


def test_a_message_on_the_screen_changes_in_its_place() -> None:
    """What stands above and below stays."""
    terminal = SmallTerminal(before=2)
    terminal.print([_block(1, "one"), Block(_lines(["* notice"])), _block(2, "two")])
    assert terminal.repaint({1: ["ONE", "+ reaction"]})
    assert terminal.rows == ["shell", "shell", "ONE", "+ reaction", "* notice", "two"]
    assert terminal.repaint({1: []})
    assert terminal.rows[-2:] == ["* notice", "two"]
    assert "ONE" not in terminal.rows


def test_a_message_that_has_left_the_screen_does_not() -> None:
    """The caller says what became of it."""
    terminal = SmallTerminal()
    terminal.print([_block(seq, f"text {seq}") for seq in range(1, 20)])
    assert not terminal.repaint({3: ["changed"]})
    assert terminal.painted.visible_seqs == set(range(14, 20))


def test_a_high_prompt_pushes_messages_off_the_screen() -> None:
    """They do not come back when it shrinks."""
    terminal = SmallTerminal()
    terminal.print([_block(seq, f"text {seq}") for seq in range(1, 7)])
    terminal.print([], prompt_rows=5)
    terminal.print([], prompt_rows=2)
    assert terminal.painted.visible_seqs == {4, 5, 6}


def test_after_a_change_of_size_the_screen_is_painted_anew() -> None:
    """Each terminal moves what it shows in its own way."""
    painted = PaintedBlocks()
    painted.printed([_block(seq, f"text {seq}") for seq in range(1, 20)], ROWS, COLUMNS)
    painted.prompt_drawn(2, ROWS)
    repaint = painted.repaint({18}, lambda block: _lines([f"new {block.seq}"]), ROWS, COLUMNS + 5)
    assert repaint is not None
    assert repaint.rows_up == ROWS
    assert repaint.lines == [[("", f"new {seq}")] for seq in range(14, 20)]


def test_a_narrower_screen_is_painted_at_once() -> None:
    """Also the rows of the status line that the terminal has broken; what is not ours stays above."""
    painted = PaintedBlocks()
    painted.printed([_block(1, "x" * COLUMNS), _block(2, "two")], ROWS, COLUMNS)
    painted.prompt_drawn(2, ROWS)
    assert painted.resized(lambda block: _lines([f"new {block.seq}"]), ROWS, COLUMNS) is None
    repaint = painted.resized(lambda block: _lines([f"new {block.seq}"]), ROWS, COLUMNS // 2)
    assert repaint is not None
    assert repaint.rows_up == 2 + 1 + 1
    assert repaint.lines == _lines(["new 1", "new 2"])
    assert painted.resized(lambda block: block.lines, ROWS, COLUMNS // 2) is None


def test_of_a_message_that_is_partly_on_the_screen_the_end_is_painted() -> None:
    """Its beginning is in the terminal's own memory; its end would be nowhere."""
    painted = PaintedBlocks()
    painted.printed([_block(1, *"abcdefgh"), _block(2, "two")], ROWS, COLUMNS)
    painted.prompt_drawn(2, ROWS)
    repaint = painted.resized(lambda block: block.lines, ROWS, COLUMNS + 1)
    assert repaint is not None
    assert repaint.lines == _lines([*"defgh", "two"])


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("", 9, 1),
        ("x" * 9, 9, 1),
        ("x" * 10, 9, 2),
        ("漢" * 4, 9, 1),
        ("漢" * 9, 9, 3),
        ("a" + "漢" * 8, 9, 2),
    ],
)
def test_wide_characters_do_not_begin_in_the_last_column(text: str, columns: int, rows: int) -> None:
    """So a line of them can take more rows than its width says."""
    assert row_count([("", text)], columns) == rows


def test_a_hidden_message_keeps_its_place() -> None:
    """It can be shown there again."""
    terminal = SmallTerminal()
    terminal.print([_block(1, "one"), Block([], 2), _block(3, "three")])
    assert terminal.repaint({2: ["two"]})
    assert terminal.rows == ["one", "two", "three"]


_TEXTS = st.lists(st.integers(0, 45).map(lambda length: "x" * length), max_size=3)


@given(
    st.integers(0, ROWS - 2),
    st.lists(st.tuples(st.booleans(), st.integers(1, 12), _TEXTS, st.integers(1, 5)), max_size=30),
)
def test_repainting_never_touches_what_is_not_ours(
    before: int, steps: list[tuple[bool, int, list[str], int]]
) -> None:
    """Whatever is printed and changed: the last rows are those of the present messages, in order."""
    terminal, texts, order = SmallTerminal(before), {}, []
    for is_new, seq, lines, prompt_rows in steps:
        if is_new and seq not in texts:
            texts[seq] = lines
            order.append(seq)
            terminal.print([_block(seq, *lines)], prompt_rows)
        elif (
            seq in texts
            and seq in terminal.painted.visible_seqs
            and terminal.repaint({seq: lines}, prompt_rows)
        ):
            texts[seq] = lines
    present = SmallTerminal()
    present.print([_block(seq, *texts[seq]) for seq in order], 1)
    shown = [row for row in terminal.rows if row != "shell"]
    assert (present.gone + present.rows)[len(present.gone + present.rows) - len(shown) :] == shown
    assert terminal.rows.count("shell") + terminal.gone.count("shell") == before
