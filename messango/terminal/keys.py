"""What the keys do in a chat, and what Tab offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent


def chat_keys(
    *, enter: Callable[[str], bool], leave: Callable[[], None], end: Callable[[], None] | None = None
) -> KeyBindings:
    """Return the keys: `enter` is given the line and tells whether it is done with, `leave` ends the chat.

    So does Ctrl-D, unless `end` says what else it does. The chat is one long prompt, so that nothing
    that arrives ever falls between two of them.
    """
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if enter(buffer.text):
            buffer.reset(append_to_history=bool(buffer.text.strip()))

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            leave()

    @keys.add("c-d")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            (end or leave)()

    return keys


class Offer(Protocol):
    """`text` takes the place of the last `replaces` characters before the cursor."""

    @property
    def text(self) -> str: ...

    @property
    def replaces(self) -> int: ...

    @property
    def summary(self) -> str: ...


class LineCompleter(Completer):
    """Tab: what fits behind what stands before the cursor."""

    def __init__(self, complete: Callable[[str], Iterable[Offer]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 (prompt_toolkit's)
        for found in self._complete(document.text_before_cursor):
            yield Completion(found.text, -found.replaces, display_meta=found.summary)
