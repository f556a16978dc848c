"""Random courses: what a client holds is what the room would give it now, whatever came when."""

from __future__ import annotations

import pytest

from messango.client.events import PrivateMessageReceived
from messango.room.history.present import with_details
from tests.client.room_course import Course, Member, shown

STEPS = 250


@pytest.fixture(autouse=True)
def _short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give those who join little, so that they have to ask for the rest."""
    monkeypatch.setattr("messango.room.following.MAX_BACKLOG_MESSAGES", 3)


@pytest.mark.parametrize("seed", range(12))
def test_a_client_holds_what_the_room_has(seed: int) -> None:
    """After breaks, with answers that overtake changes, and changes that overtake answers."""
    course = Course(seed, Member)
    compared = 0
    for _ in range(4):
        for _ in range(STEPS // 4):
            course.step()
        course.settle()
        compared += compare(course)
    assert compared > STEPS


def test_nobody_holds_what_is_private_to_others() -> None:
    """Nor is it in an answer or a quote."""
    course = Course(99, Member)
    for _ in range(STEPS):
        course.step()
    course.settle()
    for member in course.members:
        for held in member.present.in_order():
            if isinstance(held, PrivateMessageReceived):
                assert member.id in (held.member, held.to)
            else:
                assert not held.text.startswith("private")


def compare(course: Course[Member]) -> int:
    """Compare what each member holds with what the room would give them; return how much that is."""
    count = 0
    for member in course.members:
        for held in member.present.in_order():
            stored = course.room.history.messages([held.seq])[held.seq]
            (now,) = with_details(course.room.history, [stored], member.id)
            assert shown(held) == shown(now), (member.name, held.seq)
            count += 1
    return count
