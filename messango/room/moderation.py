"""What the host does in the room: kick, ban, lock, announce. Each returns a sentence for the host."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from messango.protocol.password import Password
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.validation import clean_text, normalized_name, text_error
from messango.protocol.text.wording import counted, join_names
from messango.room.admission import kicked_notice
from messango.room.bans import Ban, format_duration
from messango.room.files.shelf import FileShelf
from messango.room.guest_moderation import IN_BETWEEN_WARNING, GuestModeration
from messango.room.host.host_events import (
    INVALID_INPUT,
    NOT_BANNED,
    SEVERAL_MEMBERS,
    UNKNOWN_MEMBER,
    MemberInfo,
)
from messango.room.link_moderation import LinkModeration
from messango.room.member_reports import member_infos
from messango.room.member_search import ambiguous_text, find_members
from messango.room.members import Member
from messango.room.moderation_error import ModerationError
from messango.room.peer import Network, format_network, parse_network, single_address
from messango.room.room import Room

#: A reason is one line on the members' screens.
_MAX_REASON_CHARACTERS: Final = 200

#: A longer ban is for good; a clock could not represent the end of some.
_PERMANENT_BAN_S: Final = 10 * 365 * 86_400.0

#: At most this many names are suggested after a mistyped one.
_MAX_SUGGESTIONS: Final = 8

_NEWCOMERS_TOO: Final = (
    "This computer is in {network} too, so others there who have been in the room may return, "
    "but newcomers from there are kept out."
)


class RoomPassword(Protocol):
    """The room's password; the room itself only knows which of several it is (`generation`)."""

    def change(self, password: Password | None) -> int:
        """Require this password, or none, from now on, and return its generation."""


