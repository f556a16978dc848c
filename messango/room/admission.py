"""Who may come in, and what those are told who may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from messango.errors import BadName
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Refused
from messango.room.bans import Ban, Bans, format_duration
from messango.room.members import Member, Members, hash_session
from messango.room.remote_peer import Peer

#: Whoever is told that the room is full reads so many names; thousands would not fit into a frame.
_MAX_NAMES_SHOWN: Final = 20


class AdmissionPolicy:
    """Knows why somebody can't come in.

    `closed` once the room has ended for everybody, `locked` while the host lets nobody new in. A room
    is named in each call, for it may be called otherwise by then.
    """

    def __init__(self, members: Members, bans: Bans) -> None:
        self.closed = False
        self.locked = False
        self.bans = bans
        self._members = members

    def join_refusal(
        self, room: str, join: Join, returning: Member | None, peer: Peer, time_s: float
    ) -> Refused | None:
        """Return why somebody can't come in who asks so, and is perhaps `known` by a session."""
        if self.closed:
            return Refused(error_codes.CLOSING, *_closing_text(room))
        session_hash = hash_session(join.session) if join.session else ""
        names = [join.name, returning.name] if returning else [join.name]
        if ban := self.bans.find(names, peer.host, session_hash, time_s):
            return Refused(error_codes.BANNED, *_banned_text(room, ban, time_s))
        if self.bans.was_kicked(session_hash):
            return Refused(
                error_codes.BANNED,
                f"The host has sent you out of “{room}”.",
                "You can join anew, as a newcomer.",
            )
        return None

    def check_name(self, wanted: str, time_s: float) -> str:
        """Return a name that a member asks for; raises `BadName` where the host keeps it out."""
        if self.bans.find([wanted], "", "", time_s):
            raise BadName(f"The host keeps the name “{wanted}” out.", "Choose another.")
        return wanted

    def seat_refusal(self, room: str, now_s: float, *, returning: bool) -> Refused | None:
        """Return why there is no seat for one more, who is perhaps `known` by a session, or None."""
        if self.locked and not returning:
            reason = "The host lets nobody new in at the moment."
            return Refused(error_codes.FULL, reason, "Ask the host to unlock the room, or try again later.")
        if not self._members.full or self._members.reclaimable_seat(now_s):
            return None
        return Refused(
            error_codes.FULL,
            f"“{room}” is full: {_seats_text(self._members.seats)} taken.",
            f"In the room: {_join_names(self._members.names())}. Try again when somebody has left.",
        )


def closing_notice(room: str) -> Closed:
    """Return the last words to a member when the room closes."""
    return Closed(error_codes.CLOSING, *_closing_text(room))


def kicked_notice(room: str, reason: str) -> Closed:
    """Return the last words to a member whom the host sends out."""
    text = f"The host has sent you out of “{room}”{_reason_suffix(reason)}"
    return Closed(error_codes.KICKED, text, "You can join anew, as a newcomer.")


def banned_notice(room: str, ban: Ban, time_s: float) -> Closed:
    """Return the last words to a member whom the host bans."""
    return Closed(error_codes.KICKED, *_banned_text(room, ban, time_s))


def _banned_text(room: str, ban: Ban, time_s: float) -> tuple[str, str]:
    if ban.until_s is None:
        return (
            f"The host has banned you from “{room}”{_reason_suffix(ban.reason)}",
            "Ask the host to lift the ban.",
        )
    remaining = format_duration(ban.until_s - time_s)
    return (
        f"The host has banned you from “{room}” for {remaining}{_reason_suffix(ban.reason)}",
        "Come back after that.",
    )


def _reason_suffix(reason: str) -> str:
    return f": {reason.rstrip('.')}." if reason else "."


def _closing_text(room: str) -> tuple[str, str]:
    return f"The host has closed “{room}”.", "Ask the host to open it again."


def _seats_text(seats: int) -> str:
    return f"all {seats} seats are" if seats > 1 else "its one seat is"


def _join_names(names: Sequence[str]) -> str:
    if len(names) <= _MAX_NAMES_SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:_MAX_NAMES_SHOWN])} and {len(names) - _MAX_NAMES_SHOWN} more"
