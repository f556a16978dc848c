"""Who is mentioned by a message, and which messages mention us: one rule for both front ends. Pure."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from typing import Final

from messango.protocol.text.matching import fold, mentions

#: A log remembers this many mentions, the newest ones.
MAX_MENTIONS: Final = 1_000

#: Of more longer names than this only the first are looked for: a room has few that begin alike.
_MAX_LONGER: Final = 20


def is_mention(text: str, you: str, *, answers_you: bool = False, names: Iterable[str] = ()) -> bool:
    """Return whether a message mentions the member `you`.

    It does by the name as a word of its own (`@Ann`, `Ann: yes`, `ask Ann`), in any case and without accents,
    or by answering a message of theirs. `@Ann Lee` mentions Ann Lee, and not Ann, if both are among `names`.
    """
    if answers_you:
        return True
    if not mentions(text, you):
        return False
    own = " ".join(fold(you).split())
    longer = [folded for name in names if (folded := " ".join(fold(name).split())).startswith(f"{own} ")]
    if not longer:
        return True
    folded_text = fold(text)
    for other in sorted(longer[:_MAX_LONGER], key=len, reverse=True):
        folded_text = re.sub(rf"(?<!\w){_spaced(other)}(?!\w)", "\n", folded_text)
    return mentions(folded_text, you)


def _spaced(folded_name: str) -> str:
    return r"\s+".join(map(re.escape, folded_name.split()))


class MentionLog:
    """The numbers of the messages that mention us, in their order, and which of them are still unseen.

    Bounded. The messages themselves are where all are: this only says which.
    """

    def __init__(self) -> None:
        self._seqs: list[int] = []
        self._unseen: list[int] = []

    def add(self, seq: int, *, seen: bool) -> None:
        """Add a message; an edit may add one between others."""
        for seqs in [self._seqs] if seen else [self._seqs, self._unseen]:
            index = bisect.bisect_left(seqs, seq)
            if seqs[index : index + 1] != [seq]:
                seqs.insert(index, seq)
                del seqs[:-MAX_MENTIONS]

    def remove(self, seq: int) -> None:
        """Remove a message that was deleted, or changed so that it mentions us no more."""
        for seqs in (self._seqs, self._unseen):
            if seq in seqs:
                seqs.remove(seq)

    def clear(self) -> None:
        """Remove all: the numbers are those of another room now."""
        self._seqs.clear()
        self._unseen.clear()

    def mark_seen(self, first: int, last: int) -> None:
        """Mark those from number `first` to `last` as seen."""
        if self._unseen:
            start, end = bisect.bisect_left(self._unseen, first), bisect.bisect_right(self._unseen, last)
            del self._unseen[start:end]

    @property
    def seqs(self) -> tuple[int, ...]:
        """All of them, the oldest first."""
        return tuple(self._seqs)

    @property
    def unseen_count(self) -> int:
        """How many nobody has looked at yet."""
        return len(self._unseen)

    def next(self, current: int | None) -> int | None:
        """Return the mention to show now: the oldest unseen one, else the one before `current`.

        Before the first comes the last again. None if there is none.
        """
        if self._unseen:
            return self._unseen[0]
        if not self._seqs:
            return None
        index = len(self._seqs) if current is None else bisect.bisect_left(self._seqs, current)
        return self._seqs[index - 1]
