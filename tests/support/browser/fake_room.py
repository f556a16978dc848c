"""The page's views with a room in the page itself, so that a test decides what happens in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.support.browser.chromium import ChromiumPage

#: The folder of the page.
PAGE: Final = Path(__file__).parents[3] / "messango" / "web" / "page"

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text("utf-8")


def open_fake_room(page: ChromiumPage, url: str, **options: Any) -> ChromiumPage:
    """Show the conversation as the member Zoë; `url` is that of the page's folder.

    Scripts have `app`, `session`, `membership` and `room`, for example `room.says('Ben', 'Hello')`. Options
    are those of `FakeRoom` in the script: `count` messages, of which the room keeps those from `oldest` on,
    and its `features`.
    """
    page.goto(f"{url}/js/")
    load = f"const load = (path) => import('{url}/js/' + path);"
    page.run(f"{load} {_SCRIPT} await start(load, args[0]);", options)
    return page
