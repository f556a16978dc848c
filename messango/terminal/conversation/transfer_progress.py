"""How far all transfers together are, and how fast: for one bar. Pure."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.events import Event, FileFailed, FileProgress, FileSaved, ReceivedMessage
from messango.terminal.conversation.transfer_rate import TransferRate


class TransferProgress:
    """Used by one thread; `clock` gives seconds.

    What has arrived still counts until nothing is on its way, so that the bar does not jump back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._rate = TransferRate(clock)
        self._moving: dict[str, FileProgress] = {}
        self._arrived = 0

    @property
    def moving(self) -> list[FileProgress]:
        """The last report of each transfer that has not ended, in the order in which they began."""
        return [*self._moving.values()]

    @property
    def fraction(self) -> float:
        """How much of it all is done, 0 to 1."""
        size = self._arrived + sum(event.size for event in self._moving.values())
        done = self._arrived + sum(event.done for event in self._moving.values())
        return min(max(done / size, 0.0), 1.0) if size else 0.0

    @property
    def bytes_per_second(self) -> float | None:
        """How fast bytes move; None if that can't be said yet."""
        return self._rate.bytes_per_second

    def handle(self, event: Event) -> None:
        """Learn from an event."""
        if isinstance(event, FileProgress):
            self._progressed(event)
        elif isinstance(event, FileSaved) or (isinstance(event, ReceivedMessage) and event.own):
            self._arrive(event.id)
        elif isinstance(event, FileFailed):
            self._moving.pop(event.id, None)

    def _progressed(self, event: FileProgress) -> None:
        if not self._moving:
            self._arrived = 0
            self._rate.reset()
        before = self._moving.get(event.id)
        # What was there before a break has not come now.
        if before is not None and (before.done or event.done == event.size):
            self._rate.add(max(0, event.done - before.done))
        self._moving[event.id] = event

    def _arrive(self, transfer_id: str) -> None:
        if last := self._moving.pop(transfer_id, None):
            self._rate.add(max(0, last.size - last.done))
            self._arrived += last.size
