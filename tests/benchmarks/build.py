"""Compiles the load and the forwarder: in Python they would be the bottleneck."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_SOURCES = Path(__file__).parent / "c"


def load_unavailable_reason() -> str:
    """Return why the load can't be compiled or run here, or an empty string."""
    if not sys.platform.startswith("linux"):
        return "the load generator uses Linux's epoll"
    if shutil.which("cc") is None:
        return "there is no C compiler: the command `cc` is not installed"
    return ""


def compile_program(name: str, folder: Path) -> Path:
    """Compile `c/name.c`, or all of `c/name/`, into the folder, and return the path of the program."""
    program = folder / name
    sources = [*map(str, _SOURCES.glob(f"{name}.c")), *map(str, (_SOURCES / name).glob("*.c"))]
    subprocess.run(["cc", "-O2", "-Wall", "-o", str(program), *sources, "-ldl"], check=True, timeout=120)
    return program
