"""A file on its way out: the file, the line about it, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.interface import RoomClientLike
from messango.protocol.frames import Quote


@dataclass(frozen=True, slots=True)
class OutgoingShare:
    """A file for everybody in the room. `size` is what it had when it was chosen, None if that is unknown;
    `modified_ns` when it had been modified then, 0 likewise.
    """

    file: OutgoingFile
    size: int | None = None
    caption: str = ""
    reply: Quote | None = None
    modified_ns: int = 0

    def send_by(self, client: RoomClientLike) -> str:
        """Send it, now or after reconnecting; returns the transfer's id, which its message will have too."""
        return client.share_file(self.file, self.caption, self.reply.seq if self.reply else None)


def shares_of(files: Sequence[OutgoingShare], caption: str, reply: Quote | None) -> list[OutgoingShare]:
    """Return how to send several files in one go.

    The line about them and the answer go with the first: the others follow it, and nobody reads it twice.
    """
    first = [replace(share, caption=caption, reply=reply) for share in files[:1]]
    return [*first, *files[1:]]
