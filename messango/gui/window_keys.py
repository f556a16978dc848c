"""The keys and icon buttons that work on every page of the window."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from messango.gui.desktop import full_screen
from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME
from messango.gui.widgets.icon_button import (
    DETAILS,
    EMOJI,
    FILES,
    FIND,
    FULL_SCREEN,
    HELP,
    MEMBERS,
    SAVE,
    SETTINGS,
)
from messango.gui.widgets.typed_text import takes_text, typed_character


@dataclass(frozen=True, slots=True)
class WindowActions:
    """What the keys do; `zoom` takes 1 for larger text, -1 for smaller, 0 for normal size.

    `type_text` and `paste` are for what is typed or pasted where nothing can be written.
    """

    save_conversation: Callable[[], object]
    focus_address: Callable[[], object]
    show_details: Callable[[], object]
    show_members: Callable[[], object]
    show_host_page: Callable[[], object]
    show_settings: Callable[[], object]
    show_shortcuts: Callable[[], object]
    open_search: Callable[[], object]
    pick_emoji: Callable[[], object]
    choose_files: Callable[[], object]
    toggle_color_scheme: Callable[[], object]
    zoom: Callable[[int], object]
    type_text: Callable[[str], object]
    paste: Callable[[], object]
    quit: Callable[[], object]


def bind_keys(root: tk.Tk, actions: WindowActions) -> None:
    """Bind every key of the window, and the events that icon buttons generate."""
    _fix_defaults(root)
    bindings: tuple[tuple[Iterable[str], Callable[[], object]], ...] = (
        (("<Control-s>", SAVE), actions.save_conversation),
        (("<Control-f>", FIND), actions.open_search),
        (("<Control-period>", EMOJI), actions.pick_emoji),
        (("<Control-o>", FILES), actions.choose_files),
        (("<Control-i>", DETAILS), actions.show_details),
        ((MEMBERS,), actions.show_members),
        (("<Control-comma>", SETTINGS), actions.show_settings),
        (("<Control-l>",), actions.focus_address),
        (("<Control-n>",), actions.show_host_page),
        (("<Control-q>",), actions.quit),
        (("<F1>", HELP), actions.show_shortcuts),
        ((*full_screen.keys_for(root), FULL_SCREEN), lambda: full_screen.toggle(root)),
        ((TOGGLE_COLOR_SCHEME,), actions.toggle_color_scheme),
        (("<Control-plus>", "<Control-equal>", "<Control-KP_Add>"), lambda: actions.zoom(1)),
        (("<Control-minus>", "<Control-KP_Subtract>"), lambda: actions.zoom(-1)),
        (("<Control-Key-0>", "<Control-KP_0>"), lambda: actions.zoom(0)),
    )
    for events, action in bindings:
        for event in events:
            _bind(root, event, action)
    root.bind("<Key>", lambda event: _on_typed(event, actions))
    root.bind("<<Paste>>", lambda event: None if takes_text(event.widget) else actions.paste())


def _on_typed(event: tk.Event[tk.Misc], actions: WindowActions) -> None:
    """Send what was typed to a message field; a space has pressed the button or row that has the focus."""
    typed = typed_character(event)
    if typed and not takes_text(event.widget):
        is_press = typed == " " and event.widget.winfo_class() not in ("Text", "Canvas")
        if not is_press:
            actions.type_text(typed)


def _bind(root: tk.Tk, event: str, action: Callable[[], object]) -> None:
    def handler(_event: tk.Event[tk.Misc]) -> None:
        action()

    root.bind(event, handler)


def _fix_defaults(root: tk.Tk) -> None:
    """Make Tk's own bindings behave as in other programs."""
    for key in ("<Return>", "<KP_Enter>"):  # ttk presses a button with the space bar only
        root.bind_class("TButton", key, lambda event: event.widget.invoke())
    # Tk's Text has its own bindings for these, which would change the draft.
    for key in ("<Control-i>", "<Control-n>", "<Control-o>"):
        root.unbind_class("Text", key)
    if root.tk.call("tk", "windowingsystem") == "x11":
        # On X11, Ctrl-A goes to the start of the line, as in Emacs; other programs select all.
        root.event_delete("<<LineStart>>", "<Control-a>")
        root.event_add("<<SelectAll>>", "<Control-a>")
