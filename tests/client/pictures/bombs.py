"""Pictures that are made to hurt whoever decodes them, by what they do."""

from __future__ import annotations

import functools
import io
import struct
import zlib

from PIL import Image

from tests.client.pictures.samples import animated, chunk, save, segment

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def packed_zeros(count: int) -> bytes:
    """Return so many zero bytes as zlib packs them: one block, again and again, which takes no time."""
    block_bytes = 1 << 20
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    block = packer.compress(bytes(block_bytes)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(count % block_bytes)) + packer.flush()
    # Adler-32 of zeros: the sum stays 1, and the sum of sums counts them.
    return b"\x78\xda" + block * (count // block_bytes) + rest + struct.pack(">HH", count % 65_521, 1)


def png_of(width: int, height: int, *more: bytes, color: int = 0, depth: int = 1) -> bytes:
    """Return a PNG file with as many black pixels, of about a thousandth of a bit each."""
    row_bytes = 1 - (-width * depth * {0: 1, 2: 3, 6: 4}[color] // 8)
    # A 60,000 x 60,000 picture is not packed whole: its header alone must be enough.
    pixels = packed_zeros(row_bytes * min(height, 9_000))
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"".join([_SIGNATURE, chunk(b"IHDR", head), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def jpeg_of(width: int, height: int) -> bytes:
    """Return a small JPEG file that claims another size."""
    data = save("JPEG")
    frame = data.index(b"\xff\xc0")
    return data[: frame + 5] + struct.pack(">HH", height, width) + data[frame + 9 :]


def gif_of(width: int, height: int) -> bytes:
    """Return a small GIF file that claims another size, for its screen and its picture."""
    data = save("GIF", "P")
    at = data.index(b"\x2c", 13 + 3 * 2 ** ((data[10] & 7) + 1))
    size = struct.pack("<HH", width, height)
    return data[:6] + size + data[10 : at + 5] + size + data[at + 9 :]


def webp_of(width: int, height: int) -> bytes:
    """Return a small WebP file that claims another canvas."""
    data = animated("WEBP")
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return data[:24] + size + data[30:]


def webp_lossless_of(width: int, height: int) -> bytes:
    """Return a small lossless WebP file that claims another size."""
    data = save("WEBP", lossless=True)
    bits = (width - 1) | (height - 1) << 14
    flags = int.from_bytes(data[21:25], "little") & 0xF0000000
    return data[:21] + struct.pack("<I", bits | flags) + data[25:]


def scans(count: int, width: int, height: int) -> bytes:
    """Return a progressive JPEG file that refines the same pixels again and again."""
    data = save("JPEG", progressive=True)
    frame = data.index(b"\xff\xc2")
    data = data[: frame + 5] + struct.pack(">HH", height, width) + data[frame + 9 :]
    begins = data.rindex(b"\xff\xda")
    return data[:begins] + data[begins:-2] * count + data[-2:]


def largest() -> dict[str, bytes]:
    """Return small files with as many pixels as may be decoded."""
    side, target = 5_744, io.BytesIO()
    Image.new("RGB", (side, side), "#123456").save(target, "WEBP", quality=10, method=0)
    return {
        "png of 33 megapixels": png_of(side, side, color=0, depth=8),
        "png of 33 megapixels in deep color": png_of(side, side, color=6, depth=16),
        "webp of 33 megapixels": target.getvalue(),
    }


def few_bombs() -> dict[str, bytes]:
    """Return one of each kind: a huge size, much behind little, and much work."""
    names = (
        "png of 60,000 x 60,000",
        "png with packed texts",
        "jpeg of 3,000 scans",
        "gif animation",
    )
    return {name: bombs()[name] for name in (*names, "webp of 16,384 x 16,384")}


@functools.cache
def bombs() -> dict[str, bytes]:
    """Return the pictures, by a name for each. No file is larger than 30 MB, most have a few kilobytes."""
    plain, gif = save("JPEG"), save("GIF", "P")
    loop = b"Exif\x00\x00" + struct.pack(">4sIHHHIII", b"MM\x00*", 8, 1, 0x8769, 4, 1, 8, 8)
    packed = packed_zeros(50_000_000)
    comment = b"\x21\xfe" + (b"\xff" + bytes(255)) * 80_000 + b"\x00"
    return {
        "png of 9,000 x 9,000": png_of(9_000, 9_000),
        "png of 9,000 x 9,000 in color": png_of(9_000, 9_000, color=6, depth=16),
        "png of 60,000 x 60,000": png_of(60_000, 60_000),
        "png of a long line": png_of(1_000_000, 33),
        "png of a high line": png_of(1, 1_000_000),
        "png with packed texts": png_of(9, 9, *[chunk(b"zTXt", b"a\x00\x00" + packed)] * 20),
        "png with a packed profile": png_of(9, 9, chunk(b"iCCP", b"a\x00\x00" + packed)),
        "png with packed texts of languages": png_of(9, 9, chunk(b"iTXt", b"a\x00\x01\x00\x00\x00" + packed)),
        "png of empty chunks": png_of(9, 9, *[chunk(b"IDAT", b"")] * 60_000),
        "png of many empty chunks": png_of(9, 9, *[chunk(b"IDAT", b"")] * 900_000),
        "png with two heads": png_of(
            9, 9, chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
        ),
        "png animation without end": _SIGNATURE
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 1, 0, 0, 0, 0))
        + chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
        + png_of(9, 9)[33:],
        "jpeg of 65,000 x 65,000": jpeg_of(65_000, 65_000),
        "jpeg of 5,700 x 5,700": jpeg_of(5_700, 5_700),
        "jpeg of 3,000 scans": scans(3_000, 160, 90),
        "jpeg of 3,000 large scans": scans(3_000, 5_700, 5_700),
        "jpeg of 14 large scans": scans(6, 5_700, 5_700),
        "jpeg with 300 parts of exif": plain[:2] + segment(0xE1, loop.ljust(65_000)) * 300 + plain[2:],
        "jpeg with exif that points to itself": plain[:2] + segment(0xE1, loop) + plain[2:],
        "jpeg with false further pictures": plain[:2] + segment(0xE2, b"MPF\x00MM\x00*\xff") + plain[2:],
        "jpeg of 4,000 segments": plain[:2] + segment(0xE5, b"") * 4_000 + plain[2:],
        "gif of 65,535 x 65,535": gif_of(65_535, 65_535),
        "gif with a comment of 20 MB": gif[:-1].replace(b"\x2c", comment + b"\x2c", 1) + gif[-1:],
        "gif of 100,000 pictures": gif[:-1] + gif[gif.index(b"\x2c") : gif.index(b"\x2c") + 12] + b"\x00" * 9,
        "gif animation": animated("GIF", 60),
        "webp of 16,384 x 16,384": webp_of(16_384, 16_384),
        "webp of 16 million x 16 million": webp_of(1 << 24, 1 << 24),
        "webp lossless of 16,384 x 16,384": webp_lossless_of(16_384, 16_384),
        "webp lossless of 5,700 x 5,700": webp_lossless_of(5_700, 5_700),
        "webp animation": animated("WEBP", 60),
        "gif that is also a program": gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1)",
        "jpeg with an archive behind it": plain + b"PK\x03\x04" + bytes(1_000),
        "png named by a jpeg's beginning": b"\xff\xd8\xff" + png_of(9, 9),
    }