class Moderation:
    """Applies the host's commands to one room; for the thread that owns the room, inside a batch.

    `includes_this_computer` returns whether this computer has an address in a network, `guest_obstacle` why
    this server can't admit guests from the browser, or "". Methods raise `ModerationError` if they can't do
    what the host asked for.
    """

    def __init__(
        self,
        room: Room,
        includes_this_computer: Callable[[Network], bool],
        password: RoomPassword,
        guest_obstacle: Callable[[], str] = lambda: "",
    ) -> None:
        self._room = room
        #: Guests from the browser.
        self.guests = GuestModeration(room, guest_obstacle)
        self.link = LinkModeration(room)
        self._members = room.members
        self._admission = room.admission
        self._includes_this_computer = includes_this_computer
        self._password = password

    @property
    def shelf(self) -> FileShelf:
        """The files that members share."""
        return self._room.shelf

    def members(self) -> tuple[MemberInfo, ...]:
        """Return the members in the order in which they joined."""
        return member_infos(self._members)

    def private_messages(self) -> int:
        """Return how many private messages there were since the room opened."""
        return self._room.private_messages

    def bans(self) -> tuple[Ban, ...]:
        """Return the bans that have not expired."""
        self._admission.bans.remove_expired(self._room.time_s)
        return tuple(self._admission.bans)

    def kick(self, name: str, reason: str = "", member_id: str = "") -> str:
        """Remove a member, whose session can't return; `member_id` says which one, if names look alike."""
        member, reason = self._require_member(name, member_id), _clean_reason(reason)
        closing_frame = kicked_notice(self._room.name, reason)
        self._room.kick(member, closing_frame, reason)
        return f"{quoted_name(member.name)} was removed."

    def ban_name(self, name: str, seconds: float | None = None, reason: str = "") -> str:
        """Ban a name, with the address and session of the member who has it, or who had it and left.

        A member on the host's computer keeps their address: it is the host's own.
        """
        member = self._match_or_departed(name)
        name = member.name if member else name.strip()
        peer = member.peer if member else None
        session = member.session_hash if member else ""
        ban = Ban(name, (), session, self._expires_s(seconds), _clean_reason(reason))
        if peer and not peer.is_local:
            ban = _with_network(ban, peer.host, shared=peer.shares_our_network)
        sentence = self._apply_ban(ban)
        if peer and peer.is_local:
            return f"{sentence} The address is this computer's own, so it is not banned."
        if member is None:
            return f"{sentence} No member has that name, so only the name is banned."
        return sentence

    def ban_address(self, address: str, seconds: float | None = None, reason: str = "") -> str:
        """Ban an address or a network, and remove the members there."""
        network = _parse_network(address)
        is_shared = network.is_link_local or self._includes_this_computer(network)
        ban = Ban("", (format_network(network),), "", self._expires_s(seconds), _clean_reason(reason))
        if network.version == 6 and "/" not in address:
            ban = _with_network(ban, address, shared=is_shared)
        sentence = self._apply_ban(ban)
        if not is_shared or ban.newcomers_only:
            return sentence
        return f"{sentence} This computer is in that network too: to join from here, first use `unban`."

    def unban(self, target: str) -> str:
        """Remove every ban of a name, an address or a network."""
        removed = self._room.remove_bans(target)
        if not removed:
            if wider := next((ban for ban in self.bans() if ban.matches((), target.strip(), "")), None):
                raise ModerationError(
                    f"“{target}” is banned with its network. Use `unban {wider}`.", NOT_BANNED
                )
            names = [str(ban) for ban in self.bans()]
            raise ModerationError(
                _no_match_text(f"{quoted_name(target)} is not banned.", target, names, "Banned: "),
                NOT_BANNED,
            )
        names = [plain_name(ban.name) if ban.name else str(ban) for ban in removed]
        return f"No longer banned: {', '.join(names)}."

    def lock(self) -> str:
        """Refuse new members."""
        self._room.set_locked(on=True)
        return "The room is locked: no new members. Everyone who has joined may return."

    def unlock(self) -> str:
        """Admit new members again."""
        self._room.set_locked(on=False)
        return "The room is unlocked."

    def set_password(self, password: Password | None) -> str:
        """Require this password from newcomers, or none; members and their reserved seats stay."""
        admission = self._admission
        had_password = admission.has_password
        if password is None and not had_password:
            return "The room has no password, so there is none to remove."
        admission.password_generation = self._password.change(password)
        admission.has_password = password is not None
        if password is None:
            return "The password is removed: everybody on the network can join."
        warning = f" {IN_BETWEEN_WARNING}" if admission.guests.is_open else ""
        if had_password:
            return f"The password is changed. The members stay; newcomers need the new one.{warning}"
        return f"The room has a password now. The members stay; newcomers need it.{warning}"

    def set_seats(self, seats: int) -> str:
        """Change the number of seats; nobody is removed."""
        self._members.seats = seats
        taken = len(self._members)
        sentence = f"The room has {counted(seats, 'seat')} now."
        if taken > seats:
            return (
                f"{sentence} All {taken} members stay; newcomers can join when fewer than {seats} are left."
            )
        return f"{sentence} {taken or 'None'} of them {'is' if taken <= 1 else 'are'} taken."

    def announce(self, text: str) -> str:
        """Post a message as the host."""
        cleaned = clean_text(text).strip()
        if error := text_error(cleaned):
            raise ModerationError(error, INVALID_INPUT)
        self._room.announce(cleaned)
        return f"Sent to everybody: {cleaned}"

    def _apply_ban(self, ban: Ban) -> str:
        banned_members = self._room.add_ban(ban)
        names = ", ".join(plain_name(member.name) for member in banned_members)
        removed = f" Removed: {names}." if names else ""
        duration = "" if ban.until_s is None else f" for {format_duration(ban.until_s - self._room.time_s)}"
        target = quoted_name(ban.name) if ban.name else str(ban)
        networks = f" ({', '.join(ban.networks)})" if ban.name and ban.networks else ""
        newcomers = f" {_NEWCOMERS_TOO.format(network=ban.networks[0])}" if ban.newcomers_only else ""
        return f"{target}{networks} is banned{duration}.{removed}{newcomers}"

    def _expires_s(self, seconds: float | None) -> float | None:
        return None if seconds is None or seconds > _PERMANENT_BAN_S else self._room.time_s + seconds

    def _require_member(self, name: str, member_id: str) -> Member:
        """Return the member with this id if there is one, with this name, or whose name begins with it."""
        by_id = [member for member in self._members if member.id == member_id]
        if member := by_id[0] if by_id else self._match(name):
            return member
        names = self._members.names()
        raise ModerationError(
            _no_match_text(f"No member is called {quoted_name(name)}.", name, names, "In the room: "),
            UNKNOWN_MEMBER,
        )

    def _match_or_departed(self, name: str) -> Member | None:
        """Return the member or former member with this name, or None if nobody had a similar one."""
        if member := self._match(name) or self._members.find_departed(name):
            return member
        if closest := _closest_name(name, self._members.names()):
            raise ModerationError(
                f"No member is called {quoted_name(name)}. Did you mean {quoted_name(closest)}?",
                UNKNOWN_MEMBER,
            )
        if not name.strip():
            raise ModerationError("A ban needs a name or an address.", INVALID_INPUT)
        return None

    def _match(self, name: str) -> Member | None:
        """Return the one member that a typed name, its beginning or `#` and the beginning of an id means."""
        matching = find_members(name, self._members)
        if len(matching) > 1:
            raise ModerationError(ambiguous_text(name, matching), SEVERAL_MEMBERS)
        return matching[0] if matching else None


def _parse_network(address: str) -> Network:
    try:
        return parse_network(address)
    except ValueError as error:
        raise ModerationError(f"“{address}” is not a valid address or network.", INVALID_INPUT) from error


def _with_network(ban: Ban, host: str, *, shared: bool) -> Ban:
    """Return the ban with the network of this address: for IPv6 its /64, in which a computer can change it.

    If the /64 is `shared` with the host's own computer, everybody on the LAN may be in it: then the ban
    spares those who have been in the room.
    """
    network = format_network(parse_network(host))
    address = format_network(single_address(host))
    if not shared or address == network:
        return msgspec.structs.replace(ban, networks=(network,))
    return msgspec.structs.replace(ban, networks=(network,), address=address, newcomers_only=True)


def _clean_reason(reason: str) -> str:
    return " ".join(clean_text(reason).split())[:_MAX_REASON_CHARACTERS]


def _closest_name(name: str, names: list[str]) -> str | None:
    by_key = {normalized_name(original): original for original in names}
    matches = difflib.get_close_matches(normalized_name(name), by_key, n=1)
    return by_key[matches[0]] if matches else None


def _no_match_text(sentence: str, name: str, names: list[str], introduction: str) -> str:
    """Return the sentence with a suggestion: the most similar of the names, or else all of them."""
    if closest := _closest_name(name, names):
        return f"{sentence} Did you mean {quoted_name(closest)}?"
    if not names:
        return sentence
    return f"{sentence} {introduction}{join_names([*map(plain_name, names)], _MAX_SUGGESTIONS)}."
