"""Loads what the room keeps besides what is shown: older messages, and those around a message far above.

One request is under way at a time; it is made ahead of need, so that nobody who scrolls meets a wall.
"""

from __future__ import annotations

import enum
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from messango.client.events import AnyReceived, EarlierReceived
from messango.gui.model.transcript.block_run import BlockRun
from messango.gui.model.transcript.parts import MAX_BLOCKS, TranscriptParts
from messango.protocol.limits import MAX_ANSWER_MESSAGES, MAX_SEQ

#: With fewer blocks than these beyond the visible ones, more are loaded: several screens.
AHEAD_BLOCKS: Final = 600

#: Of the messages around one, this many numbers come after it; the others are before it.
_NUMBERS_AFTER: Final = 80

#: The room answers within milliseconds. What failed, or was never answered, is asked again later.
_RETRY_AFTER_S: Final = 5.0
_TIMEOUT_S: Final = 30.0

#: A wait that is worth a word.
_NOTE_AFTER_S: Final = 0.4

#: A room that keeps nothing between numbers is asked for ever longer ranges of them.
_LONGEST_STEP: Final = 2**40

#: Lists of the island's messages that are held: as many as are shown at most.
_MAX_LISTS: Final = MAX_BLOCKS // MAX_ANSWER_MESSAGES

#: Asks for the messages before a number, at most this many; returns the request's id.
AskEarlier = Callable[[int, int], str]


class _Purpose(enum.Enum):
    OLDER = "older"
    NEWER = "newer"
    AROUND = "around"


@dataclass(slots=True)
class _Request:
    """What was asked, and for which part; `until` and `found` are about messages between two numbers.

    Those are asked for from the newest on, because the room counts from there: `found` are the newer ones.
    """

    purpose: _Purpose
    part: BlockRun
    before: int
    until: int = 0
    found: list[AnyReceived] = field(default_factory=list)
    id: str = ""
    asked_at: float = 0.0


