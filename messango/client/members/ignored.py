"""The members whose words a person does not want to see, kept for each room."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from messango.errors import CorruptFile
from messango.protocol.frames import Reaction
from messango.protocol.text.validation import HOST_MEMBER_ID, normalized_name
from messango.storage import file_lock, home, write_private

logger = logging.getLogger(__name__)

FILE_NAME: Final = "ignored.json"

#: The latest of more are kept.
_MAX_IGNORED: Final = 200
_MAX_ROOMS: Final = 1_000


class IgnoredMember(msgspec.Struct, frozen=True):
    """A member as they were when they were ignored."""

    member: str
    name: str


class IgnoredMembers:
    """Whom a person ignores in one room. Pure; used by one thread.

    A member is known by the public id, which a new name does not change, and by the name, because somebody
    who leaves and joins again has a new id. The names that a member takes later are not added: they could
    be another's.
    """

    def __init__(self, members: Iterable[IgnoredMember] = ()) -> None:
        self._members = [*members][-_MAX_IGNORED:]

    def __bool__(self) -> bool:
        """Return whether anybody is ignored."""
        return bool(self._members)

    @property
    def members(self) -> list[IgnoredMember]:
        """Those who are ignored, in the order in which they were added."""
        return [*self._members]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [ignored.name for ignored in self._members]

    def hides(self, member: str, name: str) -> bool:
        """Return whether what this member writes is hidden; the host's announcements never are."""
        if not self._members or member == HOST_MEMBER_ID:
            return False
        key = normalized_name(name)
        return any(
            (ignored.member == member and member) or normalized_name(ignored.name) == key
            for ignored in self._members
        )

    def add(self, member: str, name: str) -> bool:
        """Ignore a member, whose id may be unknown (empty); returns False if they were ignored before."""
        if self.hides(member, name):
            return False
        self._members = [*self._members, IgnoredMember(member, name)][-_MAX_IGNORED:]
        return True

    def remove(self, member: str, name: str) -> bool:
        """Ignore a member no more; returns False if they were not ignored."""
        key = normalized_name(name)
        kept = [
            ignored
            for ignored in self._members
            if (ignored.member != member or not member) and normalized_name(ignored.name) != key
        ]
        is_removed = len(kept) < len(self._members)
        self._members = kept
        return is_removed

    def shown_reactions(self, reactions: Iterable[Reaction]) -> tuple[Reaction, ...]:
        """Return the reactions without those of ignored members, as far as their names are given."""
        shown = (self._shown(reaction) for reaction in reactions) if self._members else reactions
        return tuple(reaction for reaction in shown if reaction.count > 0)

    def _shown(self, reaction: Reaction) -> Reaction:
        names = tuple(name for name in reaction.names if not self.hides("", name))
        hidden = len(reaction.names) - len(names)
        return msgspec.structs.replace(reaction, names=names, count=reaction.count - hidden)


def load_ignored(room_id: str) -> IgnoredMembers:
    """Return whom this person ignores in a room. A file that can't be read is logged, and ignores nobody."""
    try:
        return IgnoredMembers(_read(_path()).get(room_id, ()))
    except (OSError, CorruptFile):
        logger.warning("the list of ignored members can't be read", exc_info=True)
        return IgnoredMembers()


def save_ignored(room_id: str, ignored: IgnoredMembers) -> None:
    """Keep whom this person ignores in a room; raises `OSError` or `CorruptFile`."""
    path = _path()
    with file_lock(path):
        rooms = _read(path)
        rooms.pop(room_id, None)
        if ignored:
            rooms[room_id] = ignored.members
        latest = dict([*rooms.items()][-_MAX_ROOMS:])
        write_private(path, msgspec.json.format(msgspec.json.encode(latest)) + b"\n")


def _path() -> Path:
    return home() / FILE_NAME


def _read(path: Path) -> dict[str, list[IgnoredMember]]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, list[IgnoredMember]])
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise CorruptFile(
            path, "The list of members whom you ignore", "Repair it or move it away."
        ) from error
