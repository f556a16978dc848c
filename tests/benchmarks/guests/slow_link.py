"""How soon a guest sees something, the form, and the conversation, over networks as slow as phones have."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from messango.protocol.frames import Message, Say
from tests.benchmarks.contestants import Tree
from tests.benchmarks.guests.browsers import Browsers, new_tab
from tests.benchmarks.guests.room import OpenRoom, open_room
from tests.support.browser.chromium import ChromiumPage
from tests.support.raw_client import RawClient

#: What the room has said before the guest comes; a page that joins gets it.
_MESSAGES: Final = 200
_TEXT: Final = "One of the things that people have said before the guest came, of ordinary length. "


class Network(NamedTuple):
    """A network's rate in each direction, and the time there and back, as Chromium emulates them."""

    name: str
    bytes_per_s: int
    latency_ms: int


_NETWORKS: Final = (
    Network("loopback", 10**9, 0),
    Network("3G (1.6 Mbit/s, 150 ms)", 200_000, 150),
    Network("400 kbit/s, 300 ms", 50_000, 300),
)

#: Notes when the form can be seen. A script of the page may show it before the document is complete.
_WATCH: Final = """
const watch = new MutationObserver(() => {
  const form = document.querySelector('#join');
  if (!form || form.hidden || !document.querySelector('#join-button')) return;
  window.formMs = performance.now();
  watch.disconnect();
});
watch.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['hidden'] });
"""

_LOADED: Final = """
const paint = performance.getEntriesByName('first-contentful-paint')[0];
if (!window.formMs || !paint) return null;
const requests = ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind));
const bytes = requests.reduce((sum, { transferSize }) => sum + transferSize, 0);
return { paint: paint.startTime, form: window.formMs, requests: requests.length, bytes };
"""

_JOIN: Final = """
const list = document.querySelector('#messages');
const begun = performance.now();
const shown = new Promise((done) => {
  const observer = new MutationObserver(() => {
    if (!list.querySelector('.message')) return;
    observer.disconnect();
    done(performance.now() - begun);
  });
  observer.observe(list, { childList: true });
});
document.querySelector('#join-name').value = 'Zoë';
document.querySelector('#join-form').requestSubmit();
return shown;
"""


def slow_links(tree: Tree, browsers: Browsers) -> dict[str, float]:
    """Return the times of a first visit over each network,
    and what is sent then, and later."""
    (browser,) = browsers.take(1)
    figures: dict[str, float] = {}
    for network in _NETWORKS:
        with open_room(tree) as room, new_tab(browser) as page:
            _fill(room)
            page.goto(room.link)  # The server loads what it needs for browsers.
            page.cdp("Network.clearBrowserCache")
            page.goto("about:blank")
            page.cdp("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
            loaded = _visit(page, room, network)
            figures[f"{network.name}, first paint, ms"] = loaded["paint"]
            figures[f"{network.name}, the form, ms"] = loaded["form"]
            figures[f"{network.name}, from Join to the messages, ms"] = page.run(_JOIN)
            if network is _NETWORKS[-1]:
                figures |= _sent("a first visit", loaded)
                page.run("localStorage.clear();")
                figures |= _sent("a later visit", _visit(page, room, network))
    return figures


def _fill(room: OpenRoom) -> None:
    with RawClient(room.port) as member:
        member.join("Ann")
        member.send(*(Say(str(number), _TEXT) for number in range(_MESSAGES)))
        for _ in range(_MESSAGES):
            member.await_frame(Message)


def _visit(page: ChromiumPage, room: OpenRoom, network: Network) -> dict[str, Any]:
    page.goto("about:blank")
    page.set_network(bytes_per_s=network.bytes_per_s, latency_ms=network.latency_ms)
    page.goto(room.link)
    loaded: dict[str, Any] = page.wait(_LOADED)
    return loaded


def _sent(visit: str, loaded: dict[str, Any]) -> dict[str, float]:
    return {f"{visit}, requests": loaded["requests"], f"{visit}, bytes": loaded["bytes"]}
