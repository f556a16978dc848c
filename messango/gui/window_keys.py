"""The keys and icon buttons that work on every page of the window."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME
from messango.gui.widgets.icon_button import DETAILS, EMOJI, FIND, SAVE, SETTINGS


@dataclass(frozen=True, slots=True)
class WindowActions:
    """What the keys do; `zoom` takes 1 for larger text, -1 for smaller, 0 for normal size."""

    save_conversation: Callable[[], object]
    focus_address: Callable[[], object]
    show_details: Callable[[], object]
    show_host_page: Callable[[], object]
    show_settings: Callable[[], object]
    show_shortcuts: Callable[[], object]
    open_search: Callable[[], object]
    pick_emoji: Callable[[], object]
    toggle_color_scheme: Callable[[], object]
    zoom: Callable[[int], object]
    quit: Callable[[], object]


def bind_keys(root: tk.Tk, actions: WindowActions) -> None:
    """Bind every key of the window, and the events that icon buttons generate."""
    _fix_defaults(root)
    bindings: tuple[tuple[Iterable[str], Callable[[], object]], ...] = (
        (("<Control-s>", SAVE), actions.save_conversation),
        (("<Control-f>", FIND), actions.open_search),
        (("<Control-period>", EMOJI), actions.pick_emoji),
        (("<Control-i>", DETAILS), actions.show_details),
        (("<Control-comma>", SETTINGS), actions.show_settings),
        (("<Control-l>",), actions.focus_address),
        (("<Control-n>",), actions.show_host_page),
        (("<Control-q>",), actions.quit),
        (("<F1>",), actions.show_shortcuts),
        ((TOGGLE_COLOR_SCHEME,), actions.toggle_color_scheme),
        (("<Control-plus>", "<Control-equal>", "<Control-KP_Add>"), lambda: actions.zoom(1)),
        (("<Control-minus>", "<Control-KP_Subtract>"), lambda: actions.zoom(-1)),
        (("<Control-Key-0>", "<Control-KP_0>"), lambda: actions.zoom(0)),
    )
    for events, action in bindings:
        for event in events:
            _bind(root, event, action)


def _bind(root: tk.Tk, event: str, action: Callable[[], object]) -> None:
    def handler(_event: tk.Event[tk.Misc]) -> None:
        action()

    root.bind(event, handler)


def _fix_defaults(root: tk.Tk) -> None:
    """Make Tk's own bindings behave as in other programs."""
    for key in ("<Return>", "<KP_Enter>"):  # ttk presses a button with the space bar only
        root.bind_class("TButton", key, lambda event: event.widget.invoke())
    # Tk's Text has its own bindings for these, which would change the draft.
    for key in ("<Control-i>", "<Control-n>"):
        root.unbind_class("Text", key)
    if root.tk.call("tk", "windowingsystem") == "x11":
        # On X11, Ctrl-A goes to the start of the line, as in Emacs; other programs select all.
        root.event_delete("<<LineStart>>", "<Control-a>")
        root.event_add("<<SelectAll>>", "<Control-a>")
