"""The rules for joining, and the texts for those who are refused or removed."""

from __future__ import annotations

import hmac
from typing import Final

from messango.errors import BadName
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Refused
from messango.protocol.limits import MAX_RAW_NAME_CHARACTERS
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import counted, join_names
from messango.room.bans import Ban, Bans, format_duration
from messango.room.guests import GuestAccess
from messango.room.members import Member, Members, hash_session
from messango.room.peer import Peer

#: A refusal because the room is full names at most this many members; thousands would not fit into a frame.
_MAX_NAMES_SHOWN: Final = 20

_JOIN_AGAIN_HINT: Final = "You can join again as a new member."

#: The last frame for a connection whose member came over another one.
REPLACED_NOTICE: Final = Closed(
    error_codes.REPLACED,
    "You joined from another connection, so this one is closed.",
    "Continue in the other one.",
)


class AdmissionPolicy:
    """Decides who may join.

    `closed` is true once the room has closed, `locked` while the host refuses new members. Each change of the
    password, to none as well, has the next `password_generation`; the server checks it. `host_secret` is
    what only the host's programs know; without one nobody is host. Each call takes the room's present name,
    which can change.
    """

    def __init__(self, members: Members, bans: Bans) -> None:
        self.closed = False
        self.locked = False
        self.has_password = False
        self.password_generation = 0
        self.host_secret = ""
        self.bans = bans
        self.guests = GuestAccess()
        self._members = members

    def join_refusal(
        self, room: str, join: Join, returning: Member | None, peer: Peer, now_s: float, time_s: float
    ) -> Refused | None:
        """Return why this client can't join, or None; `returning` is the member whose session they gave."""
        if self.closed:
            return Refused(error_codes.CLOSING, *_closing_text(room))
        if peer.browser and (refusal := self._guest_refusal(room, join, returning, now_s, time_s)):
            return refusal
        session_hash = hash_session(join.session) if join.session else ""
        # A longer name is refused when it is cleaned.
        wanted = join.name[:MAX_RAW_NAME_CHARACTERS]
        names = [wanted, returning.name] if returning else [wanted]
        is_newcomer = returning is None and not peer.is_local
        if ban := self.bans.find(names, peer.host, session_hash, time_s, is_newcomer=is_newcomer):
            return Refused(error_codes.BANNED, *_banned_text(room, ban, time_s))
        if self.bans.was_kicked(session_hash):
            return kicked_refusal(room)
        return None

    def _guest_refusal(
        self, room: str, join: Join, returning: Member | None, now_s: float, time_s: float
    ) -> Refused | None:
        """Return why this guest can't join from a browser, or None."""
        has_seat = returning is not None and self._members.is_seated(returning)
        if has_seat and self.guests.is_open:
            return None
        return self.guests.refusal(room, join, now_s, time_s)

    def password_refusal(self, generation: int, seated: Member | None, peer: Peer) -> Refused | None:
        """Return why the password of this generation does not do, or None; `seated` has a seat to return to.

        It was right when this client began to join. A guest in a browser has a key in its place.
        """
        if generation == self.password_generation or peer.browser:
            return None
        if seated is not None and seated.password_generation == generation:
            return None
        return Refused(error_codes.BUSY, "The host has just changed the room's password.", "Try again.")

    def proves_host(self, join: Join, peer: Peer) -> bool:
        """Return whether this client is the host's. An address proves nothing, nor what others can read."""
        if not self.host_secret or join.host is None or not peer.encrypted:
            return False
        return hmac.compare_digest(join.host.encode(), self.host_secret.encode())

    def require_name_not_banned(self, wanted: str, time_s: float) -> None:
        """Raise `BadName` if a member's new name is banned."""
        if self.bans.find([wanted], "", "", time_s):
            raise BadName(f"The host has banned the name {quoted_name(wanted)}.", "Choose another one.")

    def seat_refusal(self, room: str, now_s: float, *, returning: bool, asking: int = 0) -> Refused | None:
        """Return why there is no seat for this client, or None; `returning`: they gave a known session.

        `asking` others have been promised a seat.
        """
        if self.locked and not returning:
            return locked_refusal()
        if len(self._members) + asking < self._members.seats or self._members.reclaimable_seat(now_s):
            return None
        names = join_names([*map(plain_name, self._members.names())], _MAX_NAMES_SHOWN)
        taken = _seats_text(self._members.seats, len(self._members))
        return Refused(
            error_codes.FULL,
            f"{quoted_name(room)} is full: {taken}.",
            f"In the room: {names}. Try again when somebody has left.",
        )


def closing_notice(room: str) -> Closed:
    """Return the last frame for a member when the room closes."""
    return Closed(error_codes.CLOSING, *_closing_text(room))


def kicked_notice(room: str, reason: str) -> Closed:
    """Return the last frame for a member whom the host removes."""
    text = f"The host removed you from {quoted_name(room)}{_reason_suffix(reason)}"
    return Closed(error_codes.KICKED, text, _JOIN_AGAIN_HINT)


def kicked_refusal(room: str) -> Refused:
    """Return why a session can't return that the host has removed."""
    return Refused(error_codes.BANNED, f"The host removed you from {quoted_name(room)}.", _JOIN_AGAIN_HINT)


def locked_refusal() -> Refused:
    """Return why newcomers can't join a locked room."""
    reason = "The host has locked the room."
    return Refused(error_codes.LOCKED, reason, "Ask the host to unlock the room, or try again later.")


def banned_notice(room: str, ban: Ban, time_s: float) -> Closed:
    """Return the last frame for a member whom the host bans."""
    return Closed(error_codes.BANNED, *_banned_text(room, ban, time_s))


def _banned_text(room: str, ban: Ban, time_s: float) -> tuple[str, str]:
    if ban.until_s is None:
        return (
            f"The host has banned you from {quoted_name(room)}{_reason_suffix(ban.reason)}",
            "Ask the host to lift the ban.",
        )
    remaining = format_duration(ban.until_s - time_s)
    return (
        f"The host has banned you from {quoted_name(room)} for {remaining}{_reason_suffix(ban.reason)}",
        "You can join again after that.",
    )


def _reason_suffix(reason: str) -> str:
    return f": {reason.rstrip('.')}." if reason else "."


def _closing_text(room: str) -> tuple[str, str]:
    return f"The host has closed {quoted_name(room)}.", "Ask the host to open it again."


def _seats_text(seats: int, members: int) -> str:
    if members > seats:  # The host has taken seats away.
        return f"{members} are in it, and it has {counted(seats, 'seat')}"
    return f"all {seats} seats are taken" if seats > 1 else "its one seat is taken"
