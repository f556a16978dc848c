"""The conversation of the page, in a browser, with a room that each test decides about."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.browser.chromium import PHONE, Chromium, ChromiumPage
from tests.support.browser.fake_room import PAGE, open_fake_room
from tests.support.browser.folder_server import FolderServer

#: Opens the conversation on a screen, with a room of these options.
OpenConversation = Callable[..., ChromiumPage]


@pytest.fixture(scope="session")
def page_url() -> Iterator[str]:
    """The address of the page's folder."""
    with FolderServer(PAGE) as server:
        yield server.url


@pytest.fixture
def open_conversation(open_browser: Callable[..., Chromium], page_url: str) -> OpenConversation:
    """Return what opens the conversation; by default on a phone."""

    def open_one(*, screen: object = PHONE, **options: object) -> ChromiumPage:
        browser = open_browser(screen=screen)
        browser.tolerate("/favicon.ico")
        return open_fake_room(browser.page, page_url, **options)

    return open_one
