"""Messages with files and pictures, for tests of the window."""

from __future__ import annotations

import dataclasses
import struct
import zlib
from pathlib import Path

from messango.client.events import MessageReceived
from messango.protocol.files.file_line import text_with_file
from messango.protocol.frames import FileInfo
from tests.gui.fakes import received


def file_info(name: str = "report.pdf", size: int = 2_100_000, *, id: str = "", **picture: int) -> FileInfo:  # noqa: A002
    """Return a file of the room; `width` and `height` make it a picture."""
    return FileInfo(id or f"file {name}", name, size, "0" * 64, **picture)


def received_file(
    seq: int,
    name: str,
    file: FileInfo,
    caption: str = "",
    *,
    own: str = "",
    after_s: float = 0,
    history: bool = False,
) -> MessageReceived:
    """Return the event of a message with a file."""
    message = received(seq, name, text_with_file(caption, file), own=own, after_s=after_s, history=history)
    return dataclasses.replace(message, file=file)


def png(path: Path, width: int, height: int) -> Path:
    """Write a picture with a soft landscape in it, and return its path."""
    rows = []
    for y in range(height):
        row = bytearray(b"\0")
        for x in range(width):
            hill = height * (0.55 + 0.18 * ((x / width * 2.3) % 1 - 0.5) ** 2 * 4)
            red, green, blue = (
                (250 - 90 * y // height, 190, 120) if y < hill else (60, 110 + 40 * x // width, 90)
            )
            row += bytes((red, green, blue))
        rows.append(bytes(row))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )
    )
    return path
