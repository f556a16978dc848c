"""Which members a typed name can mean. Of several the host chooses: nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from messango.protocol.text.plain_names import quoted_name, shown_name
from messango.protocol.text.validation import normalized_name
from messango.room.members import Member, Members

_ID_MARK: Final = "#"
#: Enough to tell a few members apart; more is shown if it is not.
_MIN_ID_DIGITS: Final = 4

_MAX_SHOWN: Final = 8


def find_members(typed: str, members: Members) -> list[Member]:
    """Return the members that `typed` can mean: a name, what looks like one, its beginning, or `#` and an id.

    Members whose names look alike are always returned together.
    """
    wanted = normalized_name(typed)
    if not wanted:
        return []
    by_id = _members_where(members, lambda member: _is_id_of(typed.strip(), member))
    called = _members_where(members, lambda member: normalized_name(member.name) == wanted)
    alike = members.alike(called[0].name if called else typed)
    found = by_id + [member for member in alike if member not in by_id]
    if not found:
        found = _members_where(members, lambda member: normalized_name(shown_name(member.name)) == wanted)
    if not found:
        found = _members_where(members, lambda member: normalized_name(member.name).startswith(wanted))
        found += [alike for member in found for alike in members.alike(member.name) if alike not in found]
    return found


def ambiguous_text(typed: str, found: Sequence[Member]) -> str:
    """Return the question which of several members is meant, and how to answer it."""
    digits = _MIN_ID_DIGITS
    while len({member.id[:digits] for member in found}) < len(found):
        digits += 1
    choices = [
        f"{quoted_name(member.name)} ({_ID_MARK}{member.id[:digits]}{_place_of(member)})"
        for member in found[:_MAX_SHOWN]
    ]
    more = f" and {len(found) - _MAX_SHOWN} more" if len(found) > _MAX_SHOWN else ""
    return (
        f"{quoted_name(typed)} may be {' or '.join(choices)}{more}. "
        f"Type more of the name, or the number: {_ID_MARK}{found[0].id[:digits]}."
    )


def _members_where(members: Members, predicate: Callable[[Member], bool]) -> list[Member]:
    return [member for member in members if predicate(member)]


def _is_id_of(typed: str, member: Member) -> bool:
    digits = typed.removeprefix(_ID_MARK).lower()
    return typed.startswith(_ID_MARK) and len(digits) >= _MIN_ID_DIGITS and member.id.startswith(digits)


def _place_of(member: Member) -> str:
    return f", {member.peer.host}" if member.peer else ""
