"""Lets files and texts be dropped on a part of the window. Needs tkinterdnd2; without it, nothing can be."""

from __future__ import annotations

import logging
import tkinter as tk
from collections.abc import Callable
from typing import Any, Final

from messango.gui.model.sending.dropped import Dropped, dropped_items, dropped_text

logger = logging.getLogger(__name__)

FILES: Final = "DND_Files"
TEXT: Final = "DND_Text"

#: What to do with what is dropped, in the words of the drag protocols.
_COPY: Final = "copy"
_REFUSE: Final = "refuse_drop"


class DropTarget:
    """Calls `on_hover` with whether something is dragged above `widget`, and `on_drop` with what was dropped.

    `on_hover` returns whether it may be dropped. Desktops differ in what they drag, and some fail in the
    middle of it: faults go to the log, since nothing is lost by them.
    """

    def __init__(
        self,
        widget: tk.Misc,
        *,
        on_hover: Callable[[bool], bool],
        on_drop: Callable[[Dropped], None],
    ) -> None:
        self._widget, self._on_hover, self._on_drop = widget, on_hover, on_drop

    def register(self) -> bool:
        """Load what is needed, the first time for this root; returns False if nothing can be dropped here."""
        try:
            from tkinterdnd2 import TkinterDnD
        except ImportError:
            return False
        widget: Any = self._widget
        try:
            TkinterDnD.require(widget.winfo_toplevel())
            widget.drop_target_register(FILES, TEXT)
        except (RuntimeError, tk.TclError) as error:
            logger.info("Nothing can be dropped on this window: %s", error)
            return False
        _log_background_errors(widget)
        # The library has added these methods to each widget.
        widget.dnd_bind("<<DropEnter>>", lambda _: self._hover(True))
        widget.dnd_bind("<<DropLeave>>", lambda _: self._hover(False))
        widget.dnd_bind(f"<<Drop:{FILES}>>", lambda event: self._drop(self.files_in(event.data)))
        widget.dnd_bind(f"<<Drop:{TEXT}>>", lambda event: self._drop(dropped_text(event.data)))
        return True

    def files_in(self, data: str) -> Dropped:
        """Return what a Tcl list of files holds; names with spaces and braces are quoted in it."""
        try:
            return dropped_items(map(str, self._widget.tk.splitlist(data)))
        except tk.TclError:
            return dropped_items(data.splitlines())

    def _hover(self, is_above: bool) -> str:  # noqa: FBT001 (a position of the pointer)
        return _COPY if self._on_hover(is_above) else _REFUSE

    def _drop(self, dropped: Dropped) -> str:
        self._on_hover(False)
        # The other program waits until this returns.
        self._widget.after_idle(self._on_drop, dropped)
        return _COPY


def _log_background_errors(widget: tk.Misc) -> None:
    """Log faults in Tcl's own code, for which Tk would open a window over ours."""

    def log(message: str, *_options: str) -> None:
        logger.warning("Tk: %s", message)

    widget.tk.call("interp", "bgerror", "", widget.winfo_toplevel().register(log))
