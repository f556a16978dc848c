"""Tab completion at the prompt."""

from __future__ import annotations

from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from messango.client.typed.completion import complete
from messango.terminal.chat.key_bindings import LineCompleter


def test_tab_completes_the_text_before_the_cursor() -> None:
    """With the members of that moment."""
    names = ["bob"]
    completer = LineCompleter(lambda before: complete(before, names))

    def offered(text: str, cursor: int) -> list[tuple[str, int]]:
        found = completer.get_completions(Document(text, cursor), CompleteEvent())
        return [(completion.text, completion.start_position) for completion in found]

    assert offered("bo, hello", 2) == [("bob: ", -2)]
    assert offered("/wh", 3) == [("/who", -3)]
    names.append("bodo")
    assert offered("hi bo", 5) == [("bob ", -2), ("bodo ", -2)]
