"""What the host does in the room, each thing answered in a sentence."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from messango.protocol.validation import clean_text, name_key, text_fault
from messango.room.admission import banned, sent_out
from messango.room.bans import Ban, how_long
from messango.room.members import Member
from messango.room.remote_peer import Network, Peer, written
from messango.room.room import Room

#: A reason is a sentence: it stands in one line on others' screens.
_REASON_CHARACTERS: Final = 200

#: Whoever bans for longer means for good; and a clock has to be able to tell when it ends.
_FOR_GOOD_S: Final = 10 * 365 * 86_400.0

#: Names that are offered to somebody who mistyped one.
_NAMES_OFFERED: Final = 8


class NotDone(Exception):
    """What the host wants can't be done; says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody with a seat: where from, since when (seconds since 1970 UTC), away while it is kept alone."""

    name: str
    peer: Peer | None
    since_s: float
    away: bool


class Hand:
    """The host's hand in one room; for the thread that owns it, inside a round."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._members = room.members
        self._door = room.door

    def who(self) -> tuple[Seated, ...]:
        """Return everybody with a seat, in the order in which they came."""
        return tuple(
            Seated(member.name, member.peer, member.since_s, member.link is None) for member in self._members
        )

    def bans(self) -> tuple[Ban, ...]:
        """Return whom the host keeps out now."""
        self._door.bans.forget_past(self._room.time_s)
        return tuple(self._door.bans)

    def kick(self, name: str, reason: str = "") -> str:
        """Send a member out, whose session does not get back in; raises `NotDone`."""
        member, reason = self._present(name), _tidy(reason)
        self._door.bans.kick(member.proof)
        self._room.send_out(member, sent_out(self._room.name, reason), _told("sent out by the host", reason))
        return f"“{member.name}” was sent out."

    def ban(self, name: str, seconds: float | None = None, reason: str = "") -> str:
        """Keep out a name, with the address and the session that go with it now; raises `NotDone`.

        Somebody who has just left is known by name; otherwise the name alone is kept out.
        """
        member = self._known(name)
        name = member.name if member else name.strip()
        peer = member.peer if member else None
        networks = (written(peer.network),) if peer and not peer.is_here else ()
        session = member.proof if member else ""
        ban = Ban(name, networks, session, self._until_s(seconds), _tidy(reason))
        sentence = self._keep_out(ban)
        if peer and peer.is_here:
            return f"{sentence} The address is this machine's own, and is not kept out."
        if member is None:
            return f"{sentence} Nobody here is called so: the name alone is kept out."
        return sentence

    def ban_network(self, network: Network, seconds: float | None = None, reason: str = "") -> str:
        """Keep out an address or a network, and send out who is there."""
        return self._keep_out(Ban("", (written(network),), "", self._until_s(seconds), _tidy(reason)))

    def unban(self, target: str) -> str:
        """Let in again whoever is kept out by this name, address or network; raises `NotDone`."""
        lifted = self._door.bans.lift(target)
        if not lifted:
            names = [str(ban) for ban in self.bans()]
            raise NotDone(_nobody(f"“{target}” is not banned.", target, names, "The bans: "))
        return f"No longer banned: {', '.join(map(str, lifted))}."

    def lock(self) -> str:
        """Let nobody new in; who has a seat or a session may come back."""
        self._door.locked = True
        return "The room is locked: nobody new gets in. Who is in, or was, may come back."

    def unlock(self) -> str:
        """Let newcomers in again."""
        self._door.locked = False
        return "The room is unlocked."

    def say(self, text: str) -> str:
        """Say something to everybody as the host; raises `NotDone`."""
        cleaned = clean_text(text).strip()
        if fault := text_fault(cleaned):
            raise NotDone(fault)
        self._room.announce(cleaned)
        return f"Said to all: {cleaned}"

    def _keep_out(self, ban: Ban) -> str:
        self._door.bans.add(ban)
        words = banned(self._room.name, ban, self._room.time_s)
        fitting = [member for member in self._members if _fits(ban, member)]
        for member in fitting:
            self._room.send_out(member, words, _told("banned by the host", ban.reason))
        out = f" Sent out: {', '.join(member.name for member in fitting)}." if fitting else ""
        until = "" if ban.until_s is None else f" for {how_long(ban.until_s - self._room.time_s)}"
        named = f"“{ban.name}”" if ban.name else str(ban)
        also = f" ({', '.join(ban.networks)})" if ban.name and ban.networks else ""
        return f"{named}{also} is banned{until}.{out}"

    def _until_s(self, seconds: float | None) -> float | None:
        return None if seconds is None or seconds > _FOR_GOOD_S else self._room.time_s + seconds

    def _present(self, name: str) -> Member:
        """Return the member that is meant by a name or by how it begins; raises `NotDone`."""
        if member := self._meant(name):
            return member
        names = self._members.names()
        raise NotDone(_nobody(f"Nobody here is called “{name}”.", name, names, "In the room: "))

    def _known(self, name: str) -> Member | None:
        """Return who is meant, also among those who have gone; raises `NotDone` where it may be a slip."""
        if member := self._meant(name) or self._members.gone(name):
            return member
        if near := _near(name, self._members.names()):
            raise NotDone(f"Nobody here is called “{name}”. Did you mean “{near}”?")
        if not name.strip():
            raise NotDone("A ban needs a name or an address.")
        return None

    def _meant(self, name: str) -> Member | None:
        wanted = name_key(name)
        for fits in (wanted.__eq__, lambda key: bool(wanted) and key.startswith(wanted)):
            fitting = self._fitting(fits)
            if len(fitting) > 1:
                both = " and ".join(f"“{member.name}”" for member in fitting[:_NAMES_OFFERED])
                raise NotDone(f"“{name}” may be {both}. Type more of the name.")
            if fitting:
                return fitting[0]
        return None

    def _fitting(self, fits: Callable[[str], bool]) -> list[Member]:
        return [member for member in self._members if fits(name_key(member.name))]


def _fits(ban: Ban, member: Member) -> bool:
    return ban.fits([member.name], member.peer.host if member.peer else "", member.proof)


def _told(what: str, reason: str) -> str:
    return f"{what}: {reason}" if reason else what


def _tidy(reason: str) -> str:
    return " ".join(clean_text(reason).split())[:_REASON_CHARACTERS]


def _near(name: str, names: list[str]) -> str | None:
    by_key = {name_key(known): known for known in names}
    close = difflib.get_close_matches(name_key(name), by_key, n=1)
    return by_key[close[0]] if close else None


def _nobody(sentence: str, name: str, names: list[str], introduction: str) -> str:
    """Return a sentence with what may have been meant, or with all there are."""
    if near := _near(name, names):
        return f"{sentence} Did you mean “{near}”?"
    if not names:
        return sentence
    more = ", …" if len(names) > _NAMES_OFFERED else ""
    return f"{sentence} {introduction}{', '.join(names[:_NAMES_OFFERED])}{more}."
