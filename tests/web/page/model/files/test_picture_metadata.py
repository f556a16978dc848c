"""The page removes from pictures what the window removes, byte by byte."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest

from messango.client.pictures.metadata.strip import Metadata, strip_metadata
from messango.client.pictures.picture_header import picture_header
from tests.client.pictures import samples
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

SCRIPT = """
const {withoutMetadata, pictureType} = await load('model/files/picture_metadata.js');
const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
const type = pictureType(bytes);
const found = type && type !== 'other' ? withoutMetadata(bytes) : type;
if (!found?.pieces) return found;
const blob = new Blob(found.pieces.map((piece) => (Array.isArray(piece) ? bytes.subarray(...piece) : piece)));
const result = new Uint8Array(await blob.arrayBuffer());
let text = '';
for (const byte of result) text += String.fromCharCode(byte);
return {...found, pieces: btoa(text)};
"""

SAMPLES: dict[str, Callable[[], bytes]] = {
    **{f"jpeg {number}": lambda number=number: samples.jpeg(number) for number in range(1, 9)},  # type: ignore[misc]
    "progressive": lambda: samples.jpeg(6, progressive=True),
    "gray": lambda: samples.jpeg(3, quality=20),
    "png": lambda: samples.png(1),
    "webp": lambda: samples.webp(1),
    "lossless": lambda: samples.webp(1, lossless=True),
    "plain jpeg": lambda: samples.save("JPEG"),
    "plain png": lambda: samples.save("PNG"),
    "plain webp": lambda: samples.save("WEBP"),
}


def stripped(modules: Modules, picture: bytes) -> Any:
    """Return what the page makes of a picture."""
    found = modules.run(SCRIPT, data=base64.b64encode(picture).decode())
    return found | {"pieces": base64.b64decode(found["pieces"])} if isinstance(found, dict) else found


@pytest.mark.parametrize("make", SAMPLES.values(), ids=SAMPLES)
def test_the_result_is_the_windows(modules: Modules, make: Callable[[], bytes]) -> None:
    """Also which size it says, and whether anything was removed."""
    picture, target = make(), io.BytesIO()
    is_changed = strip_metadata(io.BytesIO(picture), target) is Metadata.REMOVABLE
    found, header = stripped(modules, picture), picture_header(picture)
    assert header is not None
    assert (found["changed"], found["width"], found["height"]) == (is_changed, header.width, header.height)
    assert found["pieces"] == (target.getvalue() if is_changed else picture)
    assert samples.SECRET not in found["pieces"]


@pytest.mark.parametrize("make", [samples.png, samples.webp])
def test_a_turned_picture_that_no_camera_writes(modules: Modules, make: Callable[[int], bytes]) -> None:
    """It is drawn again, as without its metadata it would lie on its side."""
    assert stripped(modules, make(6))["isTurned"]
    assert not stripped(modules, make(1))["isTurned"]


@pytest.mark.parametrize("make", [samples.jpeg, samples.png, samples.webp])
def test_damaged_pictures_are_not_taken_apart(modules: Modules, make: Callable[[], bytes]) -> None:
    """Cut off anywhere, or with bytes that make no sense: never a wrong result, and never an exception."""
    picture = make()
    for cut in (*range(13, 400, 7), len(picture) // 2):
        found = stripped(modules, picture[:cut])
        assert found is None or samples.SECRET not in found["pieces"]


def test_kinds_that_can_not_be_read(modules: Modules) -> None:
    """A telephone's photo is known as one; a text is none."""
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(100)
    assert stripped(modules, heic) == "other"
    assert stripped(modules, b"II*\x00" + bytes(100)) == "other"
    assert stripped(modules, b"a text that is no picture") == ""
    assert stripped(modules, b"<svg xmlns='http://www.w3.org/2000/svg'/>") == ""
