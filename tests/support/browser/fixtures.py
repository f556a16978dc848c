"""Fixtures with real browsers: a driver for each process of the test run, a new browser for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.browser.chromium import Chromium, start_chromedriver
from tests.support.browser.driver_process import DriverProcess
from tests.support.browser.folder_server import FolderServer
from tests.support.browser.module_page import MODULES, Modules
from tests.support.browser.webkit import WebKit, start_webkit_driver


@pytest.fixture(scope="session")
def chromedriver() -> Iterator[DriverProcess]:
    """The driver of all Chromiums in this process; takes 20 ms."""
    driver = start_chromedriver()
    yield driver
    driver.close()


@pytest.fixture
def open_browser(chromedriver: DriverProcess) -> Iterator[Callable[..., Chromium]]:
    """Start a Chromium with an empty profile (0.4 s); the arguments are those of `Chromium`.

    All end with the test, which fails if a page logged an error that the test does not tolerate. Name the
    fixture of a server first: the page must not lose it before its browser ends.
    """
    opened: list[Chromium] = []

    def open_one(**options: Any) -> Chromium:
        opened.append(Chromium(chromedriver, **options))
        return opened[-1]

    yield open_one
    errors = []
    for browser in opened:
        errors += browser.console_errors()
        browser.close()
    if errors:
        pytest.fail("The console of a page has errors:\n" + "\n".join(errors), pytrace=False)


@pytest.fixture
def browser(open_browser: Callable[..., Chromium]) -> Chromium:
    """A Chromium with a desktop's screen that accepts self-signed certificates."""
    return open_browser()


@pytest.fixture(scope="session")
def _module_page(chromedriver: DriverProcess) -> Iterator[tuple[Chromium, Modules]]:
    """One browser for all tests of modules, which have no state besides localStorage."""
    with FolderServer(MODULES) as server:
        browser = Chromium(chromedriver)
        browser.tolerate("/favicon.ico")  # Asked for once, and the folder has none.
        yield browser, Modules(browser.page, server.url)
        browser.close()


@pytest.fixture
def modules(_module_page: tuple[Chromium, Modules]) -> Iterator[Modules]:
    """The page's modules in a new document (0.05 s), callable from Python; a logged error fails the test."""
    browser, modules = _module_page
    modules.start()
    yield modules
    errors = browser.console_errors()
    if errors:
        pytest.fail("The console has errors:\n" + "\n".join(errors), pytrace=False)


@pytest.fixture(scope="session")
def webkit_driver() -> Iterator[DriverProcess]:
    """The driver of all WebKits in this process."""
    driver = start_webkit_driver()
    yield driver
    driver.close()


@pytest.fixture
def webkit(webkit_driver: DriverProcess) -> Iterator[WebKit]:
    """A WebKit with an empty profile (0.5 s)."""
    browser = WebKit(webkit_driver)
    yield browser
    browser.close()
