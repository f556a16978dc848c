"""Decodes the picture bombs, in a process of its own so that its memory can be limited and measured."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

from messango.gui.background.decode_picture import decode_picture
from messango.gui.model.pictures.decoding import DecodedPicture, PictureRequest
from tests.client.pictures.bombs import bombs, few_bombs, largest
from tests.client.pictures.samples import jpeg


def forget_peak() -> float:
    """Measure from here on, and return the memory in MB that this process has now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mb()


def peak_mb() -> float:
    """Return the largest memory in MB that this process has had since `forget_peak`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1_024


def main(pictures: Mapping[str, bytes], *, has_pillow: bool) -> None:
    """Print for each bomb: its name, seconds, how many MB the peak grew by, and the result."""
    first = jpeg()
    if not has_pillow:
        for module in [name for name in sys.modules if name.partition(".")[0] == "PIL"]:
            sys.modules[module] = None  # type: ignore[assignment]
    decode_picture(PictureRequest(first, (320, 240), "#ffffff"))
    for name, data in pictures.items():
        before, began_s = forget_peak(), time.process_time()
        result = decode_picture(PictureRequest(data, (320, 240), "#ffffff"))
        took_s = time.process_time() - began_s
        words = f"{result.width}x{result.height}" if isinstance(result, DecodedPicture) else result.reason
        print(f"{name}\t{took_s:.2f}\t{peak_mb() - before:.0f}\t{words}")  # noqa: T201


if __name__ == "__main__":
    main(
        few_bombs() if "--few" in sys.argv else {**bombs(), **largest()},
        has_pillow="--without-pillow" not in sys.argv,
    )
