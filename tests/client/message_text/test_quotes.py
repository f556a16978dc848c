"""How a message is quoted."""

from __future__ import annotations

from messango.client.message_text.quotes import quoted_text
from messango.protocol.limits import MAX_QUOTE_CHARACTERS


def test_a_quote_is_one_bounded_line() -> None:
    """As the room cuts it."""
    quoted = quoted_text("a\n b" + "x" * 8_000)
    assert quoted.startswith("a bx")
    assert len(quoted) == MAX_QUOTE_CHARACTERS - 1  # The line break and the space became one space.
