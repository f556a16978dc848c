"""The page that invites guests from the browser: the QR code, the link, and what the phone will warn of."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Final

from messango.errors import MessangoError
from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.rooms.guest_invite import GuestInvite, next_link
from messango.gui.widgets.code_canvas import CodeCanvas
from messango.gui.widgets.copy_field import CopyField
from messango.gui.widgets.layout.side_page import SidePage
from messango.gui.widgets.segmented_control import SegmentedControl
from messango.web.extra import guest_obstacle
from messango.web.invite.qr_code import qr_rows

_EXPLANATION: Final = (
    "With a link, others join from the browser of a phone or computer, without Messango. They need no "
    "internet, but have to be on this network."
)
_OFF_HINT: Final = "Off also removes the guests who are here."
_RENEW_HINT: Final = "A new link makes the earlier one invalid. Guests who are here stay."


@dataclass(frozen=True, slots=True)
class GuestActions:
    """What the page asks for; `save` gets the link of the code and the suffix of the file: `.png`, `.svg`."""

    admit: Callable[[], None]
    renew: Callable[[], None]
    dismiss: Callable[[], None]
    save: Callable[[str, str], None]


class GuestsPage(SidePage):
    """Shows a `GuestInvite`: the code first, since that is what a host comes for.

    The widgets stand in the order in which they are made, which is that of Tab.
    """

    def __init__(
        self, parent: tk.Misc, look: Look, actions: GuestActions, *, on_close: Callable[[], None]
    ) -> None:
        super().__init__(parent, look, "Guests from the browser", on_close=on_close)
        self._actions = actions
        self._invite: GuestInvite | None = None
        self._link = ""
        self._labels: list[ttk.Label] = []
        self._row_count = 0
        self._add_link()
        self._add_buttons()
        self._add_switch()
        self.body.bind("<Configure>", lambda event: self._fit(event.width), add=True)
        self.bind_content()

    def focus_first(self) -> None:
        """Give the button that copies the link the focus, or without one the switch."""
        if self._link:
            self.field.copy_button.focus_set()
        else:
            self.switch.buttons[0].focus_set()

    def show(self, invite: GuestInvite) -> None:
        """Show how guests get in now."""
        if invite == self._invite:
            return
        self._invite = invite
        self.switch.show(int(invite.is_on))
        self._set(self.problem_label, invite.problem)
        _place(self.explanation_label, on=not invite.is_on)
        self._set(self.status_label, invite.status)
        self._set(self.password_label, invite.password_warning)
        for widget in (self.switch_hint, self.renew_button, self.renew_hint):
            _place(widget, on=invite.is_on)
        self._show_link(self._link if self._link in invite.links else "".join(invite.links[:1]))

    def show_saved(self, name: str, error: MessangoError | None) -> None:
        """Show below the buttons that a file was saved, or why not."""
        self.saved_label.configure(style="Error.TLabel" if error else "Small.TLabel")
        self._set(self.saved_label, f"{error} {error.hint}".rstrip() if error else f"Saved as {name}.")

    def _show_link(self, link: str) -> None:
        links = self._invite.links if self._invite else ()
        for widget in (self.code, self.field, self.png_button, self.svg_button):
            _place(widget, on=bool(link))
        _place(self.other_button, on=len(links) > 1)
        self._set(self.warning_label, self._invite.phone_warning(link) if self._invite and link else "")
        if link != self._link:
            self._set(self.saved_label, "")
        if link and link != self._link:
            self.code.show(qr_rows(link))
            self.field.show(link)
        self._link = link

    def _show_next(self) -> None:
        if self._invite is not None:
            self._show_link(next_link(self._invite.links, self._link))

    def _switch(self, index: int) -> None:
        obstacle = guest_obstacle() if index else ""
        self._set(self.error_label, obstacle)
        if obstacle:
            self.switch.show(0)
        elif index:
            self._actions.admit()
        else:
            self._actions.dismiss()

    def _save(self, suffix: str) -> None:
        self._set(self.saved_label, "")
        self._actions.save(self._link, suffix)

    def _add_switch(self) -> None:
        self.switch = SegmentedControl(
            self.body, self._look, "Let guests in", ("Off", "On"), on_select=self._switch
        )
        self._add(self.switch, is_close=True)
        self.switch_hint = self._label("Small.TLabel", _OFF_HINT)
        self.error_label = self._label("Error.TLabel")

    def _add_link(self) -> None:
        self.explanation_label = self._label("Muted.TLabel", _EXPLANATION)
        self.problem_label = self._label("Strong.TLabel")
        self.code = CodeCanvas(self.body, self._look)
        self._add(self.code, sticky="w")
        self.field = CopyField(self.body, self._look, "Link")
        self._add(self.field, is_close=True)
        self.other_button = self._button("Show another address", "Link.TButton", self._show_next)
        self.status_label = self._label("Strong.TLabel")
        self.warning_label = self._label("TLabel")
        self.password_label = self._label("TLabel")

    def _add_buttons(self) -> None:
        save_png, save_svg = lambda: self._save(".png"), lambda: self._save(".svg")
        self.png_button = self._button("Save as picture", "Secondary.TButton", save_png, is_close=True)
        self.svg_button = self._button("Save page to print", "Secondary.TButton", save_svg)
        self.saved_label = self._label("Small.TLabel")
        renew = self._actions.renew
        self.renew_button = self._button("New link", "Secondary.TButton", renew, is_close=True)
        self.renew_hint = self._label("Small.TLabel", _RENEW_HINT)

    def _label(self, style: str, text: str = "") -> ttk.Label:
        """Add a label; without a text, it takes no space."""
        label = ttk.Label(self.body, style=style)
        self._labels.append(label)
        self._add(label)
        self._set(label, text)
        return label

    def _button(
        self, text: str, style: str, command: Callable[[], None], *, is_close: bool = False
    ) -> ttk.Button:
        button = ttk.Button(self.body, text=text, style=style, command=command)
        self._add(button, sticky="w", is_close=is_close)
        return button

    def _add(self, widget: tk.Widget, *, sticky: str = "ew", is_close: bool = False) -> None:
        """Put a widget below the others; `is_close`: what follows belongs to it."""
        below = self._look.scaled(theme.SMALL_GAP if is_close else theme.WIDE_GAP)
        widget.grid_configure(row=self._row_count, column=0, sticky=sticky, pady=(0, below))
        self._row_count += 1

    def _set(self, label: ttk.Label, text: str) -> None:
        label.configure(text=text)
        _place(label, on=bool(text))

    def _fit(self, width: int) -> None:
        self.code.fit(width)
        for label in self._labels:
            label.configure(wraplength=width)


def _place(widget: tk.Widget, *, on: bool) -> None:
    """Show a widget in its place, or leave it out."""
    if on:
        widget.grid_configure()
    else:
        widget.grid_remove()
