"""The words about a name that looks like another one, for members and hosts in every front end."""

from __future__ import annotations

from collections.abc import Iterable

from messango.protocol.frames import Person
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import HOST_NAME


def resembled(resembles: str) -> str:
    """Return whom a name looks like, for `looks like ...`: `the host` or `“Ann”`."""
    return "the host" if resembles == HOST_NAME else quoted_name(resembles)


def look_alike_notices(people: Iterable[Person], you: str) -> list[str]:
    """Return a warning for each of these people whose name looks like somebody else's."""
    return [look_alike_notice(person.name, person.resembles, you) for person in people if person.resembles]


def look_alike_notice(name: str, resembles: str, you: str) -> str:
    """Return the warning for a member's name that looks like another member's, or like the host's."""
    other = "the host's name" if resembles == HOST_NAME else quoted_name(resembles)
    if name == you:
        return f"Your name looks like {other}, so everybody is warned that they are not the same."
    whose = "they are not the host" if resembles == HOST_NAME else "they are two members"
    return f"Careful: {quoted_name(name)} only looks like {other}; {whose}."
