"""What host and members are told when the history can't be stored, and when it can again."""

from __future__ import annotations

from messango.protocol import error_codes
from messango.protocol.frames import Problem
from messango.protocol.text.wording import counted
from messango.room.history.history import History, StorageProblem
from messango.room.host.host_events import HistoryRestored, RoomEvent, ServerWarning


class StorageReport:
    """What was told about a history last; for one thread at a time."""

    def __init__(self, history: History) -> None:
        self._history = history
        #: What newcomers are told: why messages are not stored, if they are not.
        self.problem = history.problem
        #: How many messages host and members know to be lost.
        self._known_lost = 0

    def news(self) -> tuple[list[RoomEvent], Problem | None]:
        """Return what is new for the host, and the frame for the members, if the problem came or went."""
        events: list[RoomEvent] = [ServerWarning(notice) for notice in self._history.notices]
        self._history.notices.clear()
        former, self.problem = self.problem, self._history.problem
        if self.problem == former:
            return events, None
        if self.problem is not None:
            return [*events, ServerWarning(str(self.problem))], storage_problem_frame(self.problem)
        lost, self._known_lost = self._history.lost_count - self._known_lost, self._history.lost_count
        return [*events, HistoryRestored(lost)], restored_frame(lost)


def storage_problem_frame(problem: StorageProblem) -> Problem:
    """Return the notice that messages are not stored."""
    hint = "You can go on talking. If it matters, save the conversation before the room closes."
    return Problem(error_codes.NOT_KEPT, problem.for_members or problem.reason, hint)


def restored_frame(lost: int) -> Problem:
    """Return the notice that messages are stored again, except so many."""
    missing = f", except {counted(lost, 'message')} for which there was no room" if lost else ""
    return Problem(
        error_codes.KEPT_AGAIN, f"The room stores messages again, also the latest ones{missing}.", ""
    )
