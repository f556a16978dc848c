"""Who may come in, and what those are told who may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from messango.errors import BadName
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Refused
from messango.room.bans import Ban, Bans, how_long
from messango.room.members import Member, Members, proof_of
from messango.room.remote_peer import Peer

#: Whoever is told that the room is full reads so many names; thousands would not fit into a frame.
_NAMES_TOLD: Final = 20


class Door:
    """Knows why somebody can't come in.

    `closed` once the room has ended for everybody, `locked` while the host lets nobody new in. A room
    is named in each call, for it may be called otherwise by then.
    """

    def __init__(self, members: Members, bans: Bans) -> None:
        self.closed = False
        self.locked = False
        self.bans = bans
        self._members = members

    def refusal(
        self, room: str, join: Join, known: Member | None, peer: Peer, time_s: float
    ) -> Refused | None:
        """Return why somebody can't come in who asks so, and is perhaps `known` by a session."""
        if self.closed:
            return Refused(error_codes.CLOSING, *_goodbye(room))
        session = proof_of(join.session) if join.session else ""
        names = [join.name, known.name] if known else [join.name]
        if ban := self.bans.find(names, peer.host, session, time_s):
            return Refused(error_codes.BANNED, *_banned(room, ban, time_s))
        if self.bans.was_kicked(session):
            return Refused(
                error_codes.BANNED,
                f"The host has sent you out of “{room}”.",
                "You can join anew, as a newcomer.",
            )
        return None

    def name_for(self, wanted: str, time_s: float) -> str:
        """Return a name that a member asks for; raises `BadName` where the host keeps it out."""
        if self.bans.find([wanted], "", "", time_s):
            raise BadName(f"The host keeps the name “{wanted}” out.", "Choose another.")
        return wanted

    def no_seat(self, room: str, now_s: float, *, known: bool) -> Refused | None:
        """Return why there is no seat for one more, who is perhaps `known` by a session, or None."""
        if self.locked and not known:
            reason = "The host lets nobody new in at the moment."
            return Refused(error_codes.FULL, reason, "Ask the host to unlock the room, or try again later.")
        if not self._members.full or self._members.yielding(now_s):
            return None
        return Refused(
            error_codes.FULL,
            f"“{room}” is full: {_all(self._members.seats)} taken.",
            f"In the room: {_listed(self._members.names())}. Try again when somebody has left.",
        )


def farewell(room: str) -> Closed:
    """Return the last words to a member when the room closes."""
    return Closed(error_codes.CLOSING, *_goodbye(room))


def sent_out(room: str, reason: str) -> Closed:
    """Return the last words to a member whom the host sends out."""
    said = f"The host has sent you out of “{room}”{_because(reason)}"
    return Closed(error_codes.KICKED, said, "You can join anew, as a newcomer.")


def banned(room: str, ban: Ban, time_s: float) -> Closed:
    """Return the last words to a member whom the host bans."""
    return Closed(error_codes.KICKED, *_banned(room, ban, time_s))


def _banned(room: str, ban: Ban, time_s: float) -> tuple[str, str]:
    if ban.until_s is None:
        return (
            f"The host has banned you from “{room}”{_because(ban.reason)}",
            "Ask the host to lift the ban.",
        )
    left = how_long(ban.until_s - time_s)
    return f"The host has banned you from “{room}” for {left}{_because(ban.reason)}", "Come back after that."


def _because(reason: str) -> str:
    return f": {reason.rstrip('.')}." if reason else "."


def _goodbye(room: str) -> tuple[str, str]:
    return f"The host has closed “{room}”.", "Ask the host to open it again."


def _all(seats: int) -> str:
    return f"all {seats} seats are" if seats > 1 else "its one seat is"


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _NAMES_TOLD:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMES_TOLD])} and {len(names) - _NAMES_TOLD} more"
