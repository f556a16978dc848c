"""The rules for everything that takes a number in the room's order besides plain messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from msgspec import structs

from messango.protocol import error_codes
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import (
    AnyMessage,
    Delete,
    Deleted,
    Edit,
    Edited,
    Entry,
    FileInfo,
    Message,
    Problem,
    Quote,
    React,
    Reacted,
    Say,
    Share,
    Spoken,
    Tell,
    Told,
)
from messango.protocol.limits import MAX_REACTIONS
from messango.room.history.entry_log import may_see
from messango.room.history.present import quote_of, with_quotes
from messango.room.request_check import EntryRequest, Rejected
from messango.room.sequencer import Sequencer

#: What requests share, by the ids of the files.
Files: TypeAlias = Mapping[str, FileInfo]

_ONLY_ITS_WRITER: Final = "Only the member who wrote a private message can delete it."
_PLAINTEXT: Final = "This connection is not encrypted, so others on the network could read it."


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a request led to: `audience` are the public ids of those who may see it, or None for all.

    Without `is_new` it is as it was before, and only the member who asked gets it.
    """

    entry: Entry
    audience: frozenset[str] | None = None
    is_new: bool = True


class Author(Protocol):
    """What the rules know of a member."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def encrypted(self) -> bool: ...

    @property
    def is_host(self) -> bool: ...


class People(Protocol):
    """Where the rules look up to whom a private message goes."""

    def by_id(self, member_id: str) -> Author | None:
        """Return the member or former member with this public id, or None."""

    def is_away(self, member_id: str) -> bool:
        """Return whether a member or former member is not connected."""


class EntryRules:
    """Decides about one request after the other. For the room's thread.

    What it decides depends on the entries so far and on the people only: not on a clock, the tables of
    Unicode or this computer. All that does was checked before (`RequestCheck`).
    """

    def __init__(self, people: People, sequencer: Sequencer) -> None:
        self._people = people
        self._sequencer = sequencer

    def accept(
        self,
        member: Author,
        request: EntryRequest,
        time_s: float,
        files: Files,
    ) -> Accepted | Problem:
        """Accept a checked request, or return why not; `files` has what it shares, by its id.

        A repeated id is answered with what it led to.
        """
        if (known := self.known(member, request)) is not None:
            return known
        try:
            accepted = _HANDLERS[type(request)](self, member, request, time_s, files)
        except Rejected as rejected:
            return rejected.problem(request.id)
        entry = accepted.entry
        if accepted.is_new:
            self._sequencer.add(entry)
        if isinstance(entry, Told) and self._people.is_away(entry.to):
            # Only now: who reads it later is not away any more.
            return replace(accepted, entry=structs.replace(entry, away=True))
        return accepted

    def known(self, member: Author, request: EntryRequest) -> Accepted | None:
        """Return what this request has led to already, or None."""
        duplicates = self._sequencer.find_duplicates(member.id, [request.id])
        if not duplicates:
            return None
        (entry,) = with_quotes(self._sequencer, [duplicates[request.id]])
        return Accepted(entry, is_new=False)

    def _say(self, member: Author, say: Say, time_s: float, _files: Files) -> Accepted:
        quoted = self._quoted(member, say.reply_to)
        if isinstance(quoted, Told):
            # What answers a private message is as private.
            return self._told(member, say, _other_of(quoted, member), quoted, time_s)
        fields = (self._sequencer.next_seq(), say.id, member.id, time_s, member.name, say.text)
        return Accepted(Message(*fields, reply=_quote(quoted)))

    def _tell(self, member: Author, tell: Tell, time_s: float, _files: Files) -> Accepted:
        quoted = self._quoted(member, tell.reply_to)
        if isinstance(quoted, Told) and tell.to != _other_of(quoted, member):
            raise Rejected(
                error_codes.UNKNOWN_ENTRY,
                "Only the two of you can see the message that you answer.",
                "Answer it to the other of the two, or write without quoting it.",
            )
        return self._told(member, tell, tell.to, quoted, time_s)

    def _told(
        self, member: Author, request: Say | Tell, to: str, quoted: Spoken | None, time_s: float
    ) -> Accepted:
        recipient = self._people.by_id(to)
        if not member.encrypted:
            raise Rejected(error_codes.NOT_ENCRYPTED, _PLAINTEXT, "Join over an encrypted connection.")
        if recipient is None:
            raise Rejected(
                error_codes.UNKNOWN_MEMBER, "The room does not know this member.", "Choose a present one."
            )
        if not recipient.encrypted:
            reason = (
                f"{recipient.name}'s connection is not encrypted, so others on the network could read it."
            )
            raise Rejected(error_codes.NOT_ENCRYPTED, reason, "Say it to all, or not at all.")
        told = Told(
            self._sequencer.next_seq(),
            request.id,
            member.id,
            time_s,
            member.name,
            request.text,
            reply=_quote(quoted),
            to=recipient.id,
            to_name=recipient.name,
        )
        return Accepted(told, frozenset((member.id, recipient.id)))

    def _share(self, member: Author, share: Share, time_s: float, files: Files) -> Accepted:
        file = files[share.file]
        quoted = self._quoted(member, share.reply_to)
        if isinstance(quoted, Told):
            raise Rejected(
                error_codes.UNKNOWN_ENTRY,
                "A file is for everybody, so it can't answer a private message.",
                "Send it without an answer.",
            )
        fields = (
            self._sequencer.next_seq(),
            share.id,
            member.id,
            time_s,
            member.name,
            text_with_file(share.text, file),
        )
        return Accepted(Message(*fields, reply=_quote(quoted), file=file))

    def _react(self, member: Author, react: React, time_s: float, _files: Files) -> Accepted:
        emoji = react.emoji
        target = self._existing(member, react.seq)
        reactions = self._sequencer.reactions([target.seq]).get(target.seq, {})
        present = reactions.get(emoji, {}).get(member.id)
        if react.on and present is None and emoji not in reactions and len(reactions) >= MAX_REACTIONS:
            reason = f"This message already has {MAX_REACTIONS} different reactions."
            raise Rejected(error_codes.BAD_EMOJI, reason, "Choose one of them.")
        if not react.on and present is None:
            raise Rejected(
                error_codes.UNKNOWN_ENTRY, "You have not reacted to this message with this emoji.", ""
            )
        is_new = present is None or not react.on
        seq = self._sequencer.next_seq() if present is None or not react.on else present[0]
        fields = (seq, react.id, target.seq, member.id, member.name, time_s)
        return Accepted(Reacted(*fields, emoji, react.on), _audience(target), is_new)

    def _edit(self, member: Author, edit: Edit, time_s: float, _files: Files) -> Accepted:
        target = self._existing(member, edit.seq)
        if target.member != member.id:
            raise Rejected(
                error_codes.NOT_YOURS,
                "Only the member who wrote a message can edit it.",
                "Answer it instead.",
            )
        # Of a message with a file, only what its sender wrote about it.
        text = edit.text if target.file is None else text_with_file(edit.text, target.file)
        fields = (self._sequencer.next_seq(), edit.id, target.seq, member.id, member.name, time_s)
        return Accepted(Edited(*fields, text), _audience(target))

    def _delete(self, member: Author, delete: Delete, time_s: float, _files: Files) -> Accepted:
        target = self._existing(member, delete.seq)
        if target.member != member.id and not member.is_host:
            if isinstance(target, Told):
                # A host who is not one of the two has no such message.
                raise Rejected(error_codes.NOT_YOURS, _ONLY_ITS_WRITER, "Ask them to delete it.")
            reason = "Only the member who wrote a message, or the host, can delete it."
            raise Rejected(error_codes.NOT_YOURS, reason, "Ask the host.")
        fields = (self._sequencer.next_seq(), delete.id, target.seq, member.id, member.name, time_s)
        return Accepted(Deleted(*fields), _audience(target))

    def _quoted(self, member: Author, reply_to: int | None) -> Spoken | None:
        return None if reply_to is None else self._existing(member, reply_to)

    def _existing(self, member: Author, seq: int) -> Spoken:
        """Return a message that this member may see; what they may not see does not exist for them."""
        message = self._sequencer.messages([seq]).get(seq)
        if message is None or not may_see(message, member.id):
            raise Rejected(
                error_codes.UNKNOWN_ENTRY, f"There is no message with the number {seq}.", "It may be gone."
            )
        if message.deleted:
            raise Rejected(error_codes.UNKNOWN_ENTRY, "This message was deleted.", "")
        return message


def _quote(message: AnyMessage | None) -> Quote | None:
    return None if message is None else quote_of(message)


def _audience(message: AnyMessage) -> frozenset[str] | None:
    return frozenset((message.member, message.to)) if isinstance(message, Told) else None


def _other_of(told: Told, member: Author) -> str:
    return told.member if told.to == member.id else told.to


_HANDLERS: Final[dict[type[EntryRequest], Callable[..., Accepted]]] = {
    Say: EntryRules._say,
    Tell: EntryRules._tell,
    Share: EntryRules._share,
    React: EntryRules._react,
    Edit: EntryRules._edit,
    Delete: EntryRules._delete,
}
