"""Takes what members say into the room's order, and answers each of their requests."""

from __future__ import annotations

from collections.abc import Sequence

from messango.protocol.frames import Entry, FileInfo, Message, Problem, Say, Told
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME, first_text_error
from messango.room.batch import Batch
from messango.room.entry_rules import Accepted, Author, EntryRules
from messango.room.files.shelf import FileShelf
from messango.room.host.host_events import FileShared, PrivateMessagesSent
from messango.room.members import Member, Members
from messango.room.request_check import EntryRequest, Rejected, RequestCheck
from messango.room.sequencer import Sequencer


class Posting:
    """Accepts or refuses the requests that take a number. For the room's thread, inside a batch."""

    def __init__(self, members: Members, sequencer: Sequencer, shelf: FileShelf) -> None:
        self._members = members
        self._sequencer = sequencer
        self._check = RequestCheck(sequencer, shelf)
        self._rules = EntryRules(members, sequencer)
        #: How many messages to one member only there were since the room opened.
        self.private_messages = 0

    def post_messages(self, batch: Batch, member: Member, messages: Sequence[Say], time_s: float) -> None:
        """Accept messages of a connected member in this order; as `post_entry`, but many at once."""
        ids = [say.id for say in messages]
        texts = [say.text for say in messages]
        if needs_rules(messages, ids, texts) or self._sequencer.find_duplicates(member.id, ids):
            # Rare: answer each by itself, in order.
            for say in messages:
                self.post_entry(batch, member, say, time_s)
            return
        new_messages = self._sequencer.assign_seqs(member.id, member.name, time_s, ids, texts)
        batch.frames_for(self._members.caught_up).extend(new_messages)

    def post_entry(self, batch: Batch, member: Member, request: EntryRequest, time_s: float) -> None:
        """Accept a request of a connected member, or answer it with a problem.

        Its text went through `protocol.text.validation.clean_text`. A repeated id is answered with what it
        led to.
        """
        if (checked := self._checked(batch, member, request)) is None:
            return
        request, file = checked
        outcome = self._rules.accept(member, request, time_s, {file.id: file} if file else {})
        if isinstance(outcome, Problem):
            self.answer(batch, member, outcome)
        elif not outcome.is_new:
            self.resend(batch, member, outcome.entry)
        else:
            self.deliver(batch, member, outcome)

    def _checked(
        self, batch: Batch, member: Member, request: EntryRequest
    ) -> tuple[EntryRequest, FileInfo | None] | None:
        """Return a request that is new and right, with the file that it shares; answer any other one."""
        if (known := self._rules.known(member, request)) is not None:
            self.resend(batch, member, known.entry)
            return None
        try:
            return self._check.check(member.id, request)
        except Rejected as rejected:
            self.answer(batch, member, rejected.problem(request.id))
            return None

    def announce(self, batch: Batch, request: Say, time_s: float) -> None:
        """Post a valid text as the host, under `HOST_NAME`, which no member can have."""
        fields = ([request.id], [request.text])
        messages = self._sequencer.assign_seqs(HOST_MEMBER_ID, HOST_NAME, time_s, *fields)
        batch.frames_for(self._members.caught_up).extend(messages)

    def deliver(self, batch: Batch, author: Author, accepted: Accepted) -> None:
        """Send a new entry to those who may see it, and tell the host what concerns the host."""
        entry = accepted.entry
        batch.send(self._members.caught_up_among(accepted.audience), entry)
        if isinstance(entry, Told):
            self.private_messages += 1
            batch.events.append(PrivateMessagesSent(self.private_messages))
        elif isinstance(entry, Message) and (file := entry.file):
            batch.events.append(FileShared(author.name, file.name, file.size))

    @staticmethod
    def answer(batch: Batch, member: Member, problem: Problem) -> None:
        """Tell a member, if they are connected, why their request failed."""
        if member.connection_id is not None:
            batch.send((member.connection_id,), problem)

    @staticmethod
    def resend(batch: Batch, member: Member, entry: Entry) -> None:
        """Send a stored entry again, unless it follows anyway with the rest of the sender's backlog."""
        if member.connection_id is None:
            return
        if member.last_delivered_seq is None or entry.seq <= member.last_delivered_seq:
            batch.send((member.connection_id,), entry)


def needs_rules(messages: Sequence[Say], ids: Sequence[str], texts: Sequence[str]) -> bool:
    """Return whether one of these messages answers another, is not valid, or has the id of another one."""
    return (
        any(say.reply_to is not None for say in messages)
        or bool(first_text_error(texts))
        or len({*ids}) < len(ids)
    )
