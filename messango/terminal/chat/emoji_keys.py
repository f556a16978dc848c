"""A whole `:mango:` becomes the emoji when its second colon is typed; what is pasted stays as it is."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent


def emoji_keys(*, is_secret: Callable[[], bool]) -> KeyBindings:
    """Return the key binding of the colon; none while `is_secret` returns True."""
    keys = KeyBindings()

    @keys.add(":", filter=~Condition(is_secret))
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        buffer.insert_text(":")
        before = buffer.document.text_before_cursor
        if before.count(":") < 2:
            return
        from messango.client.emoji.short_names import finish_short_name  # the first time takes a moment

        if done := finish_short_name(before):
            buffer.delete_before_cursor(done.replaces)
            buffer.insert_text(done.text)

    return keys
