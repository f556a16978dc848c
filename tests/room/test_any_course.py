"""Any course that an evening may take: hypothesis drives a room, a model says what each must have heard."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Final

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from messango.protocol.frames import Message, Welcome
from messango.protocol.limits import MAX_NAME_CHARACTERS, SEAT_KEPT_S
from messango.protocol.validation import name_key
from tests.room.batches import Table

SEATS: Final = 3
names: Final = st.sampled_from(["Ann", "ann", "ANN", "Ann 2", "Ben", "x" * MAX_NAME_CHARACTERS])


@dataclass(eq=False)
class Person:
    """Somebody with a client: what they have heard, whichever connection it came by."""

    number: int
    link: int
    session: str = ""
    member: str = ""
    seqs: list[int] = field(default_factory=list)
    said: int = 0
    answers_due: int = 0
    behind: bool = False


class Evening(RuleBasedStateMachine):
    """Joins, messages, breaks, returns, goodbyes, names and time, several of them in one round."""

    people = Bundle("people")
    away = Bundle("away")

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(SEATS)
        self.table.begin()
        self.links = itertools.count(1)
        self.hears: dict[int, Person] = {}
        self.said: list[str] = []
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr("messango.room.room.CATCH_UP_MESSAGES", 2)

    def teardown(self) -> None:
        self._hear()
        self.patch.undo()

    # What happens. A round goes on until `_hear`, so much of it comes together in one.

    @rule(target=people, name=names)
    def join(self, name: str) -> object:
        link = next(self.links)
        return self._arrived(Person(link, link), link, admitted=self.table.join(link, name))

    @rule(person=people, again=st.lists(st.booleans(), max_size=4))
    def say(self, person: Person, again: list[bool]) -> None:
        says = []
        for repeated in again:
            if repeated and person.said:
                person.answers_due += 1
            else:
                person.said += 1
                self.said.append(f"{person.number} says {person.said}")
            says.append((f"id {person.said}", f"{person.number} says {person.said}"))
        self.table.say_as(person.link, *says)

    @rule(target=away, person=consumes(people))
    def lose(self, person: Person) -> Person:
        self._hear()
        del self.hears[person.link]
        self.table.lose(person.link)
        return person

    @rule(target=people, person=consumes(away))
    def come_back(self, person: Person) -> object:
        return self._return(person)

    @rule(target=people, person=consumes(people))
    def come_twice(self, person: Person) -> object:
        self._hear()
        old = person.link
        del self.hears[old]
        back = self._return(person)
        self._hear()
        assert old in self.table.ended
        return back

    @rule(target=away, person=consumes(people))
    def leave(self, person: Person) -> Person:
        self.table.part(person.link)
        self._hear()
        del self.hears[person.link]
        assert person.link in self.table.ended
        return person

    @rule(person=people)
    def read_on(self, person: Person) -> None:
        if person.link in self.table.catching_up:
            self.table.read_on(person.link)

    @rule(person=people, name=names)
    def rename(self, person: Person, name: str) -> None:
        self.table.rename(person.link, name)

    @rule(person=people)
    def type(self, person: Person) -> None:
        self.table.touch_a_key(person.link)

    @rule(seconds=st.sampled_from([0.0, 1.0, SEAT_KEPT_S / 2, SEAT_KEPT_S]))
    def next_round(self, seconds: float) -> None:
        self._hear(seconds)

    # What must hold.

    @invariant()
    def seats_are_not_exceeded(self) -> None:
        assert len(self.hears) <= self.table.room.facts().members <= SEATS

    @invariant()
    def names_are_unique(self) -> None:
        taken = self.table.room.names()
        assert len({name_key(name) for name in taken}) == len(taken)

    def _hear(self, seconds: float = 0.0) -> None:
        """End the round, check what each was told against all that was said, and begin another."""
        self.table.end()
        assert [message.text for message in self.table.history.since(0)] == self.said
        for person in self.hears.values():
            self._hear_as(person)
        self.table.now_s += seconds
        self.table.begin()

    def _hear_as(self, person: Person) -> None:
        for frame in self.table.told(person.link):
            if isinstance(frame, Welcome):
                assert person.member in ("", frame.member)
                person.session, person.member = frame.session, frame.member
            elif isinstance(frame, Message) and frame.member == person.member and frame.seq in person.seqs:
                person.answers_due -= 1
                assert person.answers_due >= 0
            elif isinstance(frame, Message):
                person.seqs.append(frame.seq)
        if person.link in self.table.catching_up:
            # It may have an answer coming in its turn, and it has no gap in what it has.
            assert person.seqs == [*range(1, len(person.seqs) + 1)]
            assert len(person.seqs) < len(self.said)
            person.behind = True
        else:
            assert person.seqs == [*range(1, len(self.said) + 1)]
            # Who was behind may have got an answer with all the rest.
            assert person.behind or person.answers_due == 0
            person.behind, person.answers_due = False, 0

    def _return(self, person: Person) -> object:
        link = next(self.links)
        admitted = self.table.join(link, "Whoever", person.session, len(person.seqs))
        return self._arrived(person, link, admitted=admitted)

    def _arrived(self, person: Person, link: int, *, admitted: bool) -> object:
        if not admitted:
            assert self.table.room.facts().members == SEATS
            return multiple()
        person.link = link
        self.hears[link] = person
        return person


TestAnyCourse = Evening.TestCase
