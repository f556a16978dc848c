"""A menu in the colours of the window."""

from __future__ import annotations

import tkinter as tk

from messango.gui.look import theme
from messango.gui.look.look import Look


def popup_menu(parent: tk.Misc, look: Look) -> tk.Menu:
    """Return an empty menu; Tk's own ones know nothing of our colours and of the text size."""
    palette = look.palette
    return tk.Menu(
        parent,
        tearoff=False,
        font=theme.BODY,
        background=palette.surface,
        foreground=palette.text,
        activebackground=palette.selection,
        activeforeground=palette.text,
        disabledforeground=palette.muted,
        activeborderwidth=0,  # it would be drawn as a raised edge
        borderwidth=1,
        relief="solid",
    )


def show_below(menu: tk.Menu, widget: tk.Misc) -> None:
    """Open a menu below a widget, its right edge at the widget's, with the first entry chosen."""
    menu.update_idletasks()
    x = widget.winfo_rootx() + widget.winfo_width() - menu.winfo_reqwidth()
    # With an entry, Tk puts that one at the place: half of its height is above.
    y = widget.winfo_rooty() + widget.winfo_height() + menu.yposition(1) // 2
    menu.tk_popup(max(x, 0), y, 0)
