"""What the writing side of a conversation knows: the field's mode, whom names mean, whom we ignore."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from messango.client.events import (
    AnyReceived,
    Event,
    MemberRenamed,
    MessageDeleted,
    PrivateMessageReceived,
    RoomJoined,
)
from messango.client.members.directory import MemberDirectory
from messango.client.members.ignored import IgnoredMembers
from messango.client.members.presence import Presence, Whereabouts
from messango.client.present_messages import PresentMessages
from messango.client.typed.addressing import Target
from messango.client.typed.which_message import find_message
from messango.gui.model.composer.composer_mode import ComposerState, Editing, Recipient, partner
from messango.gui.model.composer.private_talk import private_refusal, whereabouts


class Writing:
    """Follows the client's events; `has_pending` returns whether an own message waits for its receipt."""

    def __init__(
        self, presence: Presence, messages: PresentMessages, has_pending: Callable[[], bool]
    ) -> None:
        self.composer = ComposerState()
        self.directory = MemberDirectory()
        #: Whom the person ignores in this room.
        self.ignored = IgnoredMembers()
        self.messages = messages
        self._presence, self._has_pending = presence, has_pending
        self._joined: RoomJoined | None = None

    def handle(self, event: Event) -> None:
        """Follow an event that the conversation has applied."""
        self.directory.handle(event)
        if isinstance(event, RoomJoined):
            if self._joined is not None and not event.resumed:
                self.composer.session_replaced()
            self._joined = event
        elif isinstance(event, MemberRenamed):
            self.composer.renamed(event.member, event.name)
        elif isinstance(event, MessageDeleted):
            self.composer.message_deleted(event.target)

    def whereabouts(self, to: Recipient | None) -> Whereabouts:
        """Return whether the recipient of a private message is in the room, away, or gone."""
        return Whereabouts.HERE if to is None else whereabouts(self._presence, to)

    def private_refusal(self, to: Recipient) -> str:
        """Return why nothing can be said to this member only, or an empty text."""
        return private_refusal(self._joined, self._presence, to)

    def last_own(self) -> Editing | str | None:
        """Return the own message that Up edits, or why there is none just now, or None: there is none."""
        if self._has_pending():
            return "Your last message is not sent yet, so it can't be edited."
        message = self.find(Target(), change=True)
        if message is None:
            return None
        to = partner(message) if isinstance(message, PrivateMessageReceived) else None
        return Editing(message.seq, message.caption, to, may_be_empty=message.file is not None)

    @property
    def is_sending(self) -> bool:
        """Whether an own message waits for its receipt."""
        return self._has_pending()

    def newest_first(self) -> Iterator[AnyReceived]:
        """Yield the messages that are shown, the newest first."""
        for message in reversed(self.messages.in_order()):
            if not self.ignored.hides(message.member, message.name):
                yield message

    def find(self, target: Target, *, change: bool) -> AnyReceived | None:
        """Return the message that a typed command means, or None; to `change` it, an own one."""
        return find_message(target, self.newest_first(), change=change)
