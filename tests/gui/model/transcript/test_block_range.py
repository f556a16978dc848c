"""Line counts of the blocks in a widget."""

from __future__ import annotations

from msgspec.structs import replace

from messango.gui.model.transcript.block_range import BATCH_BLOCKS, BATCH_CHARACTERS, BlockRange, batch_size
from messango.gui.model.transcript.blocks import Block, BlockKind, Extras
from messango.protocol.frames import Reaction


def test_lines_are_counted_at_both_ends() -> None:
    """Each block is found by its line."""
    window = BlockRange()
    window.clear(at=10)
    window.append([1, 3])
    window.prepend([2, 2])
    assert (window.top, window.bottom, len(window), window.total_lines) == (8, 12, 4, 8)
    assert [window.start_line(number) for number in range(8, 13)] == [1, 3, 5, 6, 9]
    assert [window.block_at(line) for line in (1, 2, 3, 5, 6, 8, 9, 99)] == [8, 8, 9, 10, 11, 11, 11, 11]
    window.resize(9, 5)
    assert window.start_line(10) == 8
    assert window.drop_top(2) == 7
    assert window.drop_bottom(1) == 3
    assert (window.top, window.bottom, window.line_count(10)) == (10, 11, 1)
    assert 10 in window
    assert 11 not in window


def test_empty_window_has_a_position() -> None:
    """That of the next block."""
    window = BlockRange()
    window.clear(at=7)
    assert (window.top, window.bottom, window.total_lines, window.block_at(1)) == (7, 7, 0, 7)
    assert window.drop_top(3) == 0
    assert window.top == 7


def test_batch_is_bounded() -> None:
    """In blocks and in characters; never empty if there are blocks."""
    assert batch_size([]) == 0
    assert batch_size([10] * 1_000) == BATCH_BLOCKS
    assert batch_size([8_000] * 10) == BATCH_CHARACTERS // 8_000
    assert batch_size([1_000_000, 1]) == 1


def test_reactions_make_batches_smaller() -> None:
    """Each row is a widget."""
    plain = Block(BlockKind.MESSAGE, "hello", "Ben")
    reacted = replace(plain, extras=Extras(reactions=(Reaction("👍", 1, mine=False),) * 20))
    assert batch_size([plain.weight] * 500) == BATCH_BLOCKS
    assert 1 <= batch_size([reacted.weight] * 500) <= 5
