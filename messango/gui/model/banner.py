"""What stands above a conversation where something is wrong, or something has to be asked."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Tone(enum.Enum):
    """How serious a banner is."""

    CAUTION = "caution"  # it mends itself, or nothing is lost
    DANGER = "danger"


class Step(enum.Enum):
    """What a banner offers to do; the value is what its button says, unless the banner knows better."""

    JOIN = "Join it"
    HOST_ON = "Host it on"
    KEEP = "Keep the conversation…"
    RETRY_NOW = "Retry now"
    TRY_AGAIN = "Try again"
    WAIT = "Wait for a seat"
    WAIT_NO_MORE = "Wait no more"
    HERE_AGAIN = "Go on here"
    JOIN_ANEW = "Join anew"
    BACK = "Back to the rooms"
    CLOSE_FOR_ALL = "Close it for everybody"
    STAY = "Stay"
    DISMISS = "OK"


@dataclass(frozen=True, slots=True)
class Banner:
    """What went wrong, what to do next, and the buttons for it; `join` is what `Step.JOIN` says."""

    tone: Tone
    text: str
    hint: str
    steps: tuple[Step, ...]
    join: str = ""

    @property
    def buttons(self) -> tuple[tuple[Step, str], ...]:
        """The steps, each with what its button says."""
        return tuple((step, self.join if step is Step.JOIN else step.value) for step in self.steps)
