"""The banner above a conversation: an error, a warning or a question, with buttons."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class BannerSeverity(enum.Enum):
    """How serious a banner is."""

    WARNING = "warning"  # it recovers by itself, or nothing is lost
    DANGER = "danger"


class BannerAction(enum.Enum):
    """What a banner's button does; the value is its label, except for `JOIN`."""

    JOIN = "Join"
    REHOST = "Take over hosting"
    SAVE = "Save conversation"
    RETRY_NOW = "Retry now"
    TRY_AGAIN = "Try again"
    WAIT_FOR_SEAT = "Wait for a seat"
    STOP_WAITING = "Stop waiting"
    REJOIN_HERE = "Continue here"
    REJOIN = "Rejoin"
    BACK = "Back to rooms"
    CLOSE_FOR_ALL = "Close for everybody"
    LEAVE_ANYWAY = "Leave anyway"
    STAY = "Stay"
    DISMISS = "OK"


@dataclass(frozen=True, slots=True)
class Banner:
    """What happened, what to do next, and the buttons; `join_label` is the label of `BannerAction.JOIN`."""

    severity: BannerSeverity
    text: str
    hint: str
    actions: tuple[BannerAction, ...]
    join_label: str = ""

    @property
    def buttons(self) -> tuple[tuple[BannerAction, str], ...]:
        """The actions, each with its label."""
        return tuple(
            (action, self.join_label if action is BannerAction.JOIN else action.value)
            for action in self.actions
        )
