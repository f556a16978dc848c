"""What stands above a conversation where something is wrong, or something has to be asked."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class BannerSeverity(enum.Enum):
    """How serious a banner is."""

    WARNING = "warning"  # it mends itself, or nothing is lost
    DANGER = "danger"


class BannerAction(enum.Enum):
    """What a banner offers to do; the value is what its button says, unless the banner knows better."""

    JOIN = "Join it"
    REHOST = "Host it on"
    SAVE = "Keep the conversation…"
    RETRY_NOW = "Retry now"
    TRY_AGAIN = "Try again"
    WAIT_FOR_SEAT = "Wait for a seat"
    STOP_WAITING = "Wait no more"
    REJOIN_HERE = "Go on here"
    REJOIN = "Join anew"
    BACK = "Back to the rooms"
    CLOSE_FOR_ALL = "Close it for everybody"
    STAY = "Stay"
    DISMISS = "OK"


@dataclass(frozen=True, slots=True)
class Banner:
    """What went wrong, what to do next, and the buttons for it; `join_label` is what `BannerAction.JOIN`
    says.
    """

    severity: BannerSeverity
    text: str
    hint: str
    actions: tuple[BannerAction, ...]
    join_label: str = ""

    @property
    def buttons(self) -> tuple[tuple[BannerAction, str], ...]:
        """The steps, each with what its button says."""
        return tuple(
            (action, self.join_label if action is BannerAction.JOIN else action.value)
            for action in self.actions
        )
