"""Finds words in all that a window holds of a conversation, a little at a time."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from messango.gui.model.blocks import Block
from messango.gui.model.transcript import Transcript

#: A step ends after so long.
STEP_S: Final = 0.008
_AT_ONCE: Final = 200


class Search:
    """Looks backwards from the newest message; what is said meanwhile is found too.

    Upper and lower case are the same. `timer` gives seconds, and bounds a step.
    """

    def __init__(self, transcript: Transcript, timer: Callable[[], float] = time.monotonic) -> None:
        self._transcript, self._timer = transcript, timer
        self.words = ""
        self._folded = ""
        self._found: list[int] = []
        self._current: int | None = None
        self._below = 0  # all before this number is still to be looked at
        self._above = 0  # all from this number on too

    @property
    def active(self) -> bool:
        """Whether something is looked for."""
        return bool(self._folded)

    @property
    def done(self) -> bool:
        """Whether all was looked at."""
        transcript = self._transcript
        return not self._folded or (self._below <= transcript.first and self._above >= transcript.end)

    @property
    def current(self) -> int | None:
        """The number of the block that was found and is shown."""
        return self._current

    def begin(self, words: str) -> None:
        """Look for `words` from now on; for nothing where there are none."""
        if words == self.words:
            return
        self.words, self._folded = words, words.casefold().strip()
        self._found, self._current = [], None
        self._below = self._above = self._transcript.end

    def step(self) -> None:
        """Look on for a moment; the newest that is found becomes the current one."""
        if self.done:
            return
        deadline = self._timer() + STEP_S
        transcript = self._transcript
        self._search(self._above, transcript.end)
        self._above = transcript.end
        while self._below > transcript.first:
            start = max(self._below - _AT_ONCE, transcript.first)
            self._search(start, self._below)
            self._below = start
            if self._timer() >= deadline:
                break
        if self._current is None and self._found:
            self._current = self._found[-1]

    def go(self, steps: int) -> None:
        """Go to the next match (1) or the one before (-1); behind the last comes the first."""
        self._forget_what_is_gone()
        if not self._found:
            return
        place = bisect_left(self._found, self._current or 0)
        self._current = self._found[(place + steps) % len(self._found)]

    @property
    def told(self) -> str:
        """How it stands, in words: `3 of 17`."""
        if not self.active:
            return ""
        if not self._found:
            return "Nothing found" if self.done else "Searching…"
        place = bisect_left(self._found, self._current or 0) + 1
        return f"{place:,} of {len(self._found):,}" + ("" if self.done else "…")

    def _search(self, start: int, stop: int) -> None:
        start = max(start, self._transcript.first)
        blocks = enumerate(self._transcript.blocks(start, stop), start)
        found = [number for number, block in blocks if block.said and self._is_in(block)]
        if found and self._found and found[-1] < self._found[0]:
            self._found[:0] = found
        else:
            self._found += found

    def _is_in(self, block: Block) -> bool:
        return self._folded in block.text.casefold() or self._folded in block.name.casefold()

    def _forget_what_is_gone(self) -> None:
        gone = bisect_left(self._found, self._transcript.first)
        if gone:
            del self._found[:gone]
