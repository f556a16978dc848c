"""Without Pillow, Tk decodes small PNG and GIF files, and never one that stops the window."""

from __future__ import annotations

import io
import sys
import time
import tkinter as tk

import pytest
from PIL import Image

from messango.gui.background.decode_picture import decode_picture
from messango.gui.look.decoded_image import create_image, delete_image
from messango.gui.model.pictures.decoding import (
    DAMAGED,
    NEEDS_PILLOW,
    TOO_MUCH_WORK,
    DecodedPicture,
    NoPicture,
    PictureRequest,
    PictureResult,
)
from tests.client.pictures.bombs import bombs, png_of
from tests.client.pictures.samples import SIZE, chunk, every_sample, photo, save
from tests.gui.conftest import WindowDriver

SAMPLES = {name: data for name, data in every_sample().items() if name.startswith(("png", "gif"))}
OTHERS = {kind: save(kind) for kind in ("JPEG", "WEBP")}
#: Of processor time in this thread: the machine may be busy.
MAX_STOP_S = 0.15


@pytest.fixture
def _no_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    bombs()
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    monkeypatch.setitem(sys.modules, "PIL", None)


def decode(data: bytes, box: tuple[int, int] = (80, 80)) -> PictureResult:
    """Return the picture, or why not."""
    return decode_picture(PictureRequest(data, box, "#ffffff"))


@pytest.mark.usefixtures("_no_pillow")
@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.window
def test_tk_shows_it(driver: WindowDriver, data: bytes) -> None:
    """In the box, first picture only, and as large as was said."""
    root = driver.root()
    result = decode(data)
    if data == SAMPLES["png turned"]:
        assert result == NoPicture(NEEDS_PILLOW)
        return
    assert isinstance(result, DecodedPicture)
    assert result.full_size == SIZE
    assert (result.width, result.height, result.shrink) == (80, 45, 2)
    assert create_image(root, "picture", result)
    assert (root.tk.call("image", "width", "picture"), root.tk.call("image", "height", "picture")) == (80, 45)
    assert root.tk.call("picture", "transparency", "get", 5, 5) in (0, False)
    delete_image(root, "picture")


@pytest.mark.usefixtures("_no_pillow")
def test_what_tk_can_not_show() -> None:
    """Other kinds, larger ones, and files that would keep it busy."""
    assert decode(OTHERS["JPEG"]) == NoPicture(NEEDS_PILLOW)
    assert decode(OTHERS["WEBP"]) == NoPicture(NEEDS_PILLOW)
    assert decode(png_of(1, 30_000)) == NoPicture(NEEDS_PILLOW)
    assert decode(png_of(1_001, 1_000)) == NoPicture(NEEDS_PILLOW)
    assert decode(SAMPLES["png turned"]) == NoPicture(NEEDS_PILLOW)
    assert decode(png_of(9, 9, *[chunk(b"IDAT", bytes(60_000))] * 200)) == NoPicture(TOO_MUCH_WORK)
    assert decode(SAMPLES["png with transparency"][:-60]) == NoPicture(DAMAGED)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_without_its_transparency_a_picture_has_the_same_colors(mode: str) -> None:
    """The pixels are not decoded for that."""
    from messango.gui.background.undecoded_picture import _opaque_png

    data = save("PNG", mode)
    opaque = _opaque_png(io.BytesIO(data))
    assert opaque is not None
    with Image.open(io.BytesIO(opaque)) as image:
        assert image.mode == mode[:-1]
        assert image.tobytes() == photo(mode).convert(mode[:-1]).tobytes()


@pytest.mark.usefixtures("_no_pillow")
@pytest.mark.window
def test_no_bomb_stops_the_window(driver: WindowDriver) -> None:
    """Nor does a pattern of transparent pixels, which takes Tk seconds."""
    root = driver.root()
    checkered = png_of(320, 320, color=6, depth=8)
    for name, data in {**bombs(), "checkered": checkered}.items():
        result = decode(data)
        if isinstance(result, DecodedPicture):
            began_s = time.thread_time()
            if create_image(root, "picture", result):
                delete_image(root, "picture")
            assert time.thread_time() - began_s < MAX_STOP_S, name


@pytest.mark.window
def test_a_picture_that_tk_refuses(driver: WindowDriver) -> None:
    """There is no image then."""
    root = driver.root()
    assert not create_image(root, "picture", DecodedPicture(9, 9, (9, 9), b"nothing"))
    assert not create_image(root, "picture", DecodedPicture(9, 9, (18, 18), b"nothing", 2))
    with pytest.raises(tk.TclError):
        root.tk.call("image", "width", "picture")
