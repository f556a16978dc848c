"""Names that somebody might give a file to do harm with it, the same ones for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

#: Parts of names that systems, shells or people read as something else than a name.
PARTS: Final = (
    *(
        "/",
        "\\",
        "..",
        ".",
        "../",
        "..\\",
        "//",
        "C:",
        "c:\\",
        "\\\\?\\",
        "\\\\server\\share\\",
        "/dev/",
        "~/",
    ),
    *(":", "::$DATA", ":Zone.Identifier", "<", ">", '"', "|", "?", "*", "%", "%2e%2e%2f", "$HOME", "`", ";"),
    *("con", "CON", "Nul", "prn", "AUX", "com1", "LPT9", "com¹", "lpt³", "conin$", "CLOCK$", "desktop.ini"),
    *(" ", "  ", "\t", "\n", "\r", "\x00", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u2029", "\u3000", "\u2800"),
    *("\u200b", "\u200d", "\u200c", "\u200e", "\u202e", "\u2066", "\u2069", "\u061c", "\u00ad", "\ufeff"),
    *(
        "\ufe0f",
        "\U000e0100",
        "\U000e0041",
        "\u3164",
        "\u034f",
        "\u0301",
        "\u0345",
        "\u0f71",
        "\u1039",
        "\u20e3",
    ),
    *(
        "\ud800",
        "\udfff",
        "\ufffe",
        "\uffff",
        "\ufdd0",
        "\U0001ffff",
        "\U0010ffff",
        "\ue000",
        "\uf05c",
        "\ufffd",
    ),
    *(
        "é",
        "e\u0301",
        "\u0390",
        "\u1fb7",
        "각",
        "\U0001d160",
        "ﬁ",
        "İ",
        "ß",
        "ſ",
        "\uff0f",
        "\uff0e",
        "\u2024",
    ),
    *("👍🏽", "👨‍👩‍👧", "❤️", "🏴\U000e0067\U000e0062\U000e007f", "🇩🇪", "שלום", "سلام", "文件", "ไฟล์"),
    *("-", "--", "-rf", "~", ".bashrc", "_", "a", "Z", "0", "photo", "report", "x" * 90, "ü" * 90, "🎉" * 70),
    *(".jpg", ".exe", ".tar.gz", ".TAR.XZ", ". exe", ".jpg    .exe", ".e", "." + "z" * 15, "." + "ΐ" * 15),
)


def hostile_names(count: int, seed: int) -> Iterator[str]:
    """Yield this many names."""
    random_ = random.Random(seed)  # noqa: S311 (no secret)
    for _ in range(count):
        parts = random_.choices(PARTS, k=random_.choice((1, 2, 2, 3, 3, 4, 5, 7)))
        if random_.random() < 0.1:
            parts.append("".join(map(chr, random_.choices(range(0x110000), k=3))))
        yield "".join(parts)
