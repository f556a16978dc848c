"""Key bindings and Tab completion of the chat and of the host's prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, get_common_complete_suffix
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from messango.protocol.text.emoji_signs import with_plain_signs


def chat_keys(
    *,
    on_enter: Callable[[str], bool],
    on_leave: Callable[[], None],
    on_end: Callable[[], None] | None = None,
    is_secret: Callable[[], bool] = lambda: False,
) -> KeyBindings:
    """Return the key bindings.

    `on_enter` gets the line and returns True to clear it. Ctrl-C calls `on_leave`, Ctrl-D calls `on_end`
    or else `on_leave`. While `is_secret` returns True, lines are not added to the history of the arrow keys.
    The chat is one long prompt: between two prompts, keys and output would get in each other's way.
    """
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        keeps = bool(buffer.text.strip()) and not is_secret()
        if on_enter(buffer.text):
            buffer.reset(append_to_history=keeps)

    @keys.add("escape", "enter")
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text("\n")

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            on_leave()

    @keys.add("c-d")
    def _(event: KeyPressEvent) -> None:
        if event.current_buffer.text:
            event.current_buffer.delete()
        else:
            (on_end or on_leave)()

    return keys


def choosing_keys(
    *,
    expand: Callable[[str], str | None],
    step: Callable[[str, int], str | None],
    show_choices: Callable[[list[str]], None],
    is_secret: Callable[[], bool],
) -> KeyBindings:
    """Return the keys that choose a message or a name.

    Tab asks `expand` what to make of the text, before it completes a word; of several choices, `show_choices`
    shows the texts. Alt-Up and Alt-Down ask `step` for the text about the message before (1) or after (-1).
    """
    keys = KeyBindings()

    @keys.add("tab", filter=~Condition(is_secret))
    def _(event: KeyPressEvent) -> None:
        expanded = expand(event.current_buffer.text)
        if expanded is None or expanded == event.current_buffer.text:
            _complete(event, show_choices)
        else:
            event.current_buffer.document = Document(expanded)

    def replace_by_step(event: KeyPressEvent, older: int) -> None:
        stepped = step(event.current_buffer.text, older)
        if stepped is not None:
            event.current_buffer.document = Document(stepped)

    @keys.add("escape", "up", filter=~Condition(is_secret))
    def _(event: KeyPressEvent) -> None:
        replace_by_step(event, 1)

    @keys.add("escape", "down", filter=~Condition(is_secret))
    def _(event: KeyPressEvent) -> None:
        replace_by_step(event, -1)

    return keys


def _complete(event: KeyPressEvent, show_choices: Callable[[list[str]], None]) -> None:
    """Complete like readline, but leave it to the screen to print, which follows what is on it."""
    buffer = event.current_buffer
    requested = CompleteEvent(completion_requested=True)
    found = [*buffer.completer.get_completions(buffer.document, requested)]
    if len(found) == 1:
        buffer.delete_before_cursor(-found[0].start_position)
        buffer.insert_text(found[0].text)
    elif suffix := get_common_complete_suffix(buffer.document, found):
        buffer.insert_text(suffix)
    elif found:
        show_choices([*map(_label, found)])


def _label(choice: Completion) -> str:
    """Return how a choice is shown: an emoji with its name, a path without its folder."""
    if choice.display_text != choice.text:
        return choice.display_text
    name = "" if choice.text.startswith("/") else choice.display_meta_text
    return f"{with_plain_signs(choice.text)}{name}".strip()


class CompletionLike(Protocol):
    """A choice for Tab: `text` replaces the last `replaces` characters before the cursor.

    `label` is how it is listed, if not as its text.
    """

    @property
    def text(self) -> str: ...

    @property
    def replaces(self) -> int: ...

    @property
    def summary(self) -> str: ...

    @property
    def label(self) -> str: ...


class LineCompleter(Completer):
    """Gives prompt_toolkit the completions of a function."""

    def __init__(self, complete: Callable[[str], Iterable[CompletionLike]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 (prompt_toolkit's)
        for completion in self._complete(document.text_before_cursor):
            label = completion.label or None
            yield Completion(completion.text, -completion.replaces, label, completion.summary)
