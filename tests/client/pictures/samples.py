"""Pictures of each kind, with each kind of metadata, as cameras and programs write them."""

from __future__ import annotations

import functools
import io
import struct
import zlib
from typing import Any, Final

from PIL import Image, PngImagePlugin

SIZE: Final = (160, 90)
#: What must not be in any file that is sent: in the metadata of every sample.
SECRET: Final = b"Secret Street 7"
XMP: Final = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
PROFILE: Final = b"a color profile" * 7_000


@functools.cache
def photo(mode: str = "RGB") -> Image.Image:
    """Return a picture that looks different turned each way."""
    noise = Image.effect_noise(SIZE, 40).convert("RGB")
    ramp = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    return Image.blend(noise, ramp, 0.7).convert(mode)


def exif(orientation: int) -> bytes:
    """Return EXIF data with a place, a camera and an orientation."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = SECRET.decode()
    data.get_ifd(0x8825).update({1: "N", 2: (47.0, 22.0, 11.0), 3: "E", 4: (8.0, 32.0, 0.0)})
    return data.tobytes()


def save(kind: str, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture as a file."""
    target = io.BytesIO()
    photo(mode).save(target, kind, **options)
    return target.getvalue()


def segment(marker: int, content: bytes) -> bytes:
    """Return a segment of a JPEG file."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg(orientation: int = 1, **options: Any) -> bytes:
    """Return a JPEG file with all that cameras write into one."""
    data = save("JPEG", exif=exif(orientation), icc_profile=PROFILE, comment=SECRET, **options)
    more = (
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + XMP)
        + segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04" + SECRET)
        + segment(0xE0, b"JFXX\x00\x10" + SECRET)
        + segment(0xEB, SECRET)
    )
    return data[:2] + more + data[2:] + b"a video of " + SECRET


def png(orientation: int = 1, **options: Any) -> bytes:
    """Return a PNG file with all that programs write into one."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_text("Author", SECRET.decode(), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add(b"tIME", b"\x07\xe8\x01\x02\x03\x04\x05")
    texts.add(b"caBX", SECRET)
    data = save("PNG", pnginfo=texts, exif=exif(orientation), icc_profile=PROFILE, dpi=(72, 72), **options)
    return data + SECRET


def webp(orientation: int = 1, **options: Any) -> bytes:
    """Return a WebP file with all that programs write into one."""
    data = save("WEBP", exif=exif(orientation), xmp=XMP, icc_profile=PROFILE, **options)
    return data + SECRET


def gif(**options: Any) -> bytes:
    """Return an animation with all that programs write into one."""
    frames = [photo().rotate(angle).convert("P") for angle in (0, 120, 240)]
    options |= {"save_all": True, "append_images": frames, "loop": 3, "duration": 80, "comment": SECRET}
    data = save("GIF", "P", **options)
    xmp = b"\x21\xff\x0bXMP DataXMP" + XMP + bytes([1, *range(255, -1, -1), 0])
    return data[:-1] + xmp + b";" + SECRET


def animated(kind: str, frames: int = 3) -> bytes:
    """Return an animation."""
    more = [photo().rotate(number * 7) for number in range(1, frames)]
    return save(kind, save_all=True, append_images=more, loop=2, duration=50)


def chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def every_sample() -> dict[str, bytes]:
    """Return a picture of each kind, by a name for it."""
    return {
        "jpeg": jpeg(),
        "jpeg turned": jpeg(6),
        "jpeg progressive": jpeg(3, progressive=True),
        "jpeg gray": save("JPEG", "L"),
        "jpeg for print": save("JPEG", "CMYK"),
        "png": png(),
        "png turned": png(8),
        "png with transparency": save("PNG", "RGBA"),
        "png with colors": save("PNG", "P", transparency=3),
        "png deep": save("PNG", "I;16"),
        "png black and white": save("PNG", "1"),
        "png animated": animated("PNG"),
        "webp": webp(),
        "webp turned": webp(5, lossless=True),
        "webp plain": save("WEBP"),
        "webp plain lossless": save("WEBP", lossless=True),
        "webp with transparency": save("WEBP", "RGBA"),
        "webp animated": animated("WEBP"),
        "gif": gif(),
        "gif plain": save("GIF", "P"),
    }