class HistoryLoader:
    """Fills `parts` from answers to `earlier`; `clock` returns monotonic seconds.

    Events may come from any server: what does not fit to the request is left out.
    """

    def __init__(self, parts: TranscriptParts, clock: Callable[[], float]) -> None:
        self._parts, self._clock = parts, clock
        #: Whether the room answers such requests, whether it had any messages when we joined, what it is
        #: called, and whether it has lost what is older than the first that it keeps.
        self.is_available = False
        self.keeps_older = False
        self.room_name = ""
        self.is_cut = False
        #: Told of each message that comes: returns whether it is shown already, with another host's number.
        self.recognise: Callable[[AnyReceived], bool] = lambda _: False
        #: Told of the messages that are added above the newest part, the oldest first.
        self.on_older: Callable[[Sequence[AnyReceived]], None] = lambda _: None
        #: The messages of the island, in lists that follow each other.
        self._apart: deque[list[AnyReceived]] = deque(maxlen=_MAX_LISTS)
        self._request: _Request | None = None
        self._next: _Request | None = None
        self._retry_at = float("-inf")
        self._step = MAX_ANSWER_MESSAGES
        #: The message to go to, and where to go now that it is loaded.
        self._wanted: int | None = None
        self._target: int | None = None
        self._is_missing = False

    def note(self) -> str:
        """Return what a reader at the top should know: that older messages are on their way, or why not."""
        if self._clock() < self._retry_at:
            return "Earlier messages could not be loaded. Messango tries again in a moment"
        request = self._request
        is_slow = request is not None and self._clock() > request.asked_at + _NOTE_AFTER_S
        is_older = request is not None and request.purpose is _Purpose.OLDER
        return "Loading earlier messages…" if is_slow and is_older else ""

    def go_to(self, seq: int) -> bool:
        """Go to a message; returns False if it is not loaded and can't be. `pop_target` has where it is."""
        number = self._parts.find(seq)
        if number is None:
            self._wanted = seq if self.is_available else None
            return self.is_available
        self._wanted = None
        self._arrive(number)
        return True

    def pop_target(self) -> int | None:
        """Return the block to scroll to, once."""
        target, self._target = self._target, None
        return target

    def pop_missing(self) -> bool:
        """Return once that the wanted message could not be found."""
        missing, self._is_missing = self._is_missing, False
        return missing

    def load(self, visible: tuple[int, int] | None, ask: AskEarlier) -> None:
        """Ask for what is needed next, if anything.

        `visible` are the first and the last block that somebody reads; None if they only follow new messages.
        """
        if not self.is_available or self._clock() < self._retry_at:
            return
        if self._request is not None and self._clock() < self._request.asked_at + _TIMEOUT_S:
            return
        self._request = self._next_request(visible)
        if self._request is not None:
            self._send(self._request, ask)

    def received(self, event: EarlierReceived, messages: Sequence[AnyReceived]) -> None:
        """Add the messages of an answer, which are in their present form in `messages`."""
        request = self._request
        if request is None or event.id != request.id:
            return
        self._request = None
        fitting = _in_order(messages, request.before)
        more = event.more and bool(fitting)
        if request.purpose is _Purpose.AROUND:
            self._add_around(request, fitting, more=more)
        elif request.part is not self._parts.shown:
            return  # The reader is elsewhere now.
        elif request.purpose is _Purpose.OLDER:
            self._add_older(request, fitting, more=more)
        else:
            self._add_newer(request, fitting, more=more, latest=event.latest)

    def failed(self, request_id: str) -> bool:
        """Ask again later, if this was our request; returns whether it was."""
        if self._request is None or self._request.id != request_id:
            return False
        if self._request.purpose is _Purpose.AROUND:
            self._give_up()
        self._request, self._retry_at = None, self._clock() + _RETRY_AFTER_S
        return True

    def reset(self) -> None:
        """Expect no answers any more: the session has ended."""
        self._request = self._next = self._wanted = None

    def _next_request(self, visible: tuple[int, int] | None) -> _Request | None:
        shown = self._parts.shown
        following, self._next = self._next, None
        if following is not None and following.part is shown:
            return following
        if self._wanted is not None:
            before = min(self._wanted + _NUMBERS_AFTER, MAX_SEQ) + 1
            return _Request(_Purpose.AROUND, shown, min(before, MAX_SEQ))
        if visible is None:
            return None
        above, below = visible[0] - shown.first, shown.end - visible[1]
        is_complete_above = shown.has_beginning or shown.oldest_seq is None or above >= AHEAD_BLOCKS
        is_complete_below = self._parts.shows_newest or below >= AHEAD_BLOCKS
        if not is_complete_above and (is_complete_below or above <= below):
            return _Request(_Purpose.OLDER, shown, shown.oldest_seq or MAX_SEQ)
        if not is_complete_below:
            newest = self._parts.newest.oldest_seq or MAX_SEQ
            until = min(shown.loaded_to + self._step + 1, newest)
            return _Request(_Purpose.NEWER, shown, until, until)
        return None

    def _send(self, request: _Request, ask: AskEarlier) -> None:
        self._request, request.asked_at = request, self._clock()
        request.id = ask(request.before, MAX_ANSWER_MESSAGES)

    def _add_older(self, request: _Request, messages: list[AnyReceived], *, more: bool) -> None:
        if request.part.oldest_seq != request.before:
            return  # Some were dropped meanwhile, so others are missing in between.
        gap = self._parts.before_gap if self._parts.shows_newest else None
        reached = gap.loaded_to if gap is not None else 0
        missing = [message for message in messages if message.seq > reached]
        older = self._unknown(missing)
        if self._parts.shows_newest:
            self._apart.clear()
            self.on_older(older)
        else:
            self._apart.appendleft(older)
        self._parts.add_older(older)
        if gap is None:
            if not more:
                self._mark_beginning()
        elif not more or len(missing) < len(messages):
            self._parts.close_gap()

    def _add_newer(self, request: _Request, messages: list[AnyReceived], *, more: bool, latest: int) -> None:
        after = request.part.loaded_to
        newer = [message for message in messages if message.seq > after]
        found = [*newer, *request.found]
        if more and len(newer) == len(messages):
            self._fill_gap(request, found)
            return
        self._apart.append(self._unknown(found))
        self._parts.add_newer(self._apart[-1])
        if request.part is not self._parts.shown:
            return
        request.part.loaded_to = max(request.part.loaded_to, request.until - 1)
        self._step = MAX_ANSWER_MESSAGES if found else min(self._step * 2, _LONGEST_STEP)
        newest = self._parts.newest.oldest_seq
        if request.until >= (latest + 1 if newest is None else newest):
            self._join_island()

    def _join_island(self) -> None:
        self._parts.join_island()
        while self._apart:
            self.on_older(self._apart.pop())

    def _fill_gap(self, request: _Request, found: list[AnyReceived]) -> None:
        """The answer did not reach down to what is loaded: ask for the rest, or in smaller steps."""
        if self._step > MAX_ANSWER_MESSAGES:
            self._step = MAX_ANSWER_MESSAGES
            return
        request.found, request.before = found, found[0].seq
        self._next = request

    def _add_around(self, request: _Request, messages: list[AnyReceived], *, more: bool) -> None:
        wanted, newest = self._wanted, self._parts.newest.oldest_seq or MAX_SEQ
        if wanted is None:
            return
        around = [message for message in messages if message.seq < newest and not self.recognise(message)]
        if self._parts.find(wanted) is not None:
            self.go_to(wanted)
            return
        if not any(message.seq == wanted for message in around):
            self._ask_up_to(wanted, request)
            return
        self._apart.clear()
        self._apart.append(around)
        self._parts.show_island(around)
        self._parts.shown.loaded_to = request.before - 1
        if request.before >= newest:
            self._join_island()
        if not more:
            self._mark_beginning()
        self.go_to(wanted)

    def _ask_up_to(self, wanted: int, request: _Request) -> None:
        """Long messages around the wanted one filled the answer, or it does not exist any more."""
        if request.before == wanted + 1:
            self._give_up()
        else:
            self._next = _Request(_Purpose.AROUND, self._parts.shown, wanted + 1)

    def _unknown(self, messages: Iterable[AnyReceived]) -> list[AnyReceived]:
        return [message for message in messages if not self.recognise(message)]

    def _give_up(self) -> None:
        self._wanted, self._is_missing = None, True

    def _arrive(self, number: int) -> None:
        if number not in self._parts.shown:
            self._parts.show_part_with(number)
        self._target = number

    def _mark_beginning(self) -> None:
        self._parts.mark_beginning(
            "The room keeps nothing older" if self.is_cut else f"This is the beginning of {self.room_name}"
        )


def _in_order(messages: Sequence[AnyReceived], before: int) -> list[AnyReceived]:
    """Return the messages before a number by their own numbers, each once."""
    fitting = {message.seq: message for message in messages if 0 < message.seq < before}
    return [fitting[seq] for seq in sorted(fitting)]
