"""`:mango:` becomes the sign, and is offered while it is typed; a time or code stays as it is."""

from __future__ import annotations

import pytest

from messango.client.emoji.short_names import complete_short_name, finish_short_name

LITERAL = [
    "10:30:45",
    "at 10:heart:",
    "std::heart:",
    "http://[::1]:heart:",
    "https://host/(:heart:",
    "https://host/:heart:",
    "`:heart:",
    "```\n:heart:",
    "say `a` and `:heart:",
    "C:heart:",
    "::heart:",
    ":no_such_name_at_all:",
    ": heart:",
    "a:heart:",
]


@pytest.mark.parametrize("text", LITERAL)
def test_other_colons_stay(text: str) -> None:
    """Nobody wants a heart in a time."""
    assert finish_short_name(text) is None
    assert complete_short_name(text.removesuffix(":")) == []


@pytest.mark.parametrize("before", ["", "a ", "(", "*", "\n", "“", "`code` ", "10:30 ", "https://host/ "])
def test_a_name_at_the_beginning_of_a_word(before: str) -> None:
    """After a space, an opening bracket or quotation mark, or a mark of bold text."""
    done = finish_short_name(f"{before}:mango:")
    assert done is not None
    assert (done.text, done.replaces) == ("🥭", len(":mango:"))
    assert complete_short_name(f"{before}:mang")[0].text == "🥭"


def test_the_best_is_offered_first() -> None:
    """The name that begins with it and is the shortest; then what it reminds of."""
    offered = complete_short_name("so :hea")
    assert ("❤️", 4, ":heart:") in [(one.text, one.replaces, one.summary) for one in offered]
    assert complete_short_name(":heart", limit=2)[0].summary == ":heart:"
    assert complete_short_name(":tada")[0].text == "🎉"
    assert complete_short_name(":+1")[0].text == "👍"
    assert "🙏" in [one.text for one in complete_short_name(":thanks")]
    assert len(complete_short_name(":fa")) == 8
    assert len(complete_short_name(":fa", limit=3)) == 3


def test_too_few_letters_are_a_smiley() -> None:
    """`:D` and `:p` are as old as chat."""
    assert complete_short_name(":D") == []
    assert complete_short_name(":") == []


def test_with_the_chosen_skin_tone() -> None:
    """As in the picker."""
    assert complete_short_name(":thumbsup", tone=5)[0].text == "👍🏿"
    done = finish_short_name(":thumbsup:", tone=1)
    assert done is not None
    assert done.text == "👍🏻"


def test_names_with_accents_and_signs() -> None:
    """Typed with or without them."""
    for typed in (":Côte_d’Ivoire:", ":cote_divoire:", ":FLAG_FOR_GERMANY:"):
        assert finish_short_name(typed) is not None


@pytest.mark.parametrize(
    "text", [":" * 8_000, ":a" * 4_000, "`" * 8_000, ":" + "a" * 8_000, "a " * 4_000 + ":"]
)
def test_any_text_is_answered_at_once(text: str) -> None:
    """A field may hold a whole message."""
    assert complete_short_name(text) == []
    assert finish_short_name(text + ":") is None
