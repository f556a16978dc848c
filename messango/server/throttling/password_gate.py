"""The room's password, which can change while members are in the room.

Newcomers need the present one. A member whose connection breaks comes back to their seat as they came in:
with the password that they know, or without one. So each password has a generation, and former ones count
for the seats that were taken with them, and for nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from messango.protocol.password import Password
from messango.room.peer import Peer
from messango.server.throttling.password_verifier import PasswordVerifier

#: Generations that are kept. A member who came in longer ago needs the present password after a break.
_MAX_GENERATIONS: Final = 16


@dataclass(frozen=True, slots=True)
class Gate:
    """What one client has to prove: a password of this generation, or nothing (None)."""

    generation: int = 0
    verifier: PasswordVerifier | None = None


class PasswordGate:
    """Owns the present password and former ones, and the lock that guards them. For any thread.

    `create_verifier` makes the verifier of a password; `seat_generation` returns with which generation the
    member with this session has taken the seat, or None if there is no such seat.
    """

    def __init__(
        self,
        create_verifier: Callable[[Password], PasswordVerifier],
        seat_generation: Callable[[str, Peer], int | None],
    ) -> None:
        self._create_verifier = create_verifier
        self._seat_generation = seat_generation
        self._lock = threading.Lock()
        self._present = Gate()
        self._gates = {0: self._present}

    def change(self, password: Password | None) -> int:
        """Require this password, or none, from newcomers; returns its generation."""
        verifier = None if password is None else self._create_verifier(password)
        with self._lock:
            gate = self._present = Gate(self._present.generation + 1, verifier)
            self._gates[gate.generation] = gate
            self._gates.pop(gate.generation - _MAX_GENERATIONS, None)
        return gate.generation

    def gate_for(self, session: str | None, peer: Peer) -> Gate:
        """Return what a client has to prove that joins with this session, or as a newcomer."""
        generation = self._seat_generation(session, peer) if session else None
        with self._lock:
            return self._present if generation is None else self._gates.get(generation, self._present)
