"""The rows of the window's member list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from messango.client.events import RoomJoined
from messango.client.members.presence import Presence
from messango.client.members.servers import by_server
from messango.protocol.look_alike_texts import resembled

#: The members beyond this are only counted: each row is five widgets, and nobody reads down so far.
MAX_LISTED: Final = 200

#: Stands above those who lost the connection, where the rows are in groups.
_AWAY: Final = "Away"


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One row of the member list; `lost` marks a former member whose connection broke.

    `id` is the member's public id, the other fields are as in `Person`.
    """

    name: str
    you: bool = False
    typing: bool = False
    lost: bool = False
    encrypted: bool = True
    id: str = ""
    host: bool = False
    web: bool = False
    resembles: str = ""
    #: The name of the server at which they are, if that is another one of a linked room.
    server: str = ""
    #: What stands above the row: the name of the server of this one and those below.
    heading: str = ""

    @property
    def status(self) -> str:
        """The text behind the name; who is host stays in sight while they type."""
        if self.lost:
            return "lost connection"
        if self.typing:
            return "host, typing…" if self.host else "typing…"
        return ", ".join(filter(None, ("you" if self.you else "", "host" if self.host else "")))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The texts below the name, each on its line: what others should know before they trust it."""
        marks = (
            f"looks like {resembled(self.resembles)}" if self.resembles else "",
            "by browser" if self.web else "",
            "" if self.encrypted or self.resembles else "not encrypted",
        )
        return tuple(filter(None, marks))


def _server_of(row: MemberRow) -> str:
    return row.server


class Roster(Presence):
    """The members of the room, as rows; `server` is the name of ours in a linked room."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self.server = ""
        self._servers = 0

    @property
    def counts(self) -> tuple[int, int]:
        """The number of members, and that of servers if the room has several."""
        return len(self), self._servers

    def joined(self, event: RoomJoined) -> None:
        """Replace the members by those of the room that we have just joined."""
        self.reset(event.you, event.everybody)
        self.server, self._servers = event.server, len(event.servers)

    @property
    def rows(self) -> list[MemberRow]:
        """Return the members in the order in which they joined, you first, lost connections last.

        Those at other servers follow, by server. At most `MAX_LISTED` members have a row.
        """
        typing, names = set(self.typing_names), self.names
        if self.you in names:
            names = [self.you, *(name for name in names if name != self.you)]
        lost = [MemberRow(name, lost=True, id=self.lost_id(name)) for name in self.lost]
        groups = by_server([self._row(name, is_typing=name in typing) for name in names], _server_of)
        if len(groups) <= 1 and not (groups and groups[0][0]):
            return [row for _, rows in groups for row in rows][:MAX_LISTED] + lost
        headed = [
            replace(row, heading=(server or self.server) if row is rows[0] else "")
            for server, rows in groups
            for row in rows
        ]
        away = [replace(row, heading=_AWAY if row is lost[0] else "") for row in lost]
        return headed[:MAX_LISTED] + away

    def _row(self, name: str, *, is_typing: bool) -> MemberRow:
        person = self.person(name)
        return MemberRow(
            name,
            name == self.you,
            is_typing,
            encrypted=person.encrypted,
            id=person.id,
            host=person.host,
            web=person.web,
            resembles=person.resembles,
            server=person.server,
        )
