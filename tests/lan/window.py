"""A window on a host of the LAN, on a display of its own, which a test works with keys as a person does.

`python -m tests.lan.window` runs on the host: `messango gui`, which also prints what its window shows.
"""

from __future__ import annotations

import contextlib
import json
import re
import runpy
import sys
import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.lan.lan import Host
from tests.lan.process import TIMEOUT_S

_SCREEN: Final = "1100x760x24"
_LOOK_AGAIN_MS: Final = 100


class Window:
    """The test's side of it: joins a room by its name. Ends with its host."""

    def __init__(self, host: Host, room: str, name: str) -> None:
        self._host = host
        self._shown = ""
        # The file of its usual socket would be seen outside of the host, where its number may be taken.
        display = [
            "Xvfb",
            "-displayfd",
            "1",
            "-screen",
            "0",
            _SCREEN,
            "-nolisten",
            "tcp",
            "-nolisten",
            "unix",
        ]
        self._env = {"DISPLAY": f":{host.start(display).out.wait_for(r'^[0-9]+$')[0]}"}
        self.process = host.start(
            [sys.executable, "-m", "tests.lan.window", room, "--name", name], env=self._env
        )

    def wait_for(self, *patterns: str) -> str:
        """Wait until the window shows what matches all of these, and return all that it shows then."""

        def fits(line: str) -> bool:
            self._shown = json.loads(line)
            return all(re.search(pattern, self._shown) for pattern in patterns)

        if not fits(json.dumps(self._shown)):
            self.process.out.first(lambda line: True if fits(line) else None, TIMEOUT_S)
        return self._shown

    def send_message(self, text: str) -> None:
        """Type a message and press Return."""
        # No window manager gives the window the focus.
        self._run(
            "xdotool", "search", "--sync", "--onlyvisible", "--class", "messango", "windowfocus", "--sync"
        )
        self._run("xdotool", "type", "--delay", "5", text)
        self._run("xdotool", "key", "Return")

    def take_picture(self, path: Path) -> None:
        """Take a picture of the display."""
        self._run("import", "-window", "root", "-strip", str(path))

    def _run(self, *command: str) -> None:
        done = self._host.run(command, env=self._env)
        assert done.returncode == 0, done.stderr


def _shown(widget: tk.Misc) -> Iterator[str]:
    """Yield what is written on a widget, and on those in it."""
    if widget.winfo_ismapped():
        with contextlib.suppress(tk.TclError):
            yield widget.get("1.0", "end-1c") if isinstance(widget, tk.Text) else str(widget.cget("text"))
    for child in widget.winfo_children():
        yield from _shown(child)


def _print_changes(root: tk.Misc, before: str = "") -> None:
    """Print what the window shows whenever it is not what it was `before`."""
    now = "\n".join(filter(None, _shown(root)))
    if now != before:
        sys.stdout.write(json.dumps(now) + "\n")
        sys.stdout.flush()
    root.after(_LOOK_AGAIN_MS, _print_changes, root, now)


def main() -> None:
    """Run `messango gui`, and print what its window shows."""
    mainloop = tk.Misc.mainloop

    def watched(self: tk.Misc, n: int = 0) -> None:
        _print_changes(self)
        mainloop(self, n)

    tk.Misc.mainloop = watched  # type: ignore[method-assign]
    sys.argv = ["messango", "gui", *sys.argv[1:]]
    runpy.run_module("messango", run_name="__main__")


if __name__ == "__main__":
    main()
