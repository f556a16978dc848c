"""The time until a window lists its rooms, compared with Tk's own first window.

`python -m tests.benchmarks.window` on a display; rooms are on loopback, and the runs take turns.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

import click

from messango.app.hosted_room import HostedRoom
from messango.server.server import ServerOptions

_ROOMS = ("Garden", "Kitchen", "Office")

_BARE = "import tkinter; tkinter.Tk().update()"

#: Opens the window as the command does, and ends when each room is listed and drawn.
_OURS = f"""
import sys
from messango.gui.background.services import real_services
from messango.gui.settings import SettingsStore
from messango.gui.look.tk_root import open_root
root = open_root()
from messango.gui.window import Window
window = Window(root, real_services(), settings=SettingsStore.load(), name="Ann", room_name="", target=None)
drawn = 0.0
while len([words for words in window.rooms_view.list_view.row_texts() if " of " in words]) < {len(_ROOMS)}:
    root.tk.dooneevent(0)
    if not drawn and root.winfo_viewable():
        import time
        drawn = time.time()
root.update()
print(drawn, flush=True)
import os
os._exit(0)
"""


@click.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=9, show_default=True)
def main(*, rounds: int) -> None:
    """Measure the start of the window."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        os.environ.update(MESSANGO_HOME=folder, MESSANGO_INTERFACES="127.0.0.1")
        hostings = [HostedRoom(ServerOptions(name, host="127.0.0.1", port=0)) for name in _ROOMS]
        try:
            for hosting in hostings:
                hosting.open()
            _run(_OURS)  # From now on, compiled files and the rooms' announcements exist.
            table = _measured(rounds)
        finally:
            for hosting in hostings:
                hosting.close()
    for name, taken_ms in table.items():
        click.echo(f"{name:<34}{_format_times(taken_ms)}")


def _measured(rounds: int) -> Mapping[str, Sequence[float]]:
    bare, drawn, listed = [], [], []
    for _ in range(rounds):
        bare.append(_run(_BARE)[0])
        whole_ms, drawn_ms = _run(_OURS)
        listed.append(whole_ms)
        drawn.append(drawn_ms)
    return {
        "Tk().update(), ms": bare,
        "the window is drawn, ms": drawn,
        f"its {len(_ROOMS)} rooms are listed, ms": listed,
    }


def _run(program: str) -> tuple[float, float]:
    """Return how many ms a program took in total, and until it printed, if it did."""
    began, clock = time.time(), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, timeout=60, capture_output=True, text=True
    )
    taken_ms = 1000 * (time.perf_counter() - clock)
    return taken_ms, 1000 * (float(done.stdout) - began) if done.stdout.strip() else 0.0


def _format_times(taken_ms: Sequence[float]) -> str:
    return f"{min(taken_ms):7.0f} least {statistics.median(taken_ms):7.0f} median {max(taken_ms):7.0f} most"


if __name__ == "__main__":
    main()
