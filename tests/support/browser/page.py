"""A page in a browser, and its elements: what every driver can do."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any, Final

from tests.support.browser.commands import ELEMENT_KEY, BrowserProblem
from tests.support.browser.element import Element
from tests.support.browser.session import Window

#: Long enough for the slowest computer; a passing test never waits this long.
TIMEOUT_S: Final = 60.0

#: One script waits at most this long: a page that navigates takes the script with it.
_SLICE_MS: Final = 5000

#: What the drivers of Chromium and of WebKit say of a script whose page was left meanwhile.
_PAGE_LEFT: Final = frozenset({"timeout", "unknown error", "no such frame"})

#: Checks a condition after each change of the document, and every 50 ms for what changes without one.
_WAIT: Final = """
const [milliseconds, ...rest] = arguments;
const condition = async (...args) => { %s };
const end = performance.now() + milliseconds;
const change = () => new Promise((resolve) => {
  const finish = () => { observer.disconnect(); clearTimeout(timer); resolve(); };
  const observer = new MutationObserver(finish);
  const timer = setTimeout(finish, 50);
  observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
});
return (async () => {
  let error = '';
  do {
    try {
      const value = await condition(...rest);
      if (value) return {value};
      error = '';
    } catch (problem) {
      error = String(problem);
    }
    await change();
  } while (performance.now() < end);
  return {error};
})();
"""

_FIND: Final = "return [...document.querySelectorAll(args[0])].at(args[1]);"

_FIND_VISIBLE: Final = """
const [css, text] = args;
return [...document.querySelectorAll(css)]
  .find((one) => one.checkVisibility() && one.textContent.includes(text));
"""

_TEXTS: Final = "return [...document.querySelectorAll(args[0])].map((one) => one.textContent);"


class Page:
    """One tab of a browser. A command goes to its tab, whichever was used before."""

    def __init__(self, window: Window) -> None:
        """`window` is the tab for the driver."""
        self._window = window

    def command(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Send a command of the session about this page."""
        return self._window.command(method, path, body)

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""
        self.command("POST", "url", {"url": url})

    def reload(self) -> None:
        """Reload the page, and wait until it is loaded."""
        self.command("POST", "refresh", {})

    @property
    def url(self) -> str:
        """The address of the document."""
        return str(self.command("GET", "url"))

    @property
    def title(self) -> str:
        """The document's title."""
        return str(self.command("GET", "title"))

    @property
    def text(self) -> str:
        """The text that a person sees in the document."""
        return self.find("body").text

    def find(self, css: str, at: int = 0) -> Element:
        """Wait for an element that a CSS selector matches, by default the first; -1 is the last."""
        return self._element(_FIND, css, at)

    def count(self, css: str) -> int:
        """Return how many elements a CSS selector matches now."""
        return int(self.run("return document.querySelectorAll(args[0]).length;", css))

    def texts(self, css: str) -> list[str]:
        """Return the texts of all elements that a CSS selector matches now."""
        texts: list[str] = self.run(_TEXTS, css)
        return texts

    def run(self, script: str, *args: Any) -> Any:
        """Run the body of an async function with `args`; return what it returns, as JSON."""
        body = f"return (async (...args) => {{ {script} }}).apply(null, arguments);"
        return self._execute(body, args)

    def wait(self, condition: str, *args: Any, timeout_s: float = TIMEOUT_S) -> Any:
        """Wait until the body of an async function returns something true, and return that.

        A condition that throws does not hold yet, and a page that navigates is asked again.
        """
        deadline = time.monotonic() + timeout_s
        error = ""
        while (left_s := deadline - time.monotonic()) > 0:
            try:
                answer = self._execute(_WAIT % condition, (min(_SLICE_MS, left_s * 1000), *args))
            except BrowserProblem as problem:
                if problem.code not in _PAGE_LEFT:
                    raise
                error = str(problem)
                continue
            if "value" in answer:
                return answer["value"]
            error = answer["error"]
        raise AssertionError(f"never held: {condition} {error}".strip())

    def wait_for(self, css: str, text: str = "", *, timeout_s: float = TIMEOUT_S) -> Element:
        """Wait for a visible element that matches a CSS selector and contains a text."""
        return self._element(_FIND_VISIBLE, css, text, timeout_s=timeout_s)

    def wait_gone(self, css: str) -> None:
        """Wait until no visible element matches a CSS selector."""
        self.wait(
            "return ![...document.querySelectorAll(args[0])].some((one) => one.checkVisibility());", css
        )

    def keys(self, *keys: str) -> None:
        """Press and release keys where the focus is: characters, or those of `Key`."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.command("POST", "actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def screenshot(self, path: Path) -> Path:
        """Save a picture of what is visible."""
        path.write_bytes(base64.b64decode(self.command("GET", "screenshot")))
        return path

    def close(self) -> None:
        """Close the tab."""
        self.command("DELETE", "window")

    def _element(self, script: str, *args: Any, timeout_s: float = TIMEOUT_S) -> Element:
        return Element(self._window, lambda: str(self.wait(script, *args, timeout_s=timeout_s)[ELEMENT_KEY]))

    def _execute(self, script: str, args: tuple[Any, ...]) -> Any:
        passed = [one.to_json() if isinstance(one, Element) else one for one in args]
        return self.command("POST", "execute/sync", {"script": script, "args": passed})
