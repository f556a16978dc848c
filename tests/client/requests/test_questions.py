"""Questions wait for their answers; few are under way at once."""

from __future__ import annotations

from messango.client.requests.questions import Questions
from messango.protocol.frames import Earlier, Search


def searches(count: int) -> list[Search]:
    """Return searches with different ids."""
    return [Search(f"s{number}", "word") for number in range(count)]


def test_one_search_at_once() -> None:
    """The next one when the answer is there; older messages do not wait for a search."""
    questions = Questions()
    first, second = searches(2)
    for question in (first, second, Earlier("e", 5, 10)):
        assert questions.add(question) == question.id
    assert questions.next_batch() == [first, Earlier("e", 5, 10)]
    assert questions.next_batch() == []
    assert questions.answered("s0", Search) is first
    assert questions.next_batch() == [second]


def test_only_an_answer_of_its_kind_and_only_once() -> None:
    """Another one leaves the question waiting."""
    questions = Questions()
    questions.add(Search("s", "word"))
    assert questions.answered("s", Earlier) is None
    assert questions.answered("other", Search) is None
    assert questions.answered("s", Search) == Search("s", "word")
    assert questions.answered("s", Search) is None
    assert len(questions) == 0


def test_a_rejected_question_makes_room() -> None:
    """It is not asked again."""
    questions = Questions()
    first, second = searches(2)
    questions.add(first)
    questions.add(second)
    questions.next_batch()
    assert questions.rejected("s0") is first
    assert questions.rejected("s0") is None
    questions.requeue_all()
    assert questions.next_batch() == [second]


def test_asked_again_after_a_break() -> None:
    """In the same order; those that were answered are not."""
    questions = Questions()
    asked = [Earlier(f"e{number}", number, 10) for number in range(6)]
    for question in asked:
        questions.add(question)
    assert questions.next_batch() == asked[:4]
    questions.answered("e1", Earlier)
    questions.requeue_all()
    assert questions.next_batch() == [asked[0], *asked[2:5]]
