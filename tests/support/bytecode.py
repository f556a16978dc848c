"""Compiled files for the processes of the tests: hundreds run, and each would compile the same again."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

#: What can be compiled at once.
_PROCESSES: Final = 2

_QUIET: Final = ("-q", "--collect-only", "-n", "0", "-p", "no:cacheprovider")


def keep_bytecode_for_processes() -> None:
    """Have new processes share compiled files in a folder that goes at the end, if there are to be no others.

    Somebody who sets PYTHONDONTWRITEBYTECODE wants none in their folders.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        folder = tempfile.mkdtemp(prefix="messango-bytecode-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["PYTHONPYCACHEPREFIX"] = folder


def compile_tests(root: Path, arguments: Sequence[str]) -> None:
    """Compile the tests, unless that was done before, so that not every worker of pytest-xdist does it.

    `arguments` are the files and folders of tests; collecting them also compiles what they import.
    """
    files = [*map(str, _test_files(root, arguments))]
    if not os.environ.get("PYTHONPYCACHEPREFIX") and _is_compiled(root):
        return
    shares = [files[number::_PROCESSES] for number in range(_PROCESSES)]
    command = [sys.executable, "-m", "pytest", *_QUIET]
    with contextlib.ExitStack() as stack:
        for share in filter(None, shares):
            stack.enter_context(
                subprocess.Popen(
                    [*command, *share], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
                )
            )


def _test_files(root: Path, arguments: Sequence[str]) -> list[Path]:
    found = set[Path]()
    for argument in arguments:
        path = root / argument.partition("::")[0]
        found.update(path.rglob("test_*.py") if path.is_dir() else [path])
    return sorted(found)


def _is_compiled(root: Path) -> bool:
    return any((root / "tests" / "__pycache__").glob("test_*-pytest-*.pyc"))
