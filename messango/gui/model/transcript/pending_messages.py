"""Own messages that the room has not accepted yet, or not accepted at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from messango.client.events import MessageFailed
from messango.client.events.files import FileFailed
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.files.file_card import CardStatus, FileCard
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.transcript.blocks import Block, BlockKind, DeliveryStatus, Sender
from messango.gui.model.transcript.message_block import message_block, outgoing_extras

#: Most pending messages that are shown.
MAX_PENDING: Final = 100


@dataclass(frozen=True, slots=True)
class _Pending:
    message: OutgoingMessage | OutgoingShare
    sent_at: float
    error: str = ""


class PendingMessages:
    """In the order in which they were written; `now` returns seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._pending: dict[str, _Pending] = {}

    def __bool__(self) -> bool:
        return bool(self._pending)

    def add(self, message_id: str, message: OutgoingMessage | OutgoingShare) -> None:
        """Add a message or a file that was given to the client."""
        self._pending[message_id] = _Pending(message, self._now())

    def accepted(self, message_id: str) -> None:
        """Remove a message that the room has accepted."""
        self._pending.pop(message_id, None)

    def failed(self, event: MessageFailed | FileFailed) -> None:
        """Mark a message or a file as not sent, with the reason; one that the person gave up is removed."""
        if isinstance(event, FileFailed) and event.cancelled:
            self._pending.pop(event.id, None)
        # One that is not pending is not ours to send: a room may claim that any id has failed.
        if event.id in self._pending:
            error = " ".join(f"Not sent. {event.reason} {event.hint}".split())
            self._pending[event.id] = replace(self._pending[event.id], error=error)

    def pop_failed(self, message_id: str) -> OutgoingMessage | OutgoingShare | None:
        """Remove a failed message and return it, with its addressee; None if it is pending or accepted."""
        pending = self._pending.get(message_id)
        if pending is None or not pending.error:
            return None
        del self._pending[message_id]
        return pending.message

    def fail_all(self) -> None:
        """Mark all messages as not sent: the session has ended."""
        for message_id, waiting in self._pending.items():
            if not waiting.error:
                reason = "The session ended before the room confirmed it."
                self.failed(MessageFailed(message_id, _text(waiting.message), reason, ""))

    def blocks(self, member: str, name: str, after: Sender | None) -> list[Block]:
        """Return the blocks of the last ones, by this member, below a message of `after`."""
        blocks = []
        for key, waiting in list(self._pending.items())[-MAX_PENDING:]:
            message, extras = waiting.message, outgoing_extras(waiting.message)
            sender = Sender(member, name, waiting.sent_at, extras.to)
            delivery = DeliveryStatus.FAILED if waiting.error else DeliveryStatus.WAITING
            if isinstance(message, OutgoingShare):
                extras = structs.replace(extras, card=_card(key, message, has_failed=bool(waiting.error)))
            block = message_block(sender, _text(message), extras, own=True, delivery=delivery, after=after)
            blocks.append(structs.replace(block, error=waiting.error, pending_id=key))
            after = sender if block.kind is BlockKind.MESSAGE else None
        return blocks


def _text(message: OutgoingMessage | OutgoingShare) -> str:
    return message.caption if isinstance(message, OutgoingShare) else message.text


def _card(key: str, share: OutgoingShare, *, has_failed: bool) -> FileCard:
    status = CardStatus.FAILED if has_failed else CardStatus.SENDING
    return FileCard(key, share.file.name, share.size, status)
