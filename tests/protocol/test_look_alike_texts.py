"""The words about names that look like another."""

from __future__ import annotations

from messango.protocol.frames import Person
from messango.protocol.look_alike_texts import look_alike_notice, look_alike_notices, resembled
from messango.protocol.text.validation import HOST_NAME


def test_who_only_looks_like_somebody() -> None:
    """Each such member is named, ourselves too."""
    people = [
        Person("a", "Ann"),
        Person("b", "\u0410nn", resembles="Ann"),
        Person("c", "H0st", resembles=HOST_NAME),
    ]
    assert look_alike_notices(people, "Ann") == [
        "Careful: “\u0410nn” only looks like “Ann”; they are two members.",
        "Careful: “H0st” only looks like the host's name; they are not the host.",
    ]
    assert "Your name looks like “Ann”" in look_alike_notice("\u0410nn", "Ann", "\u0410nn")


def test_whom_a_name_looks_like() -> None:
    """The host's own name is a sign for what it is, not a name to show."""
    assert resembled("Ann") == "“Ann”"
    assert resembled(HOST_NAME) == "the host"
