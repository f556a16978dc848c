"""Sums up the renames of a member who changes their name again and again."""

from __future__ import annotations

from messango.room.host.host_events import MemberRenamed


class RenameSummary:
    """In each window of time a member's first rename is published, and the others as one. Not thread-safe.

    The names that the host has read always lead to the present ones: the sum begins at the name that was
    published last, and is published before anything else about that member.
    """

    def __init__(self) -> None:
        #: The names that were published in this window, and what is not published yet, by the present name.
        self._published: set[str] = set()
        self._pending: dict[str, MemberRenamed] = {}

    def should_publish(self, event: MemberRenamed) -> bool:
        """Return whether to publish a rename now; it is added to the member's sum if not."""
        earlier = self._pending.pop(event.old, None)
        if earlier is not None:
            self._pending[event.name] = MemberRenamed(
                event.name, earlier.old, event.resembles, earlier.times + 1
            )
        elif event.old in self._published:
            self._published.discard(event.old)
            self._pending[event.name] = event
        else:
            self._published.add(event.name)
            return True
        return False

    def take(self, name: str | None) -> list[MemberRenamed]:
        """Return the sum of the member who has this name now, or all sums for None, to publish them."""
        names = [*self._pending] if name is None else [name] if name in self._pending else []
        taken = [self._pending.pop(name) for name in names]
        self._published.update(renamed.name for renamed in taken)
        return taken

    def end_window(self) -> list[MemberRenamed]:
        """Return all sums, and begin the next window, in which these count as first renames."""
        self._published.clear()
        return self.take(None)
