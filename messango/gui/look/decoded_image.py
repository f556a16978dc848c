"""Makes an image of Tk from a decoded picture."""

from __future__ import annotations

import tkinter as tk
from typing import Final

from messango.gui.model.pictures.decoding import DecodedPicture

#: The image that a smaller one is made of.
_SHRINKING: Final = "messango-shrinking"


def create_image(root: tk.Misc, name: str, picture: DecodedPicture) -> bool:
    """Create the image `name`, or replace it; False if Tk can't decode it, as may happen without Pillow.

    It stays until `delete_image`: a `PhotoImage` would call Tk when Python collects it, in any thread.
    """
    try:
        if picture.shrink == 1:
            root.tk.call("image", "create", "photo", name, "-data", picture.data)
            return True
        root.tk.call("image", "create", "photo", _SHRINKING, "-data", picture.data)
        root.tk.call("image", "create", "photo", name)
        root.tk.call(name, "copy", _SHRINKING, "-subsample", picture.shrink)
        root.tk.call("image", "delete", _SHRINKING)
    except tk.TclError:
        return False
    return True


def delete_image(root: tk.Misc, name: str) -> None:
    """Delete an image; what shows it turns blank."""
    root.tk.call("image", "delete", name)
