"""The question before a person leaves while files of theirs are still on their way to the room."""

from __future__ import annotations

from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity
from messango.gui.model.files.file_cards import FileCards
from messango.protocol.text.plain_names import quoted_name


class UnsentFiles:
    """Asks for as long as one of the files is on its way that were when the person wanted to leave."""

    def __init__(self, cards: FileCards) -> None:
        self._cards = cards
        self._asked: frozenset[str] = frozenset()
        #: Whether the person wants to close the window, not only to leave the room.
        self.closing_window = False

    def needs_confirmation(self, *, closing_window: bool) -> bool:
        """Ask for confirmation before leaving or closing; returns false if none is needed.

        Closing the window a second time confirms it.
        """
        if closing_window and self.closing_window and self._still_asked():
            return False
        self._asked, self.closing_window = frozenset(self._cards.sending()), closing_window
        return bool(self._asked)

    def cancel_leave(self) -> None:
        """The person stays."""
        self._asked = frozenset()

    def banner(self) -> Banner | None:
        """Return the banner with the question, or None."""
        names = self._still_asked()
        if not names:
            return None
        is_one = len(names) == 1
        subject = f"{quoted_name(names[0])} is" if is_one else f"{len(names)} of your files are"
        what = "it" if is_one else "them"
        return Banner(
            BannerSeverity.WARNING,
            f"{subject} still being sent.",
            f"If you leave now, nobody gets {what}.",
            (BannerAction.LEAVE_ANYWAY, BannerAction.STAY),
        )

    def _still_asked(self) -> list[str]:
        """Return the names of the files that the question is about, and that are still on their way."""
        sending = self._cards.sending() if self._asked else {}
        return [name for transfer, name in sending.items() if transfer in self._asked]
