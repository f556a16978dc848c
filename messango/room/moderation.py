"""What the host does in the room, each thing answered in a sentence."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from messango.protocol.validation import clean_text, normalized_name, text_error
from messango.room.admission import banned_notice, kicked_notice
from messango.room.bans import Ban, format_duration
from messango.room.members import Member
from messango.room.remote_peer import Network, Peer, format_network
from messango.room.room import Room

#: A reason is a sentence: it stands in one line on others' screens.
_MAX_REASON_CHARACTERS: Final = 200

#: Whoever bans for longer means for good; and a clock has to be able to tell when it ends.
_PERMANENT_BAN_S: Final = 10 * 365 * 86_400.0

#: Names that are offered to somebody who mistyped one.
_MAX_SUGGESTIONS: Final = 8


class ModerationError(Exception):
    """What the host wants can't be done; says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class MemberInfo:
    """Somebody with a seat: where from, since when (seconds since 1970 UTC), away while it is kept alone."""

    name: str
    peer: Peer | None
    joined_at_s: float
    away: bool


class Moderation:
    """The host's hand in one room; for the thread that owns it, inside a round."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._members = room.members
        self._admission = room.admission

    def who(self) -> tuple[MemberInfo, ...]:
        """Return everybody with a seat, in the order in which they came."""
        return tuple(
            MemberInfo(member.name, member.peer, member.joined_at_s, member.connection_id is None)
            for member in self._members
        )

    def bans(self) -> tuple[Ban, ...]:
        """Return whom the host keeps out now."""
        self._admission.bans.remove_expired(self._room.time_s)
        return tuple(self._admission.bans)

    def kick(self, name: str, reason: str = "") -> str:
        """Send a member out, whose session does not get back in; raises `ModerationError`."""
        member, reason = self._require_member(name), _clean_reason(reason)
        self._admission.bans.add_kicked(member.session_hash)
        self._room.kick(
            member, kicked_notice(self._room.name, reason), _leave_reason("sent out by the host", reason)
        )
        return f"“{member.name}” was sent out."

    def ban(self, name: str, seconds: float | None = None, reason: str = "") -> str:
        """Keep out a name, with the address and the session that go with it now; raises `ModerationError`.

        Somebody who has just left is known by name; otherwise the name alone is kept out.
        """
        member = self._match_or_departed(name)
        name = member.name if member else name.strip()
        peer = member.peer if member else None
        networks = (format_network(peer.network),) if peer and not peer.is_local else ()
        session = member.session_hash if member else ""
        ban = Ban(name, networks, session, self._expires_s(seconds), _clean_reason(reason))
        sentence = self._apply_ban(ban)
        if peer and peer.is_local:
            return f"{sentence} The address is this machine's own, and is not kept out."
        if member is None:
            return f"{sentence} Nobody here is called so: the name alone is kept out."
        return sentence

    def ban_network(self, network: Network, seconds: float | None = None, reason: str = "") -> str:
        """Keep out an address or a network, and send out who is there."""
        return self._apply_ban(
            Ban("", (format_network(network),), "", self._expires_s(seconds), _clean_reason(reason))
        )

    def unban(self, target: str) -> str:
        """Let in again whoever is kept out by this name, address or network; raises `ModerationError`."""
        removed = self._admission.bans.remove(target)
        if not removed:
            names = [str(ban) for ban in self.bans()]
            raise ModerationError(_no_match_text(f"“{target}” is not banned.", target, names, "The bans: "))
        return f"No longer banned: {', '.join(map(str, removed))}."

    def lock(self) -> str:
        """Let nobody new in; who has a seat or a session may come back."""
        self._admission.locked = True
        return "The room is locked: nobody new gets in. Who is in, or was, may come back."

    def unlock(self) -> str:
        """Let newcomers in again."""
        self._admission.locked = False
        return "The room is unlocked."

    def announce(self, text: str) -> str:
        """Say something to everybody as the host; raises `ModerationError`."""
        cleaned = clean_text(text).strip()
        if error := text_error(cleaned):
            raise ModerationError(error)
        self._room.announce(cleaned)
        return f"Said to all: {cleaned}"

    def _apply_ban(self, ban: Ban) -> str:
        self._admission.bans.add(ban)
        closing_frame = banned_notice(self._room.name, ban, self._room.time_s)
        banned_members = [member for member in self._members if _ban_matches(ban, member)]
        for member in banned_members:
            self._room.kick(member, closing_frame, _leave_reason("banned by the host", ban.reason))
        out = f" Sent out: {', '.join(member.name for member in banned_members)}." if banned_members else ""
        until = "" if ban.until_s is None else f" for {format_duration(ban.until_s - self._room.time_s)}"
        named = f"“{ban.name}”" if ban.name else str(ban)
        also = f" ({', '.join(ban.networks)})" if ban.name and ban.networks else ""
        return f"{named}{also} is banned{until}.{out}"

    def _expires_s(self, seconds: float | None) -> float | None:
        return None if seconds is None or seconds > _PERMANENT_BAN_S else self._room.time_s + seconds

    def _require_member(self, name: str) -> Member:
        """Return the member that is meant by a name or by how it begins; raises `ModerationError`."""
        if member := self._match(name):
            return member
        names = self._members.names()
        raise ModerationError(
            _no_match_text(f"Nobody here is called “{name}”.", name, names, "In the room: ")
        )

    def _match_or_departed(self, name: str) -> Member | None:
        """Return who is meant, gone or not; raises `ModerationError` where it may be a slip."""
        if member := self._match(name) or self._members.find_departed(name):
            return member
        if closest := _closest_name(name, self._members.names()):
            raise ModerationError(f"Nobody here is called “{name}”. Did you mean “{closest}”?")
        if not name.strip():
            raise ModerationError("A ban needs a name or an address.")
        return None

    def _match(self, name: str) -> Member | None:
        wanted_key = normalized_name(name)
        for fits in (wanted_key.__eq__, lambda key: bool(wanted_key) and key.startswith(wanted_key)):
            matching = self._members_where(fits)
            if len(matching) > 1:
                both = " and ".join(f"“{member.name}”" for member in matching[:_MAX_SUGGESTIONS])
                raise ModerationError(f"“{name}” may be {both}. Type more of the name.")
            if matching:
                return matching[0]
        return None

    def _members_where(self, predicate: Callable[[str], bool]) -> list[Member]:
        return [member for member in self._members if predicate(normalized_name(member.name))]


def _ban_matches(ban: Ban, member: Member) -> bool:
    return ban.matches([member.name], member.peer.host if member.peer else "", member.session_hash)


def _leave_reason(action: str, reason: str) -> str:
    return f"{action}: {reason}" if reason else action


def _clean_reason(reason: str) -> str:
    return " ".join(clean_text(reason).split())[:_MAX_REASON_CHARACTERS]


def _closest_name(name: str, names: list[str]) -> str | None:
    by_key = {normalized_name(original): original for original in names}
    matches = difflib.get_close_matches(normalized_name(name), by_key, n=1)
    return by_key[matches[0]] if matches else None


def _no_match_text(sentence: str, name: str, names: list[str], introduction: str) -> str:
    """Return a sentence with what may have been meant, or with all there are."""
    if closest := _closest_name(name, names):
        return f"{sentence} Did you mean “{closest}”?"
    if not names:
        return sentence
    more = ", …" if len(names) > _MAX_SUGGESTIONS else ""
    return f"{sentence} {introduction}{', '.join(names[:_MAX_SUGGESTIONS])}{more}."
