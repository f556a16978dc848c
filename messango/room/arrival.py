"""A client who asks for a seat: joining has two steps, asked and decided."""

from __future__ import annotations

from dataclasses import dataclass

from messango.room.members import Member
from messango.room.peer import Peer


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new or returning member without a seat, and the connection on which they ask for one.

    `since` as in the frame `join`. `password_generation` is that of the password that they have proved, or of
    none.
    """

    member: Member
    connection_id: int
    peer: Peer
    since: int | None
    password_generation: int
    is_host: bool

    def take_over(self) -> None:
        """Let the member have this connection's properties, now that they are admitted."""
        self.member.peer, self.member.is_host = self.peer, self.is_host
        self.member.password_generation = self.password_generation
