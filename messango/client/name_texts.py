"""Texts about names, the same in the window and the terminal: what ours became, and who looks like whom."""

from __future__ import annotations

from collections.abc import Iterable

from messango.client.events import MemberRenamed, RoomJoined
from messango.protocol.frames import Person
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.validation import HOST_NAME


def own_name_notice(joined: RoomJoined) -> str:
    """Return what our name became if it is not the one that we asked for; otherwise an empty text."""
    if joined.wanted in ("", joined.you):
        return ""
    return f"You are called {quoted_name(joined.you)} here: {quoted_name(joined.wanted)} was taken."


def renamed_text(event: MemberRenamed) -> str:
    """Return who has which name now; for our own name, also why it is not the one that we asked for."""
    if not event.you:
        return f"{plain_name(event.old)} is now called {plain_name(event.name)}"
    verb = "are still" if event.name == event.old else "are now"
    taken = event.wanted not in ("", event.name)
    return f"You {verb} called {plain_name(event.name)}" + (
        f": {quoted_name(event.wanted)} was taken" if taken else ""
    )


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
