"""The time until a window lists its rooms, compared with Tk's own first window.

The window runs as `messango gui`, on the display or on an Xvfb of its own; rooms are on loopback.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.benchmarks.contestants import Tree
from tests.benchmarks.light import Advertising
from tests.benchmarks.processes import running

_ROOMS = ("Garden", "Kitchen", "Office")
_TIMEOUT_S = 60.0

_BARE = "import tkinter; tkinter.Tk().update()"

#: Runs the command in any source tree, but ends when the window is drawn and each room shows its seats.
_OURS = f"""
import os, runpy, sys, time, tkinter
def seats(widget):
    text = str(widget.cget("text")) if widget.winfo_class() == "TLabel" else ""
    return (" of " in text) + sum(map(seats, widget.winfo_children()))
def watch(root, *_):
    drawn = 0.0
    while seats(root) < {len(_ROOMS)}:
        root.tk.dooneevent(0)
        if not drawn and root.winfo_viewable():
            drawn = time.time()
    root.update()
    print(drawn, flush=True)
    os._exit(0)
tkinter.Misc.mainloop = watch
sys.argv = ["messango", "gui", "--name", "Ann"]
runpy.run_module("messango", run_name="__main__")
"""


def window_unavailable_reason() -> str:
    """Return why no window can be shown here, or an empty string."""
    if os.environ.get("DISPLAY") or shutil.which("Xvfb"):
        return ""
    return "there is no display, and `Xvfb` is not installed"


def window_start(tree: Tree) -> dict[str, float]:
    """Return the times in ms until Tk shows a bare window, and until ours is drawn and lists its rooms."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        environment = {**tree.environment(home), "DISPLAY": stack.enter_context(_display())}
        for name in _ROOMS:
            stack.enter_context(running(Advertising(tree, name), 5))
        _run(_OURS, environment)  # From now on, compiled files and the rooms' announcements exist.
        bare_ms, _ = _run(_BARE, environment)
        listed_ms, drawn_ms = _run(_OURS, environment)
    return {
        "Tk().update(), ms": bare_ms,
        "the window is drawn, ms": drawn_ms,
        f"its {len(_ROOMS)} rooms are listed, ms": listed_ms,
    }


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """Yield a display: the one that is there, or a new one without a screen."""
    if display := os.environ.get("DISPLAY"):
        yield display
        return
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x1000x24", "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as output:
            yield f":{output.readline().strip()}"
    finally:
        process.terminate()
        process.wait(_TIMEOUT_S)


def _run(program: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Return how many ms a program took in total, and until it printed, if it did."""
    began, clock = time.time(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        timeout=_TIMEOUT_S,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    taken_ms = 1000 * (time.perf_counter() - clock)
    return taken_ms, 1000 * (float(done.stdout) - began) if done.stdout.strip() else 0.0
