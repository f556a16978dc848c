"""Why this machine skips some tests: what they need is missing."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from messango.link.engine.find_engine import installed_engines


@functools.cache
def lan_skip_reason() -> str:
    """Return why network namespaces can't be used here; empty if they can."""
    if not sys.platform.startswith("linux"):
        return "network namespaces need Linux"
    if os.geteuid() != 0:
        return "network namespaces need root"
    for tool in ("ip", "unshare", "ping"):
        if shutil.which(tool) is None:
            return f"the command `{tool}` is not installed"
    made = subprocess.run(["unshare", "--net", "--uts", "--mount", "true"], capture_output=True, check=False)
    return "" if made.returncode == 0 else f"no namespaces: {made.stderr.decode(errors='replace').strip()}"


def nft_skip_reason() -> str:
    """Return why no packets can be dropped here; empty if they can."""
    return "" if shutil.which("nft") else "the command `nft` is not installed"


def faketime_library() -> Path | None:
    """Return the path of libfaketime, or None if it is not installed."""
    return next(iter(sorted(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1"))), None)


def clock_skip_reason() -> str:
    """Return why no program's clock can be set here; empty if it can."""
    return "" if faketime_library() else "the library `libfaketime` is not installed"


@functools.cache
def engine_skip_reason() -> str:
    """Return why no linked room's engine can be started here; empty if one can."""
    return "" if installed_engines() else "the program `nats-server` is not installed"


def zbar_skip_reason() -> str:
    """Return why no QR code can be read here; empty if it can."""
    return "" if shutil.which("zbarimg") else "the command `zbarimg` (zbar-tools) is not installed"


@functools.cache
def window_skip_reason() -> str:
    """Return why no window can be shown here; empty if one can."""
    try:
        import tkinter
    except ImportError as error:
        return f"no Tk: {error}"
    try:
        tkinter.Tk().destroy()
    except tkinter.TclError as error:
        return f"no display: {error}"
    return ""
