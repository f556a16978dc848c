"""Who is mentioned, and the log of the messages that mention us."""

from __future__ import annotations

import pytest

from messango.client.mentions import MAX_MENTIONS, MentionLog, is_mention


@pytest.mark.parametrize(
    "text",
    [
        "@Ann look",
        "Ann: yes",
        "ask ann",
        "@ANN!",
        "(@ann)",
        "Is that Ánn?",
        "安 @Ann先生",
        "*@Ann*",
        "@Ann's",
    ],
)
def test_a_name_as_a_word_mentions(text: str) -> None:
    """With or without a sign, in any case."""
    assert is_mention(text, "Ann")


@pytest.mark.parametrize("text", ["planned", "@Anna", "Anne: hm", "", "annual", "@An n"])
def test_a_part_of_a_word_does_not(text: str) -> None:
    """It is another word, or another name."""
    assert not is_mention(text, "Ann")


def test_an_answer_mentions_whom_it_answers() -> None:
    """Without the name in it."""
    assert is_mention("yes", "Ann", answers_you=True)


def test_a_longer_name_is_not_the_shorter_one() -> None:
    """If somebody has it; each place in the text counts by itself."""
    names = ["Ann", "Ann Lee", "Ann Lee 2"]
    assert not is_mention("@Ann Lee look", "Ann", names=names)
    assert is_mention("@Ann Lee look", "Ann Lee", names=names)
    assert not is_mention("@Ann  lee 2, look", "Ann Lee", names=names)
    assert is_mention("@Ann Lee and @Ann", "Ann", names=names)
    assert is_mention("@Ann leeward", "Ann", names=names)
    assert is_mention("@Ann Lee", "Ann", names=["Ann"])


def test_names_with_spaces_and_other_scripts() -> None:
    """Also where words have no spaces between them."""
    assert is_mention("@Ann  Lee: hi", "Ann Lee")
    assert is_mention("@小明你好", "小明")
    assert not is_mention("@Ann", "Ann Lee")


def test_the_log_goes_through_unseen_mentions_first() -> None:
    """The oldest of them first; then upwards, and around."""
    log = MentionLog()
    assert log.next(None) is None
    for seq, seen in ((3, True), (9, False), (5, True), (7, False), (7, False)):
        log.add(seq, seen=seen)
    assert log.seqs == (3, 5, 7, 9)
    assert log.unseen_count == 2
    assert log.next(None) == 7
    log.mark_seen(7, 7)
    assert log.next(7) == 9
    log.mark_seen(0, 100)
    assert [log.next(None), log.next(9), log.next(7), log.next(3)] == [9, 7, 5, 9]
    log.remove(9)
    log.remove(9)
    assert log.next(None) == 7
    log.clear()
    assert log.next(None) is None


def test_the_log_is_bounded() -> None:
    """A room may mention one without end."""
    log = MentionLog()
    for seq in range(2 * MAX_MENTIONS):
        log.add(seq, seen=False)
    assert log.seqs[0] == MAX_MENTIONS
    assert log.unseen_count == MAX_MENTIONS
