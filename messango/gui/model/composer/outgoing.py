"""A message on its way out: its text, its one recipient if it is private, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from messango.client.events import AnyReceived
from messango.client.interface import RoomClientLike
from messango.gui.model.composer.composer_mode import Recipient
from messango.protocol.frames import Quote
from messango.protocol.limits import MAX_QUOTE_CHARACTERS


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Keeps its addressee as long as it exists: a message that waits or failed is never sent to others."""

    text: str
    to: Recipient | None = None
    reply: Quote | None = None

    def send_by(self, client: RoomClientLike) -> str:
        """Send the message, now or after reconnecting, and return its id."""
        reply_to = self.reply.seq if self.reply else None
        if self.to is not None:
            return client.tell(self.to.member, self.text, reply_to)
        return client.send_message(self.text, reply_to)


def quote_of(message: AnyReceived) -> Quote:
    """Return how an answer quotes a message."""
    return Quote(message.seq, message.name, message.text[:MAX_QUOTE_CHARACTERS])
