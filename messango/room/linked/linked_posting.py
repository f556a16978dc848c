"""What members of a linked room say: offered to the stream, and delivered when it comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, cast

from messango.link.fold.acts import Posted
from messango.link.fold.ordered import Ordered
from messango.protocol import error_codes
from messango.protocol.frames import Entry, Message, Problem, Say, ServerFrame
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME
from messango.room.batch import Batch
from messango.room.entry_rules import Accepted
from messango.room.files.shelf import FileShelf
from messango.room.history.file.replica_history import StorageFailed
from messango.room.linked.replica import Replica
from messango.room.linked.room_ledger import LinkedAuthor, Outcome
from messango.room.members import Member, Members
from messango.room.posting import Posting, needs_rules
from messango.room.request_check import EntryRequest

#: So many requests of one member wait while the link is down: what a person types in an hour, and more than
#: any client sends again.
MAX_WAITING_REQUESTS: Final = 500

_TOO_MANY_WAIT: Final = "The link to the room's other servers is down, and too much waits for it already."
_UNREADABLE: Final = "This server can't read the room's history now, so it takes nothing new."
_SEND_AGAIN: Final = "Send it again when the link is back."


class LinkedPosting(Posting):
    """Offers requests as acts, and delivers what the stream made of those of all servers.

    `offer` puts an act into the stream; `is_down` returns whether people know that the link is down.
    """

    def __init__(
        self,
        members: Members,
        replica: Replica,
        shelf: FileShelf,
        offer: Callable[[Posted], None],
        is_down: Callable[[], bool],
    ) -> None:
        super().__init__(members, replica.sequencer, shelf)
        self._offer = offer
        self._is_down = is_down
        #: How many requests of each member were offered and have not come back.
        self._waiting = Counter[str]()
        #: The last number that was delivered, and the last one of those that are stored. What could not be
        #: stored comes again.
        self._delivered = self._stored = replica.sequencer.latest

    def post_messages(self, batch: Batch, member: Member, messages: Sequence[Say], time_s: float) -> None:
        """Offer messages of a connected member, in this order."""
        ids = [say.id for say in messages]
        texts = [say.text for say in messages]
        # Of what was said before, the fold finds each again; only while the link is down it can't.
        if needs_rules(messages, ids, texts) or (
            self._is_down() and self._sequencer.find_duplicates(member.id, ids)
        ):
            super().post_messages(batch, member, messages, time_s)
        elif self._may_wait(batch, member, messages):
            self._offer(Posted(member.id, time_s, [*messages], host=member.is_host))

    def post_entry(self, batch: Batch, member: Member, request: EntryRequest, time_s: float) -> None:
        """Offer a request of a connected member, or answer it if it is known or wrong."""
        try:
            checked = self._checked(batch, member, request)
        except StorageFailed:
            self.answer(batch, member, Problem(error_codes.LINK_DOWN, _UNREADABLE, _SEND_AGAIN, request.id))
            return
        if checked is None:
            return
        request, file = checked
        if self._may_wait(batch, member, [request]):
            files = [file] if file else []
            self._offer(Posted(member.id, time_s, [request], host=member.is_host, files=files))

    def announce(self, batch: Batch, request: Say, time_s: float) -> None:  # noqa: ARG002 (as in Posting)
        """Offer what the host says."""
        self._offer(Posted(HOST_MEMBER_ID, time_s, [request], host=True))

    def confirm(self) -> None:
        """What was delivered so far is stored."""
        self._stored = self._delivered

    def begin_again(self) -> None:
        """Nothing was delivered, to nobody who is connected."""
        self._delivered = self._stored = 0
        self._waiting.clear()

    def drop_unstored(self, batch: Batch) -> None:
        """Take back what was delivered and could not be stored."""
        self._delivered = stored = self._stored
        for delivery in batch.deliveries:
            delivery.frames[:] = [frame for frame in delivery.frames if not _is_after(frame, stored)]

    def _may_wait(self, batch: Batch, member: Member, requests: Sequence[EntryRequest]) -> bool:
        """Count requests as waiting; if the link is down and too many do, answer each of them instead."""
        if self._is_down() and self._waiting[member.id] + len(requests) > MAX_WAITING_REQUESTS:
            for request in requests:
                problem = Problem(error_codes.LINK_DOWN, _TOO_MANY_WAIT, _SEND_AGAIN, request.id)
                self.answer(batch, member, problem)
            return False
        self._waiting[member.id] += len(requests)
        return True

    def take(self, batch: Batch, ordered: Ordered[Outcome]) -> None:
        """Deliver what the stream made of requests, and answer those of our own members."""
        posted = cast("Posted", ordered.act)
        member = self._members.by_id(posted.member) if ordered.is_mine else None
        if member is not None:
            self._waiting[member.id] -= len(posted.requests)
            if self._waiting[member.id] <= 0:
                del self._waiting[member.id]
        if ordered.results and isinstance(ordered.results[-1], Message):
            # Plain messages, as nearly all are.
            self._deliver_messages(batch, cast("Sequence[Message]", ordered.results))
            return
        for outcome in ordered.results:
            self._deliver_outcome(batch, posted.member, member, outcome)

    def _deliver_messages(self, batch: Batch, messages: Sequence[Message]) -> None:
        if messages[0].seq <= self._delivered:
            messages = [message for message in messages if message.seq > self._delivered]
        if messages:
            batch.frames_for(self._members.caught_up).extend(messages)
            self._delivered = messages[-1].seq

    def _deliver_outcome(self, batch: Batch, author_id: str, member: Member | None, outcome: Outcome) -> None:
        """Deliver what became of one request; `member` is its author if they are ours."""
        if isinstance(outcome, Problem):
            if member is not None:
                self.answer(batch, member, outcome)
        elif isinstance(outcome, Accepted):
            if outcome.is_new and outcome.entry.seq > self._delivered:
                self._delivered = outcome.entry.seq
                self.deliver(batch, _author_of(author_id, outcome.entry), outcome)
            elif member is not None and not outcome.is_new:
                self.resend(batch, member, outcome.entry)


def _is_after(frame: ServerFrame, seq: int) -> bool:
    return isinstance(frame, Entry) and frame.seq > seq


def _author_of(member_id: str, entry: Entry) -> LinkedAuthor:
    name = HOST_NAME if member_id == HOST_MEMBER_ID else entry.name
    return LinkedAuthor(member_id, name, encrypted=True, is_host=False)
