"""Pictures that are made to hurt cost little time and memory, with Pillow and without."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from messango.client.pictures.metadata.strip import strip_metadata
from messango.client.pictures.picture_header import picture_header
from tests.client.pictures.bombs import bombs, few_bombs, largest
from tests.support.samples import sampled

#: Of processor time. The worst is the largest picture that may be shown, which takes about a second.
MAX_S = 5.0
#: The largest picture that may be shown takes 132 MB, and the decoder of WebP has four of it.
MAX_MB = 600


@pytest.mark.program
@pytest.mark.skipif(sys.platform != "linux", reason="its memory is read in /proc")
@pytest.mark.parametrize("option", sampled(["--few", "--with-pillow", "--without-pillow"], "--few"))
def test_decoding_a_bomb_costs_little(option: str) -> None:
    """In a process of its own: time and memory of each are bounded, and the next one is decoded."""
    program = [sys.executable, "-m", "tests.hostile.decode_bombs", option]
    done = subprocess.run(program, capture_output=True, text=True, timeout=240, check=True)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    names = [name for name, *_ in lines]
    assert names == (list(few_bombs()) if option == "--few" else [*bombs(), *largest()])
    for name, took_s, grown_mb, result in lines:
        assert float(took_s) < MAX_S, name
        assert int(grown_mb) < MAX_MB, name
        assert result
    assert done.stderr == ""


def test_headers_and_metadata_of_bombs_are_read() -> None:
    """Nothing raises, and nothing grows."""
    for name, data in bombs().items():
        picture_header(data)
        target = io.BytesIO()
        strip_metadata(io.BytesIO(data), target)
        assert target.tell() <= len(data) + 100, name
