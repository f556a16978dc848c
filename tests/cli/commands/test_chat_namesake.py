"""`chat` asks which room a name means, where somebody can answer."""

from __future__ import annotations

import dataclasses

import click
import pytest
from click.testing import CliRunner

from messango.cli.commands.chat import _choose_namesake
from messango.discovery.model.events import FoundRoom
from messango.discovery.searching.name_lookup import AmbiguousName
from tests.discovery.factories import some_room

FIRST, SECOND = (dataclasses.replace(some_room("Tea"), id=digit * 32) for digit in "12")


def choose(typed: str) -> tuple[FoundRoom | None, str]:
    """Return the room that was chosen, or None if the error was raised, and what was printed."""
    chosen: list[FoundRoom] = []

    @click.command()
    def ask() -> None:
        chosen.append(_choose_namesake(AmbiguousName("Tea", [FIRST, SECOND], of_known=False)))

    result = CliRunner().invoke(ask, input=typed)
    assert bool(chosen) or isinstance(result.exception, AmbiguousName)
    return chosen[0] if chosen else None, result.output


def test_the_room_with_the_number_is_joined() -> None:
    """The question names both with what tells them apart."""
    room, printed = choose("2\n")
    assert room is SECOND
    assert "2 rooms called “Tea”" in printed
    assert FIRST.id in printed
    assert SECOND.id in printed


@pytest.mark.parametrize("typed", ["\n", "0\n"])
def test_no_room_is_the_default(typed: str) -> None:
    """Who just presses Enter joins nobody."""
    assert choose(typed)[0] is None
