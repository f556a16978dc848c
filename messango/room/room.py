"""The room: decides order, names and seats, and who hears what."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from messango import __version__
from messango.errors import BadName
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Join,
    Joined,
    Left,
    Message,
    Problem,
    Refused,
    Rename,
    Renamed,
    RoomFacts,
    Say,
    Typing,
    TypingBy,
)
from messango.protocol.limits import BACKLOG_MESSAGES, PROTOCOL_VERSION, TYPING_EVERY_S
from messango.protocol.validation import HOST_MEMBER, HOST_NAME, clean_name, text_fault
from messango.room.admission import Door, farewell
from messango.room.bans import Bans
from messango.room.batch import CameIn, ChangedName, KeepsHistory, Round, WasRefused, WentAway, WentOut
from messango.room.history import RETRY_S, History, Trouble
from messango.room.members import MAX_SESSIONS, Member, Members
from messango.room.remote_peer import Peer
from messango.room.sequencer import Ledger
from messango.room.welcome import welcome_frames

#: Somebody who missed much is given so many messages at a time, and the next when it has read those.
CATCH_UP_MESSAGES: Final = 200


class Room:
    """One conversation. Calls come in rounds: `begin_round`, then any of the others, then `end_round`.

    A connection is known by its `link`, a number that its owner chose and never uses twice.
    What was said is stored in `end_round`, before anybody is given it.
    """

    def __init__(
        self, room_id: str, name: str, seats: int, history: History, bans: Bans | None = None
    ) -> None:
        self.id = room_id
        self.name = name
        self.locked = False
        #: Who has a seat, and who may come back; and what decides who may come in.
        self.members = Members(seats, history.sessions(MAX_SESSIONS))
        self.door = Door(self.members, bans or Bans())
        self._history = history
        self._trouble = history.trouble
        #: Whether messages are in memory alone that can still be written: that needs a round, also when
        #: nobody speaks.
        self._unwritten = False
        self._ledger = Ledger(history)
        self._round = Round()
        self._now_s = 0.0
        #: When this round began, in seconds since 1970 UTC.
        self.time_s = 0.0

    def facts(self) -> RoomFacts:
        """Return what anybody may know."""
        return RoomFacts(
            protocol=PROTOCOL_VERSION,
            id=self.id,
            name=self.name,
            version=__version__,
            members=len(self.members),
            seats=self.members.seats,
            locked=self.locked or self.door.locked,
            history=self._history.kept,
        )

    def names(self) -> list[str]:
        """Return the members' names in the order in which they came."""
        return self.members.names()

    def next_deadline_s(self) -> float | None:
        """Return when the next round is due at the latest, on the clock of `begin_round`'s `now_s`."""
        deadlines_s = [member.away_until_s for member in self.members.away()]
        if self._unwritten:
            deadlines_s.append(self._now_s + RETRY_S)
        return min(deadlines_s, default=None)

    def begin_round(self, now_s: float, time_s: float) -> None:
        """Begin a round at `now_s` of a clock that never jumps; `time_s` is seconds since 1970 UTC."""
        self._now_s, self.time_s = now_s, time_s
        for member in self.members.away():
            if member.away_until_s <= now_s:
                self._part(member, error_codes.CONNECTION_BROKE)

    def end_round(self) -> Round:
        """Store what was said and return who is to be told what."""
        self._ledger.store()
        self._unwritten = self._history.write_waiting(self.time_s)
        self._note_sessions()
        self._watch_history()
        ended, self._round = self._round, Round()
        return ended

    def join(self, link: int, join: Join, peer: Peer) -> bool:
        """Let somebody in, or refuse; true when in."""
        member = self.members.by_session(join.session, encrypted=peer.encrypted)
        if refusal := self.door.refusal(self.name, join, member, peer, self.time_s):
            self._refuse(link, join.name, refusal)
            return False
        if member is not None and self.members.is_seated(member):
            member.peer = peer
            self._take_back(member, link)
        else:
            try:
                newcomer = Member(clean_name(join.name))
            except BadName as error:
                self._refuse(link, join.name, Refused(error_codes.BAD_NAME, str(error), error.hint))
                return False
            known, member = member is not None, member or newcomer
            member.peer = peer
            if not self._take_in(member, link, known=known):
                return False
        self._welcome(member, link, join.since)
        return True

    def say(self, link: int, says: Sequence[Say]) -> None:
        """Accept messages in this order, their texts clean (`protocol.text.clean_text`).

        One known by its id is answered by what is stored of it.
        """
        member = self.members.by_link(link)
        if member is None:
            return
        ids = [say.id for say in says]
        texts = [say.text for say in says]
        known = self._ledger.find(member.id, ids)
        faults = [fault for text in texts if (fault := text_fault(text))]
        if len(says) > 1 and (known or faults or len({*ids}) < len(ids)):
            # Rare: each is then answered by itself, in its turn.
            for say in says:
                self.say(link, [say])
        elif faults:
            hint = "Shorten it, or send it in parts."
            self._round.tell((link,), Problem(error_codes.BAD_TEXT, faults[0], hint, ids[0]))
        elif known:
            self._answer_again(member, link, known[ids[0]])
        else:
            accepted = self._ledger.accept(member.id, member.name, self.time_s, zip(ids, texts, strict=True))
            self._round.frames_for(self.members.listening).extend(accepted)

    def _answer_again(self, member: Member, link: int, said: Message) -> None:
        """Give a receipt for what was accepted before; who is behind gets it with the rest that it missed."""
        if member.behind is None or said.seq <= member.behind:
            self._round.tell((link,), said)

    def rename(self, link: int, rename: Rename) -> None:
        """Call a member otherwise, with ` 2`... where the name is taken."""
        member = self.members.by_link(link)
        if member is None:
            return
        try:
            wanted = self.door.name_for(clean_name(rename.name), self.time_s)
        except BadName as error:
            self._round.tell((link,), Problem(error_codes.BAD_NAME, str(error), error.hint))
            return
        old, member.name = member.name, self.members.free_name(wanted, besides=member)
        if member.name != old:
            self._round.tell(self.members.present, Renamed(member.name, old))
            self._round.notices.append(ChangedName(member.name, old))
            self.members.note(member)

    def type(self, link: int, _typing: Typing) -> None:
        """Tell the others that a member is typing, not too often."""
        member = self.members.by_link(link)
        if member is not None and self._now_s - member.typing_told_s >= TYPING_EVERY_S:
            member.typing_told_s = self._now_s
            self._round.tell(self._others(link), TypingBy(member.name))

    def catch_up(self, link: int) -> None:
        """Give a member who is behind the next of what it missed; for when it has read the last."""
        member = self.members.by_link(link)
        if member is None or member.behind is None:
            return
        self._ledger.store()
        missed = self._history.since(member.behind, CATCH_UP_MESSAGES)
        self._round.frames_for((link,)).extend(missed)
        self._note_place(member, link, missed)

    def lose(self, link: int, silent_s: float = 0.0) -> None:
        """A connection broke after a silence: the seat is kept from its last byte on, nobody is told yet."""
        member = self.members.by_link(link)
        if member is not None:
            self.members.unlink(member, self._now_s - silent_s)
            self._round.notices.append(WentAway(member.name))

    def part(self, link: int, reason: str) -> None:
        """A member goes for good; the others are told `reason`."""
        member = self.members.by_link(link)
        if member is not None:
            self._part(member, reason)
            self._round.end(link)

    def send_out(self, member: Member, last_words: Closed, reason: str) -> None:
        """Part with a member whom the host wants out; the others are told `reason`."""
        link = member.link
        self._part(member, reason)
        if link is not None:
            self._round.end(link, last_words)

    def announce(self, text: str) -> None:
        """Say a text, clean and not too long, as the host: no member can have that name."""
        message_id = secrets.token_hex(8)
        (message,) = self._ledger.accept(HOST_MEMBER, HOST_NAME, self.time_s, [(message_id, text)])
        self._round.tell(self.members.listening, message)

    def close(self) -> None:
        """End the room for everybody."""
        self.door.closed = True
        for link in self.members.present:
            self._round.end(link, farewell(self.name))
        for member in [*self.members]:
            self.members.unseat(member)

    def _others(self, link: int) -> tuple[int, ...]:
        return tuple(other for other in self.members.present if other != link)

    def _note_sessions(self) -> None:
        """Have sessions in the history before anybody is given one."""
        if self.members.unnoted:
            known = [member.known for member in self.members.unnoted.values()]
            self.members.unnoted = {}
            self._history.note_sessions(known, self.time_s)

    def _watch_history(self) -> None:
        """Say once that messages are not kept, and once that they are again."""
        trouble, self._trouble = self._trouble, self._history.trouble
        if self._trouble == trouble:
            return
        self._round.notices.append(KeepsHistory(self._trouble))
        if self._trouble is not None:
            self._round.tell(self.members.present, _not_kept(self._trouble))

    def _take_back(self, member: Member, link: int) -> None:
        """Seat a returning member again; an older connection of the same session goes."""
        if member.link is not None:
            words = Closed(
                error_codes.REPLACED,
                "You have joined from another connection.",
                "This one has ended; go on in the other.",
            )
            self._round.end(member.link, words)
        self.members.seat(member, link, self._now_s)
        self._round.notices.append(CameIn(link, member.name, back=True, encrypted=member.encrypted))

    def _take_in(self, member: Member, link: int, *, known: bool) -> bool:
        """Seat somebody new, or somebody known whose seat was given up; false where there is none."""
        if refusal := self.door.no_seat(self.name, self._now_s, known=known):
            self._refuse(link, member.name, refusal)
            return False
        if self.members.full and (yielding := self.members.yielding(self._now_s)):
            self._part(yielding, error_codes.CONNECTION_BROKE)
        member.name = self.members.free_name(member.name)
        self.members.seat(member, link, self._now_s)
        member.since_s = self.time_s
        self._round.tell(self._others(link), Joined(member.name, member.encrypted))
        self._round.notices.append(CameIn(link, member.name, back=False, encrypted=member.encrypted))
        return True

    def _refuse(self, link: int, name: str, refusal: Refused) -> None:
        self._round.end(link, refusal)
        self._round.notices.append(WasRefused(link, name, refusal))

    def _welcome(self, member: Member, link: int, since: int | None) -> None:
        # What was said earlier in this round reaches the newcomer as history, so it must be there.
        self._ledger.store()
        if since is not None and since > self._history.latest:
            # It has heard more than was ever said here: in another life of this room.
            since = None
        frames = self._round.frames_for((link,))
        frames += welcome_frames(self.facts(), member, [*self.members], self._history)
        if self._trouble is not None:
            frames.append(_not_kept(self._trouble))
        if since is None:
            frames += self._history.last(BACKLOG_MESSAGES)
            self.members.fall_behind(member, None)
        else:
            missed = self._history.since(since, CATCH_UP_MESSAGES)
            frames += missed
            self._note_place(member, link, missed)

    def _note_place(self, member: Member, link: int, missed: Sequence[Message]) -> None:
        """Note up to where a member has heard; what is said meanwhile it is given with the rest it missed."""
        behind = bool(missed) and missed[-1].seq < self._ledger.latest
        self.members.fall_behind(member, missed[-1].seq if behind else None)
        if behind:
            self._round.catching_up.append(link)

    def _part(self, member: Member, reason: str) -> None:
        self.members.unseat(member)
        self._round.tell(self.members.present, Left(member.name, reason))
        self._round.notices.append(WentOut(member.name, reason))


def _not_kept(trouble: Trouble) -> Problem:
    return Problem(error_codes.NOT_KEPT, trouble.reason, trouble.hint)
