"""The pictures in a conversation as Tk images: made when they come into sight, and given up after that."""

from __future__ import annotations

import tkinter as tk
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from messango.gui.background.picture_loader import Loading, PictureLoader
from messango.gui.look.decoded_image import create_image, delete_image
from messango.gui.model.pictures.decoding import (
    NOT_SHOWN,
    DecodedPicture,
    NoPicture,
    PictureRequest,
    PictureResult,
    PictureSource,
)

#: So many are kept, beside those that are in sight: 300 kB each on a usual screen.
MAX_KEPT: Final = 40


class _Key(NamedTuple):
    file_id: str
    box: tuple[int, int]
    ground: str


class Thumbnails:
    """Decodes in the `loader`'s thread. `on_loaded` gets a file's id, and why it can't be shown, or nothing.

    `prefix` is that of the names of its images: no two objects have the same. Main thread only.
    """

    def __init__(
        self, root: tk.Misc, prefix: str, loader: PictureLoader, on_loaded: Callable[[str, str], None]
    ) -> None:
        self._root, self._prefix, self._loader, self._on_loaded = root, prefix, loader, on_loaded
        self._names: OrderedDict[_Key, str] = OrderedDict()
        self._loading: dict[_Key, Loading] = {}
        self._made = 0

    def __len__(self) -> int:
        """Return how many images there are."""
        return len(self._names)

    def image(self, file_id: str, source: PictureSource, box: tuple[int, int], ground: str) -> str:
        """Return the name of a picture's image that fits into a box; empty until it is decoded."""
        key = _Key(file_id, box, ground)
        if key in self._names:
            self._names.move_to_end(key)
            return self._names[key]
        if key not in self._loading:
            request = PictureRequest(source, box, ground)
            self._loading[key] = self._loader.load(request, lambda result: self._on_done(key, result))
        return ""

    def forget(self, file_id: str) -> None:
        """Do not decode a picture that is out of sight again."""
        for key in [key for key in self._loading if key.file_id == file_id]:
            self._loading.pop(key).cancel()

    def close(self) -> None:
        """Give up all images."""
        for loading in self._loading.values():
            loading.cancel()
        self._loading.clear()
        for name in self._names.values():
            delete_image(self._root, name)
        self._names.clear()

    def _on_done(self, key: _Key, result: PictureResult) -> None:
        del self._loading[key]
        if isinstance(result, NoPicture):
            self._on_loaded(key.file_id, result.reason)
            return
        reason = "" if self._create(key, result) else NOT_SHOWN
        self._drop_unused()
        self._on_loaded(key.file_id, reason)

    def _create(self, key: _Key, picture: DecodedPicture) -> bool:
        self._made += 1
        name = f"{self._prefix}-{self._made}"
        created = create_image(self._root, name, picture)
        if created:
            self._names[key] = name
        return created

    def _drop_unused(self) -> None:
        """Delete the oldest that nothing shows."""
        for key, name in [*self._names.items()][:-MAX_KEPT]:
            if not self._root.tk.getboolean(self._root.tk.call("image", "inuse", name)):
                delete_image(self._root, name)
                del self._names[key]
