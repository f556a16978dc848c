"""A phone: a host of its own with a browser in it, which a test on this side of the namespaces controls.

`python -m tests.lan.phone` runs on the host: each line is a call of the page, as JSON, and so is its result.
"""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from tests.lan.lan import Host
from tests.lan.process import TIMEOUT_S
from tests.support.browser.chromium import PHONE, Chromium, ChromiumPage, start_chromedriver
from tests.support.browser.commands import BrowserProblem

#: How a message is written and sent, by what a thumb would touch.
_SAY: Final = """
const field = document.querySelector('#composer-text');
field.value = args[0];
field.dispatchEvent(new InputEvent('input', {bubbles: true}));
document.querySelector('#send-button').click();
"""

#: Gives a name to the form.
_JOIN: Final = """
document.querySelector('#join-name').value = args[0];
document.querySelector('#join-button').click();
"""

_SHOWS: Final = """
return [...document.querySelectorAll(args[0])].some(
  (one) => one.checkVisibility() && one.textContent.includes(args[1]));
"""


class Phone:
    """The test's side of it. Ends with its host."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._process = host.start([sys.executable, "-m", "tests.lan.phone"])
        assert self._process.out.first(json.loads, TIMEOUT_S) == {"ready": True}

    def call(self, method: str, *args: Any, **options: Any) -> Any:
        """Call a method of the page, and return its result, which has to be JSON."""
        self._process.write_line(json.dumps([method, args, options]))
        answer = self._process.out.first(json.loads, 3 * TIMEOUT_S)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def come_in(self, link: str, name: str) -> None:
        """Open a link, go on after the warning, and join under a name."""
        self.call("goto", link)
        self.call("proceed_through_warning")
        self.wait_for("#join-form", "Your name")
        self.call("run", _JOIN, name)
        self.wait_for("#room-state", "seats taken")

    def say(self, text: str) -> None:
        """Type a message and send it."""
        self.call("run", _SAY, text)

    def wait_for(self, css: str, text: str, timeout_s: float = TIMEOUT_S) -> None:
        """Wait until a visible element that the selector matches contains the text."""
        self.call("wait", _SHOWS, css, text, timeout_s=timeout_s)

    def texts(self, css: str = ".message .text") -> list[str]:
        """Return the texts of elements, oldest first."""
        found: list[str] = self.call("texts", css)
        return found


def _serve(page: ChromiumPage) -> None:
    for line in sys.stdin:
        method, args, options = json.loads(line)
        try:
            answer = {"result": getattr(page, method)(*args, **options)}
        except (AssertionError, BrowserProblem) as error:
            answer = {"error": str(error)}
        _write(answer)


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Run the phone's side until the input ends."""
    driver = start_chromedriver()
    browser = Chromium(driver, screen=PHONE, accept_insecure=False, real_network=True)
    _write({"ready": True})
    _serve(browser.page)
    browser.close()
    driver.close()


if __name__ == "__main__":
    main()
