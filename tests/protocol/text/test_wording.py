"""Parts of sentences."""

from __future__ import annotations

from messango.protocol.text.wording import counted, ellipsized, join_names


def test_long_lists_of_names_are_counted() -> None:
    """A line stays a line when a whole class joins; "and 1 others" never happens."""
    assert join_names([]) == ""
    assert join_names(["Ann"]) == "Ann"
    assert join_names(["Ann", "Ben"]) == "Ann and Ben"
    assert join_names(["Ann", "Ben", "Cleo"]) == "Ann, Ben and Cleo"
    assert join_names([*"abcde"]) == "a, b, c, d and e"
    names = [f"guest {number}" for number in range(30)]
    assert join_names(names) == "guest 0, guest 1, guest 2, guest 3 and 26 others"
    assert join_names(names, most=30).endswith("guest 28 and guest 29")


def test_one_thing_is_not_many() -> None:
    """Only one has no plural, and a large number has commas."""
    assert [counted(count, "message") for count in (0, 1, 2, 2_000)] == [
        "0 messages",
        "1 message",
        "2 messages",
        "2,000 messages",
    ]


def test_a_cut_text_is_no_longer_than_its_limit() -> None:
    """The ellipsis counts; a text that just fits is whole."""
    assert [ellipsized("abcd", most) for most in (3, 4, 5)] == ["ab…", "abcd", "abcd"]
