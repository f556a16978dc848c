"""The dialog for choosing files to send."""

from __future__ import annotations

import tkinter as tk
from pathlib import Path
from tkinter import filedialog

from messango.gui.desktop.save_dialog import dialog_result, prepare_tk_dialog


class FileDialog:
    """Begins in the folder of the files that were chosen last, for as long as the program runs."""

    def __init__(self) -> None:
        self._folder = ""

    def ask_files(self, parent: tk.Misc) -> list[Path]:
        """Return the files that the person chose, or none; the window works on meanwhile."""
        prepare_tk_dialog(parent)
        chosen = dialog_result(
            parent,
            lambda: filedialog.askopenfilenames(
                parent=parent, title="Choose files to send", initialdir=self._folder or None
            ),
        )
        # Where nothing was chosen, Tk returns an empty text.
        paths = [Path(name) for name in parent.tk.splitlist(chosen or ())]
        if paths:
            self._folder = str(paths[0].parent)
        return paths
