"""The rules for everything that takes a number in the room's order besides plain messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

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
from messango.protocol.limits import MAX_EMOJI_BYTES, MAX_REACTIONS
from messango.protocol.text.emoji import clean_emoji
from messango.protocol.text.validation import first_text_error
from messango.room.files.refusals import no_files
from messango.room.files.shelf import FileShelf
from messango.room.history.entry_log import may_see
from messango.room.history.present import quote_of, with_quotes
from messango.room.members import Member, Members
from messango.room.sequencer import Sequencer

#: The requests of a member that take a number.
EntryRequest: TypeAlias = Say | Tell | Share | React | Edit | Delete

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


class EntryRules:
    """Decides about one request after the other. For the room's thread."""

    def __init__(self, members: Members, sequencer: Sequencer, shelf: FileShelf) -> None:
        self._members = members
        self._sequencer = sequencer
        self._shelf = shelf

    def accept(self, member: Member, request: EntryRequest, time_s: float) -> Accepted | Problem:
        """Accept a request, or return why not. Its text went through `clean_text`.

        A repeated id is answered with what it led to.
        """
        if duplicates := self._sequencer.find_duplicates(member.id, [request.id]):
            (entry,) = with_quotes(self._sequencer, [duplicates[request.id]])
            return Accepted(entry, is_new=False)
        try:
            accepted = _HANDLERS[type(request)](self, member, request, time_s)
        except _Rejected as rejected:
            return Problem(rejected.code, rejected.reason, rejected.hint, request.id)
        entry = accepted.entry
        if accepted.is_new:
            self._sequencer.add(entry)
        if isinstance(entry, Told) and self._is_away(entry.to):
            # Only now: who reads it later is not away any more.
            return replace(accepted, entry=structs.replace(entry, away=True))
        return accepted

    def _is_away(self, member_id: str) -> bool:
        member = self._members.by_id(member_id)
        return member is None or member.connection_id is None

    def _say(self, member: Member, say: Say, time_s: float) -> Accepted:
        _check_text(say.text)
        quoted = self._quoted(member, say.reply_to)
        if isinstance(quoted, Told):
            # What answers a private message is as private.
            return self._told(member, say, _other_of(quoted, member), quoted, time_s)
        fields = (self._sequencer.next_seq(), say.id, member.id, time_s, member.name, say.text)
        return Accepted(Message(*fields, reply=_quote(quoted)))

    def _tell(self, member: Member, tell: Tell, time_s: float) -> Accepted:
        _check_text(tell.text)
        quoted = self._quoted(member, tell.reply_to)
        if isinstance(quoted, Told) and tell.to != _other_of(quoted, member):
            raise _Rejected(
                error_codes.UNKNOWN_ENTRY,
                "Only the two of you can see the message that you answer.",
                "Answer it to the other of the two, or write without quoting it.",
            )
        return self._told(member, tell, tell.to, quoted, time_s)

    def _told(
        self, member: Member, request: Say | Tell, to: str, quoted: Spoken | None, time_s: float
    ) -> Accepted:
        recipient = self._members.by_id(to)
        if not member.encrypted:
            raise _Rejected(error_codes.NOT_ENCRYPTED, _PLAINTEXT, "Join over an encrypted connection.")
        if recipient is None:
            raise _Rejected(
                error_codes.UNKNOWN_MEMBER, "The room does not know this member.", "Choose a present one."
            )
        if not recipient.encrypted:
            reason = (
                f"{recipient.name}'s connection is not encrypted, so others on the network could read it."
            )
            raise _Rejected(error_codes.NOT_ENCRYPTED, reason, "Say it to all, or not at all.")
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

    def _share(self, member: Member, share: Share, time_s: float) -> Accepted:
        if self._shelf.largest_file is None:
            refused = no_files()
            raise _Rejected(refused.code, refused.reason, refused.hint)
        file = self._shelf.uploaded(member.id, share.file)
        if file is None:
            raise _Rejected(
                error_codes.UNKNOWN_ENTRY, "You have not uploaded this file, or it is gone.", "Send it again."
            )
        text = text_with_file(share.text, file)
        _check_text(text)
        quoted = self._quoted(member, share.reply_to)
        if isinstance(quoted, Told):
            raise _Rejected(
                error_codes.UNKNOWN_ENTRY,
                "A file is for everybody, so it can't answer a private message.",
                "Send it without an answer.",
            )
        fields = (self._sequencer.next_seq(), share.id, member.id, time_s, member.name, text)
        return Accepted(Message(*fields, reply=_quote(quoted), file=file))

    def _react(self, member: Member, react: React, time_s: float) -> Accepted:
        emoji = clean_emoji(react.emoji)
        if emoji is None:
            reason = f"A reaction is one emoji of at most {MAX_EMOJI_BYTES} bytes."
            raise _Rejected(error_codes.BAD_EMOJI, reason, "Choose one emoji.")
        target = self._existing(member, react.seq)
        reactions = self._sequencer.reactions([target.seq]).get(target.seq, {})
        present = reactions.get(emoji, {}).get(member.id)
        if react.on and present is None and emoji not in reactions and len(reactions) >= MAX_REACTIONS:
            reason = f"This message already has {MAX_REACTIONS} different reactions."
            raise _Rejected(error_codes.BAD_EMOJI, reason, "Choose one of them.")
        if not react.on and present is None:
            raise _Rejected(
                error_codes.UNKNOWN_ENTRY, "You have not reacted to this message with this emoji.", ""
            )
        is_new = present is None or not react.on
        seq = self._sequencer.next_seq() if present is None or not react.on else present[0]
        fields = (seq, react.id, target.seq, member.id, member.name, time_s)
        return Accepted(Reacted(*fields, emoji, react.on), _audience(target), is_new)

    def _edit(self, member: Member, edit: Edit, time_s: float) -> Accepted:
        target = self._existing(member, edit.seq)
        if target.member != member.id:
            raise _Rejected(
                error_codes.NOT_YOURS,
                "Only the member who wrote a message can edit it.",
                "Answer it instead.",
            )
        # Of a message with a file, only what its sender wrote about it.
        text = edit.text if target.file is None else text_with_file(edit.text, target.file)
        _check_text(text)
        fields = (self._sequencer.next_seq(), edit.id, target.seq, member.id, member.name, time_s)
        return Accepted(Edited(*fields, text), _audience(target))

    def _delete(self, member: Member, delete: Delete, time_s: float) -> Accepted:
        target = self._existing(member, delete.seq)
        if target.member != member.id and not member.is_host:
            if isinstance(target, Told):
                # A host who is not one of the two has no such message.
                raise _Rejected(error_codes.NOT_YOURS, _ONLY_ITS_WRITER, "Ask them to delete it.")
            reason = "Only the member who wrote a message, or the host, can delete it."
            raise _Rejected(error_codes.NOT_YOURS, reason, "Ask the host.")
        fields = (self._sequencer.next_seq(), delete.id, target.seq, member.id, member.name, time_s)
        return Accepted(Deleted(*fields), _audience(target))

    def _quoted(self, member: Member, reply_to: int | None) -> Spoken | None:
        return None if reply_to is None else self._existing(member, reply_to)

    def _existing(self, member: Member, seq: int) -> Spoken:
        """Return a message that this member may see; what they may not see does not exist for them."""
        message = self._sequencer.messages([seq]).get(seq)
        if message is None or not may_see(message, member.id):
            raise _Rejected(
                error_codes.UNKNOWN_ENTRY, f"There is no message with the number {seq}.", "It may be gone."
            )
        if message.deleted:
            raise _Rejected(error_codes.UNKNOWN_ENTRY, "This message was deleted.", "")
        return message


class _Rejected(Exception):
    """A request is not accepted."""

    def __init__(self, code: str, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.hint = code, reason, hint


def _check_text(text: str) -> None:
    if error := first_text_error([text]):
        raise _Rejected(error_codes.BAD_TEXT, error, "Shorten it, or send it in parts.")


def _quote(message: AnyMessage | None) -> Quote | None:
    return None if message is None else quote_of(message)


def _audience(message: AnyMessage) -> frozenset[str] | None:
    return frozenset((message.member, message.to)) if isinstance(message, Told) else None


def _other_of(told: Told, member: Member) -> str:
    return told.member if told.to == member.id else told.to


_HANDLERS: Final[dict[type[EntryRequest], Callable[..., Accepted]]] = {
    Say: EntryRules._say,
    Tell: EntryRules._tell,
    Share: EntryRules._share,
    React: EntryRules._react,
    Edit: EntryRules._edit,
    Delete: EntryRules._delete,
}
