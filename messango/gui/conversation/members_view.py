"""The members of a room, beside the conversation."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk
from typing import Protocol

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.conversation.member_colors import color_index, initial
from messango.gui.model.conversation.roster import MemberRow
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.widgets.labels.ellipsis_label import EllipsisLabel
from messango.gui.widgets.layout.scroll_area import ScrollArea
from messango.gui.widgets.popup_menu import popup_menu


@dataclass(frozen=True, slots=True)
class MemberActions:
    """What can be done with a member: a click or Enter on a row writes to them only, with Shift mentions
    them.

    `ignore` takes whether to ignore them from now on. `remove` returns a function that removes a member from
    the room, or None if we do not host it.
    """

    write_to: Callable[[MemberRow], None]
    mention: Callable[[MemberRow], None]
    ignore: Callable[[MemberRow, bool], None]
    is_ignored: Callable[[MemberRow], bool]
    remove: Callable[[], Callable[[MemberRow], None] | None]


class MembersView(ttk.Frame):
    """A card with a row for each member: a disc with the initial, the name, and a status."""

    def __init__(
        self,
        parent: tk.Misc,
        look: Look,
        sanitizer: TextSanitizer,
        actions: MemberActions,
        *,
        on_escape: Callable[[], None],
    ) -> None:
        padding = (
            look.scaled(theme.GAP),
            look.scaled(theme.GAP),
            look.scaled(theme.TINY),
            look.scaled(theme.GAP),
        )
        super().__init__(parent, style="Card.TFrame", padding=padding)
        self._look, self._sanitizer = look, sanitizer
        self._actions, self._on_escape = actions, on_escape
        self._rows: list[MemberRow] = []
        self._views: list[MemberView] = []
        #: By the index of the row below: the names of servers.
        self._headings: dict[int, EllipsisLabel] = {}
        self._title = ttk.Label(self, style="SurfaceSmall.TLabel")
        self._title.grid(row=0, column=0, sticky="w", pady=(0, look.scaled(theme.SMALL_GAP)))
        self._area = ScrollArea(self, look, on_surface=True)
        self._area.grid(row=1, column=0, sticky="nsew")
        self._area.content.columnconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.bind("<<ThemeChanged>>", lambda _: self._recolor())

    def show(self, rows: list[MemberRow], count: int) -> None:
        """Show these members; `count` members are in the room, also without a row."""
        self._title.configure(text=f"In the room: {count}" if rows else "")
        if rows == self._rows:
            return
        former, self._rows = self._rows, rows
        while len(self._views) < len(rows):
            view = MemberView(self._area, self._look, self._sanitizer, self._choose, self._show_menu)
            view.bind("<Escape>", lambda _: self._on_escape())
            self._views.append(view)
        for index, view in enumerate(self._views):
            if index < len(rows):
                if former[index : index + 1] == rows[index : index + 1]:
                    continue
                view.show(rows[index])
                view.grid(row=2 * index + 1, column=0, sticky="ew", pady=self._look.scaled(2))
                self._show_heading(index, rows[index].heading)
            else:
                view.grid_remove()
                self._show_heading(index, "")

    def _show_heading(self, index: int, server: str) -> None:
        label = self._headings.get(index)
        if not server:
            if label is not None:
                label.grid_remove()
            return
        if label is None:
            label = EllipsisLabel(
                self._area.content, self._look, self._sanitizer, is_name=True, style="SurfaceSmall.TLabel"
            )
            self._area.bind_wheel(label)
            self._headings[index] = label
        label.show(server)
        above = self._look.scaled(theme.GAP if index else 0)
        label.grid(row=2 * index, column=0, sticky="ew", pady=(above, 0))

    def focus_first(self) -> None:
        """Give the first member the focus."""
        if self._rows:
            self._views[0].focus_set()

    def names(self) -> list[str]:
        """Return the names of the connected members, in the order shown."""
        return [row.name for row in self._rows if not row.lost]

    def member_view(self, name: str) -> MemberView:
        """Return the row of a member."""
        return next(view for view in self._views if view.member.name == name)

    def menu_for(self, row: MemberRow) -> tk.Menu:
        """Return the context menu of a member."""
        actions, menu = self._actions, popup_menu(self, self._look)
        if row.you:
            return menu
        menu.add_command(label="Message privately", command=lambda: actions.write_to(row))
        if not row.lost:
            menu.add_command(label="Mention", command=lambda: actions.mention(row))
        ignored, remove = actions.is_ignored(row), actions.remove()
        label = "Stop ignoring" if ignored else "Ignore"
        menu.add_command(label=label, command=lambda: actions.ignore(row, not ignored))
        if remove is not None and not row.lost:
            menu.add_separator()
            menu.add_command(label="Remove from room", command=lambda: remove(row))
        return menu

    def _choose(self, row: MemberRow, *, mention: bool) -> None:
        if not row.you:
            (self._actions.mention if mention else self._actions.write_to)(row)

    def _show_menu(self, row: MemberRow, x: int, y: int) -> None:
        menu = self.menu_for(row)
        if menu.index("end") is not None:
            menu.tk_popup(x, y)

    def _recolor(self) -> None:
        for view, row in zip(self._views, self._rows, strict=False):
            view.show(row)


class _Choose(Protocol):
    """Called with the member of a row."""

    def __call__(self, row: MemberRow, *, mention: bool) -> None:
        """Write to them only, or mention them."""


class MemberView(ttk.Frame):
    """The row of one member; it works by keyboard and by mouse."""

    def __init__(
        self,
        area: ScrollArea,
        look: Look,
        sanitizer: TextSanitizer,
        on_choose: _Choose,
        on_menu: Callable[[MemberRow, int, int], None],
    ) -> None:
        super().__init__(area.content, style="Member.TFrame", takefocus=True, padding=look.scaled(3))
        self._look, self._sanitizer = look, sanitizer
        self._on_choose, self._on_menu = on_choose, on_menu
        self.member = MemberRow("")
        self._avatar = ttk.Label(self, style="MemberAvatar.TLabel", compound="center", anchor="center")
        self._name_label = EllipsisLabel(self, look, sanitizer, is_name=True, style="Member.TLabel")
        self._status_label = ttk.Label(self, style="MemberStatus.TLabel")
        self._avatar.grid(row=0, column=0, rowspan=2)
        self._warning_label = ttk.Label(self, style="MemberPlaintext.TLabel")
        self.columnconfigure(1, weight=1)
        self._bindable_widgets = (
            self,
            self._avatar,
            self._name_label,
            self._status_label,
            self._warning_label,
        )
        for widget in self._bindable_widgets:
            area.bind_wheel(widget)
            widget.bind("<Button-1>", lambda _: self._on_choose(self.member, mention=False), add=True)
            widget.bind("<Shift-Button-1>", lambda _: self._on_choose(self.member, mention=True), add=True)
            widget.bind("<Button-3>", lambda event: self._on_menu(self.member, event.x_root, event.y_root))
            widget.bind("<Enter>", lambda _: self._set_state("active"), add=True)
            widget.bind("<Leave>", lambda _: self._set_state("!active"), add=True)
        for key in ("<Return>", "<space>"):
            self.bind(key, lambda _: self._on_choose(self.member, mention=False))
        for key in ("<Shift-Return>", "<Shift-space>", "@"):
            self.bind(key, lambda _: self._on_choose(self.member, mention=True))
        for key in ("<Shift-F10>", "<Menu>"):
            self.bind(key, lambda _: self._on_menu(self.member, self.winfo_rootx(), self.winfo_rooty()))
        self.bind("<FocusIn>", lambda _: self._set_state("focus"))
        self.bind("<FocusIn>", lambda _: area.see(self), add=True)
        self.bind("<FocusOut>", lambda _: self._set_state("!focus"))

    def show(self, row: MemberRow) -> None:
        """Show this member."""
        self.member = row
        colors, palette = self._look.palette.name_colors, self._look.palette
        color = palette.disabled if row.lost else colors[color_index(row.name, len(colors))]
        self._avatar.configure(
            image=self._look.pictures.avatar(color), text=self._sanitizer.line(initial(row.name))
        )
        self._name_label.show(row.name)
        self._set_state("alternate" if row.lost else "!alternate")
        self._status_label.configure(text=row.status)
        gap = self._look.scaled(theme.SMALL_GAP)
        warning = "" if row.lost else "\n".join(map(self._sanitizer.label, row.warnings))
        # A status longer than one word goes below the name: side by side, both do not fit.
        status_below = " " in row.status
        two_lines = status_below or bool(warning)
        self._name_label.grid(row=0, column=1, rowspan=1 if two_lines else 2, sticky="ew", padx=gap)
        if status_below:
            self._status_label.grid(row=1, column=1, rowspan=1, sticky="w", padx=gap)
        elif row.status:
            self._status_label.grid(row=0, column=2, rowspan=1 if two_lines else 2, sticky="e", padx=(0, gap))
        else:
            self._status_label.grid_remove()
        if warning:
            self._warning_label.configure(text=warning)
            self._warning_label.grid(
                row=2 if status_below else 1, column=1, columnspan=2, sticky="w", padx=gap
            )
        else:
            self._warning_label.grid_remove()

    def _set_state(self, state: str) -> None:
        for widget in self._bindable_widgets:
            widget.state([state])
