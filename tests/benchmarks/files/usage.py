"""What a process and its finished children have used, on Linux."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_CLEAR_PEAK: Final = "5"


def cpu_s(pid: int) -> float:
    """Return the processor time of a process and of its children that have ended, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def status_mb(pid: int, field: str) -> float:
    """Return a field of a process's memory: `VmRSS` is now, `VmHWM` the most since `clear_peak`."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition(f"{field}:")[2].split()[0]) * 1_024 / 1e6


def clear_peak(pid: int) -> float:
    """Begin to measure the most memory that a process uses; return what it uses now, in MB."""
    Path(f"/proc/{pid}/clear_refs").write_text(_CLEAR_PEAK)
    return status_mb(pid, "VmRSS")


def threads(pid: int) -> int:
    """Return how many threads a process has."""
    return len([*Path(f"/proc/{pid}/task").iterdir()])
