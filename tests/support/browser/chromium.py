"""Chromium: phone or desktop, light or dark, with a network that can fail, and its console."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from typing import Any, Final

from tests.support.browser.driver_process import DriverProcess
from tests.support.browser.page import TIMEOUT_S, Page
from tests.support.browser.session import Session, Window

#: Names of the programs; Debian's and those of others.
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
_DRIVER: Final = "chromedriver"

#: Headless as the tests need it, without services that outlive it or call home. The pipe ends the browser
#: together with its driver.
_FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter,Translate",
    "--remote-debugging-pipe",
    # Tabs in the background are as quick as the one in front.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)

#: Only this computer can be reached.
_LOOPBACK_ONLY: Final = "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"

#: A mouse, which a browser without a screen does not see: primary and other pointers are fine and can hover.
_MOUSE: Final = (
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"
)

#: A page is so many times slower with this in the environment: a test that waits for too little fails.
_SLOWNESS: Final = float(os.environ.get("MESSANGO_TEST_SLOW_BROWSER") or 1)

#: A phone's network has a rate and a delay; loopback has none to speak of. It has to be emulated all the
#: same: a browser with only a loopback would tell the page that it is offline.
_LOOPBACK_RATE: Final = 10**9


@dataclass(frozen=True)
class Screen:
    """The size of a screen in CSS pixels, its pixels for each of them, and whether it is touched."""

    width: int
    height: int
    scale: float = 1.0
    touch: bool = False


DESKTOP: Final = Screen(1280, 800)
PHONE: Final = Screen(390, 844, 3.0, touch=True)
SMALL_PHONE: Final = Screen(320, 568, 2.0, touch=True)


@dataclass(frozen=True)
class Look:
    """What a page asks the system for its look."""

    dark: bool = False
    reduced_motion: bool = False


class ChromiumPage(Page):
    """A tab of Chromium, whose surroundings a test can change."""

    def cdp(self, command: str, **parameters: Any) -> Any:
        """Send a command of the DevTools protocol."""
        return self.command("POST", "goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, screen: Screen) -> None:
        """Give the page a screen of this size."""
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=screen.width,
            height=screen.height,
            deviceScaleFactor=screen.scale,
            mobile=screen.touch,
        )
        self.cdp("Emulation.setTouchEmulationEnabled", enabled=screen.touch)

    def set_look(self, look: Look) -> None:
        """Have the system ask for this look."""
        features = {
            "prefers-color-scheme": "dark" if look.dark else "light",
            "prefers-reduced-motion": "reduce" if look.reduced_motion else "no-preference",
        }
        self.cdp(
            "Emulation.setEmulatedMedia",
            features=[{"name": name, "value": value} for name, value in features.items()],
        )

    def set_network(self, *, bytes_per_s: int = _LOOPBACK_RATE, latency_ms: int = 0) -> None:
        """Slow down the network to a rate and a delay; without them it is as fast as it can be."""
        self._emulate_network(offline=False, rate=bytes_per_s, latency_ms=latency_ms)

    def go_offline(self) -> None:
        """Lose the network until `set_network`."""
        self._emulate_network(offline=True, rate=0, latency_ms=0)

    def freeze(self) -> None:
        """Suspend the page, as a phone does with one in the background."""
        self.cdp("Page.setWebLifecycleState", state="frozen")

    def resume(self) -> None:
        """Let a suspended page go on."""
        self.cdp("Page.setWebLifecycleState", state="active")

    def proceed_through_warning(self) -> None:
        """Do as a person whom Chromium warns of the certificate, and wait for the page behind the warning."""
        self.wait_for("#details-button").click()
        self.wait_for("#proceed-link").click()
        self.wait_gone("#proceed-link")

    def type_through_warning(self) -> None:
        """The same for those who know what Chromium lets them type."""
        self.wait_for("#details-button")
        for character in "thisisunsafe":
            self.cdp("Input.dispatchKeyEvent", type="keyDown", text=character, key=character)
            self.cdp("Input.dispatchKeyEvent", type="keyUp", key=character)
        self.wait_gone("#details-button")

    def _emulate_network(self, *, offline: bool, rate: int, latency_ms: int) -> None:
        self.cdp("Network.enable")
        self.cdp(
            "Network.emulateNetworkConditions",
            offline=offline,
            latency=latency_ms,
            downloadThroughput=rate,
            uploadThroughput=rate,
        )


class Chromium:
    """One running Chromium with an empty profile of its own."""

    def __init__(
        self,
        driver: DriverProcess,
        *,
        screen: Screen = DESKTOP,
        look: Look | None = None,
        accept_insecure: bool = True,
        real_network: bool = False,
        resolves: str = "",
    ) -> None:
        """Start it; without `accept_insecure` it warns of a self-signed certificate as it warns a person.

        With `real_network` it may reach all that its computer reaches, and notices itself when that changes.
        The name `resolves` leads to 127.0.0.1, as after DNS rebinding.
        """
        self._screen = screen
        self._look = look or Look()
        profile = tempfile.mkdtemp(dir=driver.folder)
        self._has_real_network = real_network
        more = [] if screen.touch else [_MOUSE]
        if not real_network:
            names = f"MAP {resolves} 127.0.0.1, " if resolves else ""
            more.append(f"--host-resolver-rules={names}{_LOOPBACK_ONLY}")
        arguments = [*_FLAGS, *more, f"--user-data-dir={profile}"]
        self._session = Session(driver.commands, _capabilities(arguments, accept_insecure=accept_insecure))
        self._pages: dict[str, ChromiumPage] = {}
        # The room may end, or send the guest away, while the second script is on its way.
        self._tolerated = ["/later.js - Failed to load resource"]
        self.page = self._page(self._session.first_window())

    def open_tab(self) -> ChromiumPage:
        """Open another tab, with the same profile."""
        return self._page(self._session.new_window())

    def pages(self) -> list[ChromiumPage]:
        """Return the pages of all tabs, also of those that pages opened."""
        return [self._page(window) for window in self._session.windows()]

    def await_window(self, *known: ChromiumPage) -> ChromiumPage:
        """Wait for a tab that one of the known pages opens."""
        deadline = time.monotonic() + TIMEOUT_S
        while not (opened := [page for page in self.pages() if page not in known]):
            assert time.monotonic() < deadline, "no page has opened a window"
            time.sleep(0.02)
        return opened[0]

    def tolerate(self, *parts: str) -> None:
        """Don't mind errors in the console that contain one of these texts."""
        self._tolerated += parts

    def console_errors(self) -> list[str]:
        """Return the errors in the console since the last call, with violations of the page's policy."""
        entries = self._session.command("POST", "se/log", {"type": "browser"})
        return [
            entry["message"]
            for entry in entries
            if _is_error(entry) and not any(part in entry["message"] for part in self._tolerated)
        ]

    def close(self) -> None:
        """End the browser."""
        self._session.close()

    def _page(self, window: Window) -> ChromiumPage:
        if window.handle not in self._pages:
            page = self._pages[window.handle] = ChromiumPage(window)
            page.resize(self._screen)
            page.set_look(self._look)
            if _SLOWNESS > 1:
                page.cdp("Emulation.setCPUThrottlingRate", rate=_SLOWNESS)
            if not self._has_real_network:
                page.set_network()
        return self._pages[window.handle]


def chromium_skip_reason() -> str:
    """Return why Chromium can't be driven here; empty if it can."""
    if not any(map(shutil.which, _BROWSERS)):
        return "Chromium is not installed"
    return "" if shutil.which(_DRIVER) else f"the command `{_DRIVER}` is not installed"


def start_chromedriver() -> DriverProcess:
    """Start the driver, on a free port."""
    return DriverProcess(_DRIVER, "--port=0")


def _capabilities(arguments: list[str], *, accept_insecure: bool) -> dict[str, Any]:
    binary = next(path for path in map(shutil.which, _BROWSERS) if path)
    return {
        "browserName": "chrome",
        "acceptInsecureCerts": accept_insecure,
        "goog:loggingPrefs": {"browser": "ALL"},
        "goog:chromeOptions": {
            "binary": binary,
            "args": arguments,
        },
    }


def _is_error(entry: dict[str, Any]) -> bool:
    return entry["level"] == "SEVERE" or "Content Security Policy" in entry["message"]
