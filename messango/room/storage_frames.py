"""What members are told when the history can't be stored, and when it can again."""

from __future__ import annotations

from messango.protocol import error_codes
from messango.protocol.frames import Problem
from messango.protocol.text.wording import counted
from messango.room.history.history import StorageProblem


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
