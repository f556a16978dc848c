"""Own messages that the room has not accepted yet, or not accepted at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from messango.client.events import MessageFailed
from messango.gui.model.transcript.blocks import Block, BlockKind, DeliveryStatus, Sender
from messango.gui.model.transcript.message_blocks import message_block

#: Most pending messages that are shown.
MAX_PENDING: Final = 100


@dataclass(frozen=True, slots=True)
class _Pending:
    text: str
    sent_at: float
    error: str = ""


class PendingMessages:
    """In the order in which they were written; `now` returns seconds since 1970."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._pending: dict[str, _Pending] = {}

    def __bool__(self) -> bool:
        return bool(self._pending)

    def add(self, message_id: str, text: str) -> None:
        """Add a message that was given to the client."""
        self._pending[message_id] = _Pending(text, self._now())

    def accepted(self, message_id: str) -> None:
        """Remove a message that the room has accepted."""
        self._pending.pop(message_id, None)

    def failed(self, event: MessageFailed) -> None:
        """Mark a message as not sent, with the reason."""
        sent_at = self._pending[event.id].sent_at if event.id in self._pending else self._now()
        error = " ".join(f"Not sent. {event.reason} {event.hint}".split())
        self._pending[event.id] = _Pending(event.text, sent_at, error)

    def pop_failed(self, message_id: str) -> str | None:
        """Remove a failed message and return its text; None if it is pending or accepted."""
        pending = self._pending.get(message_id)
        if pending is None or not pending.error:
            return None
        del self._pending[message_id]
        return pending.text

    def fail_all(self) -> None:
        """Mark all messages as not sent: the session has ended."""
        for message_id, waiting in list(self._pending.items()):
            if not waiting.error:
                reason = "The session ended before the room confirmed it."
                self.failed(MessageFailed(message_id, waiting.text, reason, ""))

    def blocks(self, member: str, name: str, after: Sender | None) -> list[Block]:
        """Return the blocks of the last ones, by this member, below a message of `after`."""
        blocks = []
        for key, waiting in list(self._pending.items())[-MAX_PENDING:]:
            sender = Sender(member, name, waiting.sent_at)
            delivery = DeliveryStatus.FAILED if waiting.error else DeliveryStatus.WAITING
            block = message_block(sender, waiting.text, own=True, delivery=delivery, after=after)
            blocks.append(replace(block, error=waiting.error, pending_id=key))
            after = sender if block.kind is BlockKind.MESSAGE else None
        return blocks
