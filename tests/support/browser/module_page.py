"""The page's JavaScript modules in Chromium, called from Python with JSON in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.support.browser.chromium import ChromiumPage

#: The folder of the page's modules.
MODULES: Final = Path(__file__).parents[3] / "messango" / "web" / "page" / "js"


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
