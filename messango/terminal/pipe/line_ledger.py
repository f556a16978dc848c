"""Which lines of the input are under way, and what is said about them if the session ends first."""

from __future__ import annotations

from collections.abc import Iterator

from messango.protocol.text.wording import counted
from messango.terminal.number_ranges import number_ranges


class LineLedger:
    """Used by one thread; a Ctrl-C may come between any two steps."""

    def __init__(self) -> None:
        #: By the request's id: the number of the line.
        self._pending: dict[str, int] = {}
        #: The line that is given to the client right now.
        self._sending: int | None = None
        #: The lines that were given to the client while it was not in the room, and not since then.
        self._offline: set[int] = set()
        #: The lines that were read but never given to the client.
        self._unsent: list[int] = []

    def __bool__(self) -> bool:
        """Return whether something is not accepted, answered or rejected yet."""
        return bool(self._pending)

    def line_of(self, request_id: str) -> int | None:
        """Return the line of a request that is under way."""
        return self._pending.get(request_id)

    def sending(self, number: int, *, in_room: bool) -> None:
        """Note that a line is given to the client now."""
        self._sending = number
        if not in_room:
            self._offline.add(number)

    def sent(self, request_id: str | None) -> None:
        """Note the id that the client gave it; None if it is not answered."""
        if self._sending is not None:
            if request_id is None:
                self._offline.discard(self._sending)
            else:
                self._pending[request_id] = self._sending
        self._sending = None

    def finished(self, request_id: str) -> int | None:
        """Return the line of a request that is accepted, answered or rejected now, or None."""
        return self._pending.pop(request_id, None)

    def in_room(self) -> None:
        """Note that the client is in the room: it sends what it has."""
        self._offline.clear()

    def not_sent(self, number: int) -> None:
        """Note a line that is not given to the client any more."""
        self._unsent.append(number)

    def report(self, *, is_complete: bool) -> Iterator[str]:
        """Yield sentences about what is not confirmed; `is_complete` if no line was left unread."""
        given = [*self._pending.values(), *([] if self._sending is None else [self._sending])]
        if uncertain := [number for number in given if number not in self._offline]:
            was, them = ("was", "it") if len(uncertain) == 1 else ("were", "them")
            what, where = counted(len(uncertain), "message"), number_ranges("line", uncertain)
            yield f"{what} {was} not confirmed: {where}. The room may have stored {them}."
        if unsent := [*self._offline.intersection(given), *self._unsent]:
            lines = number_ranges("line", unsent)
            yield f"Not sent: {lines if is_complete else f'line {min(unsent)} and everything after it'}."
