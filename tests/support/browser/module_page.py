"""The page's JavaScript modules in Chromium, called from Python with JSON in and out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from tests.support.browser.chromium import ChromiumPage

#: The folder of the page's modules.
MODULES: Final = Path(__file__).parents[3] / "messango" / "web" / "page" / "js"


class FolderServer:
    """Serves a folder at http://localhost, which browsers treat as a secure context.

    A process of its own: this one's sockets are counted by the tests.
    """

    def __init__(self, folder: Path) -> None:
        """Start it, and wait until it says on which port it listens."""
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-u",
                "-m",
                "http.server",
                "--bind",
                "127.0.0.1",
                "--directory",
                str(folder),
                "0",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().partition(" port ")[2].partition(" ")[0]
        self.url = f"http://localhost:{port}"

    def __enter__(self) -> FolderServer:
        """It has started already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        assert self._process.stdout is not None
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()


class Modules:
    """Runs JavaScript that has the page's modules at hand."""

    def __init__(self, page: ChromiumPage, url: str) -> None:
        """`url` is that of the folder with the modules."""
        self._page = page
        self._url = url

    def start(self) -> None:
        """Begin a new document, with an empty localStorage."""
        self._page.goto(self._url)
        self._page.run("localStorage.clear(); sessionStorage.clear();")

    def run(self, script: str, **values: Any) -> Any:
        """Run the body of an async function and return its result.

        `load('model/people.js')` imports a module, and the `values` are variables.
        """
        load = f"const load = (path) => import('{self._url}/' + path);"
        return self._page.run(f"{load} const {{{', '.join(values)}}} = args[0]; {script}", values)

    def call(self, path: str, function: str, *args: Any) -> Any:
        """Call an exported function of a module."""
        return self.run(
            "return (await load(path))[name](...passed);", path=path, name=function, passed=list(args)
        )
