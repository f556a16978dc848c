"""Whether this window hosts the room that it shows, and the question before it closes it for all."""

from __future__ import annotations

import enum

from messango.gui.model.banner import Banner, Step, Tone


class _State(enum.Enum):
    NOT = "not"
    OPENING = "opening"
    OPEN = "open"


class Hosted:
    """Knows how far the hosting is, and what somebody was asked."""

    def __init__(self) -> None:
        self._state = _State.NOT
        self._asked = False
        #: Whether it was the window that somebody wanted to close, and not the room alone.
        self.quits = False

    @property
    def here(self) -> bool:
        """Whether the room is open on this machine."""
        return self._state is _State.OPEN

    @property
    def opening(self) -> bool:
        """Whether it is about to be."""
        return self._state is _State.OPENING

    def begin(self) -> None:
        """The room is being opened."""
        self._state = _State.OPENING

    def opened(self) -> None:
        """It is open."""
        self._state = _State.OPEN

    def failed(self) -> None:
        """It could not be opened."""
        self._state = _State.NOT

    def must_ask(self, *, quits: bool) -> bool:
        """Note that somebody wants to leave or quit; false where they may.

        Who closes the window a second time has read the question.
        """
        if not self.here or (quits and self._asked and self.quits):
            return False
        self._asked, self.quits = True, quits
        return True

    def stay(self) -> None:
        """They have thought better of it."""
        self._asked = False

    def banner(self, room: str) -> Banner | None:
        """Return what is asked or said, if anything is."""
        if self.opening:
            hint = "The others see it in their lists in a moment."
            return Banner(Tone.CAUTION, f"“{room}” is being opened on this machine…", hint, ())
        if not self._asked:
            return None
        hint = "You host it. The others can host it on, with what was said."
        steps = (Step.CLOSE_FOR_ALL, Step.STAY)
        return Banner(Tone.CAUTION, f"“{room}” closes for everybody when you leave.", hint, steps)
