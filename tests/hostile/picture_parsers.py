"""What reads strangers' files: their names, the headers and metadata of pictures, and what decodes those."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from messango.client.pictures.metadata.strip import Metadata, strip_metadata
from messango.client.pictures.picture_header import picture_header
from messango.gui.background.decode_picture import decode_picture
from messango.gui.model.pictures.decoding import DecodedPicture, PictureRequest
from tests.client.pictures.samples import SECRET, exif
from tests.hostile.parser import Parser
from tests.protocol.files.test_file_name import check_name

_BOX: Final = (24, 24)


def check_file_name(data: bytes) -> None:
    """Every name becomes one that is safe, and stays that."""
    check_name(data[:20_000].decode(errors="surrogateescape"))


def check_picture(data: bytes) -> None:
    """A header is read or not, and metadata go once and for all without changing what is shown."""
    header = picture_header(data)
    target = io.BytesIO()
    if strip_metadata(io.BytesIO(data), target) is Metadata.REMOVABLE:
        clean = target.getvalue()
        assert picture_header(clean) == header
        assert strip_metadata(io.BytesIO(clean), io.BytesIO()) is Metadata.NONE
    else:
        assert target.tell() == 0


def check_decoding(data: bytes) -> None:
    """A picture is decoded into its box, or there is a reason."""
    result = decode_picture(PictureRequest(data, _BOX, "#ffffff"))
    if isinstance(result, DecodedPicture):
        assert max(result.width, result.height) <= max(_BOX)
        assert result.data.startswith(b"P6 %d %d 255\n" % (result.width, result.height))
    else:
        assert result.reason.endswith((".", "?"))


def picture_parsers(names: tuple[bytes, ...]) -> list[Parser]:
    """Return the parsers; `names` are to be damaged further."""
    pictures = _pictures()
    return [
        Parser(
            "file names",
            0.02,
            (*names, b"../con.tar.gz", b"C:\\a\\b.jpg:c", b".x - y. .exe"),
            check_file_name,
        ),
        Parser("pictures", 0.02, pictures, check_picture),
        Parser("decoded pictures", 0.01, pictures, check_decoding),
    ]


def _pictures() -> tuple[bytes, ...]:
    """Return small pictures of each kind, so that damage meets their structure."""
    small = Image.linear_gradient("L").resize((16, 12)).convert("RGB")
    saved = []
    for kind, mode, options in (
        ("PNG", "RGB", {"exif": exif(6), "icc_profile": b"profile"}),
        ("PNG", "P", {"transparency": 1}),
        ("PNG", "RGBA", {}),
        ("PNG", "RGB", {"save_all": True, "append_images": [small.rotate(90)]}),
        ("JPEG", "RGB", {"exif": exif(8), "comment": SECRET}),
        ("JPEG", "CMYK", {"progressive": True}),
        ("WEBP", "RGBA", {"exif": exif(5)}),
        ("WEBP", "RGB", {"lossless": True}),
        ("WEBP", "RGB", {"save_all": True, "append_images": [small.rotate(90)]}),
        ("GIF", "P", {"comment": SECRET, "save_all": True, "append_images": [small.rotate(90)], "loop": 2}),
    ):
        target = io.BytesIO()
        small.convert(mode).save(target, kind, **options)
        saved.append(target.getvalue())
    return tuple(saved)
