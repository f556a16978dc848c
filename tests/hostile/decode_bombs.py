"""Decodes the picture bombs, in a process of its own so that its memory can be limited and measured."""

from __future__ import annotations

import resource
import sys
import time

from messango.gui.background.decode_picture import decode_picture
from messango.gui.model.pictures.decoding import DecodedPicture, PictureRequest
from tests.client.pictures.bombs import bombs
from tests.client.pictures.samples import jpeg


def peak_mb() -> float:
    """Return the largest memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024


def main(*, has_pillow: bool) -> None:
    """Print for each bomb: its name, seconds, how many MB the peak grew by, and the result."""
    pictures, first = bombs(), jpeg()
    if not has_pillow:
        for module in [name for name in sys.modules if name.partition(".")[0] == "PIL"]:
            sys.modules[module] = None  # type: ignore[assignment]
    decode_picture(PictureRequest(first, (320, 240), "#ffffff"))
    for name, data in pictures.items():
        before, began_s = peak_mb(), time.process_time()
        result = decode_picture(PictureRequest(data, (320, 240), "#ffffff"))
        took_s = time.process_time() - began_s
        words = f"{result.width}x{result.height}" if isinstance(result, DecodedPicture) else result.reason
        print(f"{name}\t{took_s:.2f}\t{peak_mb() - before:.0f}\t{words}")  # noqa: T201


if __name__ == "__main__":
    main(has_pillow="--without-pillow" not in sys.argv)
