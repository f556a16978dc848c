"""Our requests for older messages and searches that the room has not answered yet."""

from __future__ import annotations

import threading
from typing import Final, TypeAlias, TypeVar

from messango.protocol.frames import Earlier, Search

#: The requests that only read.
Question: TypeAlias = Earlier | Search

Q = TypeVar("Q", Earlier, Search)

#: How many of a kind are sent at once. The room answers two searches and ten of the others a second, and
#: reads nothing else of ours while one has to wait: our messages must not wait behind many.
_MOST_AT_ONCE: Final[dict[type[Question], int]] = {Earlier: 4, Search: 1}


class Questions:
    """Thread-safe: owns the lock that guards its tables."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: By id, in order; those in the set were sent on this connection.
        self._waiting: dict[str, Question] = {}
        self._sent: set[str] = set()

    def __len__(self) -> int:
        with self._lock:
            return len(self._waiting)

    def add(self, question: Question) -> str:
        """Store a question until it is answered; return its id."""
        with self._lock:
            self._waiting[question.id] = question
            return question.id

    def next_batch(self) -> list[Question]:
        """Return the questions that may be sent now, and count them as sent."""
        with self._lock:
            free = dict(_MOST_AT_ONCE)
            for question_id in self._sent:
                free[type(self._waiting[question_id])] -= 1
            batch: list[Question] = []
            for question in self._waiting.values():
                if question.id not in self._sent and free[type(question)] > 0:
                    free[type(question)] -= 1
                    batch.append(question)
            self._sent.update(question.id for question in batch)
            return batch

    def answered(self, question_id: str, kind: type[Q]) -> Q | None:
        """Remove and return a question that got an answer of its kind; None if nobody asked that."""
        with self._lock:
            question = self._waiting.get(question_id)
            if not isinstance(question, kind):
                return None
            self._remove(question_id)
            return question

    def rejected(self, question_id: str) -> Question | None:
        """Remove and return a question that the room does not answer; None if the id is unknown."""
        with self._lock:
            return self._remove(question_id)

    def _remove(self, question_id: str) -> Question | None:
        self._sent.discard(question_id)
        return self._waiting.pop(question_id, None)

    def requeue_all(self) -> None:
        """Ask everything again on the next connection: this one broke."""
        with self._lock:
            self._sent.clear()
