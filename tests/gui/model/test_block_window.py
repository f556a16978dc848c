"""The lines of the blocks that a widget holds."""

from __future__ import annotations

from messango.gui.model.block_window import BATCH_BLOCKS, BATCH_CHARACTERS, BlockWindow, batch_size


def test_lines_are_counted() -> None:
    """Blocks come and go at both ends, and each is found by its line."""
    page = BlockWindow()
    page.clear(at=10)
    page.append([1, 3])
    page.prepend([2, 2])
    assert (page.top, page.bottom, len(page), page.total_lines) == (8, 12, 4, 8)
    assert [page.start_line(number) for number in range(8, 13)] == [1, 3, 5, 6, 9]
    assert [page.block_at(line) for line in (1, 2, 3, 5, 6, 8, 9, 99)] == [8, 8, 9, 10, 11, 11, 11, 11]
    page.resize(9, 5)
    assert page.start_line(10) == 8
    assert page.drop_top(2) == 7
    assert page.drop_bottom(1) == 3
    assert (page.top, page.bottom, page.line_count(10)) == (10, 11, 1)
    assert 10 in page
    assert 11 not in page


def test_an_empty_page_is_somewhere() -> None:
    """It begins where the next block will be."""
    page = BlockWindow()
    page.clear(at=7)
    assert (page.top, page.bottom, page.total_lines, page.block_at(1)) == (7, 7, 0, 7)
    assert page.drop_top(3) == 0
    assert page.top == 7


def test_a_slice_is_what_a_moment_can_take() -> None:
    """Bounded in blocks and in characters, but never nothing where there is something."""
    assert batch_size([]) == 0
    assert batch_size([10] * 1_000) == BATCH_BLOCKS
    assert batch_size([8_000] * 10) == BATCH_CHARACTERS // 8_000
    assert batch_size([1_000_000, 1]) == 1
