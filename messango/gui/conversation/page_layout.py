"""Where the parts of a conversation are on their page, and how they share a small window."""

from __future__ import annotations

from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from messango.gui.conversation.banner_view import BannerView
from messango.gui.conversation.header_view import HeaderView
from messango.gui.conversation.invite_card import InviteCard
from messango.gui.conversation.members_place import MembersPlace
from messango.gui.look import theme
from messango.gui.look.look import Look

#: A transcript that is wider than its lines by so much has the message field below the lines.
_MUCH_WIDER: Final = 160

#: A transcript with fewer lines shows too little of what a search has found.
_LEAST_LINES: Final = 6

#: So many lines of the transcript stay in sight below the invitation.
_LINES_BELOW_INVITE: Final = 3


@dataclass(frozen=True, slots=True)
class PageParts:
    """The parts, from top to bottom; the members are beside the transcript and the message field."""

    header: HeaderView
    banner: BannerView
    search_bar: ttk.Frame
    invite: InviteCard
    transcript: ttk.Frame
    members: ttk.Frame
    composer: ttk.Frame


class PageLayout:
    """Lays the parts out on `page`, again whenever its size or the text's size changes; owns none of them."""

    def __init__(self, page: ttk.Frame, look: Look, parts: PageParts) -> None:
        self._page, self._look, self._parts = page, look, parts
        self.members_place = MembersPlace(look, parts.members, parts.transcript)
        self._place_all()
        page.bind("<Configure>", lambda _: self._on_resize())
        page.bind("<<ThemeChanged>>", lambda _: page.after_idle(self._on_theme_changed))
        parts.transcript.bind("<Configure>", lambda event: self._center_composer(event.width), add=True)

    @property
    def shows_composer(self) -> bool:
        """Whether there is space for the message field."""
        return bool(self._parts.composer.winfo_manager())

    def show_banner(self, *, on: bool) -> None:
        """Show the banner, no higher than there is space for."""
        if on:
            self._parts.banner.grid()
            self._parts.banner.limit_height(self._free_height())
        else:
            self._parts.banner.grid_remove()

    def show_invite(self, *, on: bool) -> None:
        """Show the invitation, as wide as lines may be, and no higher than there is space for."""
        invite = self._parts.invite
        if not on:
            invite.grid_remove()
            return
        spare = self._parts.header.winfo_width() - self._look.scaled_with_text(theme.READING_WIDTH)
        invite.grid(padx=(0, max(spare, 0)))
        invite.limit_height(self._free_height() - _LINES_BELOW_INVITE * self._look.line_height(theme.BODY))

    def make_room_for_search(self) -> None:
        """In a low window, show what was found instead of the message field."""
        search_bar, composer = self._parts.search_bar, self._parts.composer
        left = self._free_height() - search_bar.winfo_reqheight()
        is_low = left < _LEAST_LINES * self._look.line_height(theme.BODY)
        if search_bar.winfo_manager() and is_low:
            composer.grid_remove()
        else:
            composer.grid()

    def _on_resize(self) -> None:
        narrow = self._page.winfo_width() < self._look.scaled_with_text(theme.NARROW_WIDTH)
        self._page.configure(padding=self._look.scaled(theme.GAP if narrow else theme.WIDE_GAP))
        self._parts.header.set_narrow(narrow=narrow)
        self.members_place.set_narrow(narrow=narrow)
        self._parts.banner.limit_height(self._free_height())

    def _on_theme_changed(self) -> None:
        if self._page.winfo_exists():
            self._on_resize()
            self._center_composer(self._parts.transcript.winfo_width())

    def _center_composer(self, width: int) -> None:
        """Put the message field below the lines of a transcript that is much wider than they are."""
        lines = self._look.scaled_with_text(theme.READING_WIDTH) + 2 * self._look.scaled(theme.WIDE_GAP)
        spare = width - lines
        if self.shows_composer:
            self._parts.composer.grid(padx=spare // 2 if spare > self._look.scaled(_MUCH_WIDER) else 0)

    def _free_height(self) -> int:
        """Return the height between the header and the message field."""
        header = self._parts.header
        top = header.winfo_y()  # below the page's padding, which is as high at the bottom
        others = header.winfo_reqheight() + self._parts.composer.winfo_reqheight()
        return self._page.winfo_height() - others - 2 * top - 3 * self._look.scaled(theme.GAP)

    def _place_all(self) -> None:
        page, parts, gap = self._page, self._parts, self._look.scaled(theme.GAP)
        page.columnconfigure(0, weight=1)
        page.rowconfigure(4, weight=1)
        for row, part in enumerate((parts.header, parts.banner, parts.search_bar, parts.invite)):
            part.grid(row=row, column=0, columnspan=2, sticky="ew", pady=(0, gap))
        for hidden in (parts.banner, parts.search_bar, parts.invite):
            hidden.grid_remove()
        parts.transcript.grid(row=4, column=0, sticky="nsew")
        parts.members.grid(row=4, sticky="nsew")
        parts.members.grid_propagate(False)
        self.members_place.set_narrow(narrow=False)
        parts.composer.grid(row=5, column=0, sticky="ew", pady=(gap, 0))
