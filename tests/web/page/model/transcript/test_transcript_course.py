"""Random courses: what a page shows is what the room would give it now, whatever came when."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import msgspec
import pytest

from messango.protocol.frames import (
    AnyMessage,
    Earlier,
    EarlierMessages,
    Problem,
    Reaction,
    Say,
    ServerFrame,
    Tell,
    Welcome,
)
from messango.room.history.reading.member_reading import HistoryReading
from messango.room.request_check import EntryRequest
from tests.client.room_course import Course, Member, shown
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

REPLAY = Path(__file__).with_name("replay_course.js").read_text("utf-8")
STEPS = 250


class PageMember(Member):
    """A member who writes down what comes to their page."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.log: list[tuple[str, Any, int | None]] = []
        #: The number of the first message on the page; 0 if there is none.
        self.oldest = 0
        self._asked: dict[str, int] = {}

    def handle(self, count: int) -> None:
        """Write down the next frames; the page draws when it has handled them."""
        for frame in self.inbox[:count]:
            self.log.append(self._step(frame))
        self.log.append(("drawn", None, None))
        super().handle(count)

    def send(self, request: EntryRequest) -> None:
        """Show an own message before its receipt."""
        super().send(request)
        if isinstance(request, Say | Tell):
            self.log.append(("pending", msgspec.to_builtins(request), None))

    def before(self, course: random.Random, latest: int) -> int:
        """Ask for what is above the page, or for anything."""
        return self.oldest if self.oldest and course.random() < 0.8 else super().before(course, latest)

    def ask(self, question: Earlier) -> None:
        """Remember what was asked."""
        super().ask(question)
        self._asked[question.id] = question.before

    def _step(self, frame: ServerFrame) -> tuple[str, Any, int | None]:
        plain = msgspec.to_builtins(frame)
        if isinstance(frame, Welcome):
            return "welcome", plain, self.client.session.last_seq
        if isinstance(frame, EarlierMessages):
            before = self._asked[frame.id]
            if frame.messages and before == self.oldest:
                self.oldest = frame.messages[0].seq
            return "earlier", plain, before
        if isinstance(frame, AnyMessage) and not self.oldest:
            self.oldest = frame.seq
        return "problem" if isinstance(frame, Problem) else "frame", plain, None


def visible(course: Course[PageMember], member: PageMember) -> list[AnyMessage]:
    """Return all messages that a member may see, as they are now."""
    with HistoryReading(member.id, course.room.history.unsaved().copy(), None) as reading:
        messages, _more = reading.before(course.room.history.latest + 1, 10_000)
    return [*messages]


def shown_on_page(entry: dict[str, Any]) -> tuple[object, ...]:
    """Return what people see of an entry."""
    reply = entry["reply"] and (entry["reply"]["seq"], entry["reply"]["name"], entry["reply"]["text"])
    reactions = [msgspec.convert(each, Reaction) for each in entry["reactions"]]
    return (
        entry["text"],
        entry["edited"],
        entry["deleted"],
        reply,
        sorted((each.emoji, each.count, each.mine, sorted(each.names)) for each in reactions),
    )


@pytest.fixture(autouse=True)
def _short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give those who join little, so that they have to ask for the rest."""
    monkeypatch.setattr("messango.room.following.MAX_BACKLOG_MESSAGES", 3)


@pytest.mark.parametrize("seed", range(6))
def test_a_page_shows_what_the_room_has(seed: int, modules: Modules) -> None:
    """From its first message to the last, in the present form; and a view can follow each change."""
    course = Course(seed, PageMember)
    for _ in range(STEPS):
        course.step()
    course.settle()
    compared = 0
    for member in course.members:
        page = modules.run(REPLAY, log=member.log)
        assert page["problems"] == []
        assert page["oldest"] == member.oldest
        on_page = [entry for entry in page["entries"] if entry["seq"]]
        assert page["hasEarlier"] or visible(course, member)[0].seq == member.oldest
        expected = [message for message in visible(course, member) if message.seq >= member.oldest]
        assert [entry["seq"] for entry in on_page] == [message.seq for message in expected]
        assert list(map(shown_on_page, on_page)) == list(map(shown, expected))
        compared += len(on_page)
    assert compared > STEPS // 2
