"""A page of another origin, in a guest's browser: it gets nothing from the room, and causes nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from messango.protocol.frames import Message, Ping, Say, TypingNotice
from messango.server.server import Server
from messango.storage import home
from messango.transport.identity.certificate import FILE_NAME
from tests.support.browser.chromium import Chromium
from tests.support.browser.folder_server import FolderServer
from tests.support.raw_client import PatientClient
from tests.support.rooms import open_room
from tests.web.page.view.rooms import join_by_browser

pytestmark = pytest.mark.browser

#: What a page would say if it could.
EVIL: Final = """
const [room, key] = args;
const lines = [{type: 'join', protocol: 1, name: 'Mallory', key}, {type: 'say', id: '1', text: 'evil'}];
const say = lines.map((each) => JSON.stringify(each)).join('\\n');
"""

#: Everything that a page can do with another origin; returns what it got, by the way in which it tried.
ATTACK: Final = (
    EVIL
    + """
const got = {};
const within = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, 3000, 'nothing'))]);
const attempt = async (name, act) => {
  try { got[name] = await within(act()); } catch (error) { got[name] = 'refused'; }
};
const fetched = (path, options) => async () => {
  const response = await fetch(room + path, options);
  return [response.type, await response.text()];
};
const loaded = (tag, attributes) => () => new Promise((resolve) => {
  const node = Object.assign(document.createElement(tag), attributes);
  node.onload = () => resolve('loaded');
  node.onerror = () => resolve('refused');
  document.body.append(node);
});
await attempt('fetch', fetched('/'));
await attempt('fetch without CORS', fetched('/', {mode: 'no-cors'}));
await attempt('fetch of a file', fetched('/page/x/page.js', {credentials: 'include'}));
const post = {method: 'POST', body: say};
await attempt('a post', fetched('/frames', post));
await attempt('a post without CORS', fetched('/frames', {...post, mode: 'no-cors'}));
await attempt('a post with our header', fetched('/frames', {...post, headers: {'X-Messango': '1'}}));
await attempt('an event stream by fetch', fetched('/events', {mode: 'no-cors'}));
await attempt('a WebSocket', () => new Promise((resolve) => {
  const socket = new WebSocket(room.replace('https', 'wss') + '/talk');
  socket.onopen = () => { socket.send(say); resolve('open'); };
  socket.onerror = () => resolve('refused');
}));
await attempt('an event stream', () => new Promise((resolve) => {
  const source = new EventSource(room + '/events', {withCredentials: true});
  source.onmessage = (event) => resolve(event.data);
  source.onerror = () => { source.close(); resolve('refused'); };
}));
await attempt('an image', loaded('img', {src: room + '/page/x/icon.svg'}));
await attempt('a script', loaded('script', {src: room + '/'}));
await attempt('a style', loaded('link', {rel: 'stylesheet', href: room + '/'}));
await attempt('a service worker', async () => {
  await navigator.serviceWorker.register(room + '/page/x/page.js');
  return 'registered';
});
await attempt('a frame', async () => {
  const frame = Object.assign(document.createElement('iframe'), {src: `${room}/#k=${key}`});
  document.body.append(frame);
  await new Promise((resolve) => { frame.onload = resolve; });
  frame.contentWindow.postMessage(say, '*');
  return frame.contentDocument?.body.textContent || frame.contentWindow.length || 'refused';
});
await attempt('a form', async () => {
  const frame = Object.assign(document.createElement('iframe'), {name: 'target'});
  const form = Object.assign(document.createElement('form'),
    {action: room + '/frames', method: 'POST', enctype: 'text/plain', target: 'target'});
  form.append(Object.assign(document.createElement('input'), {name: say, value: ''}));
  document.body.append(frame, form);
  const answered = new Promise((resolve) => { frame.onload = resolve; });
  form.submit();
  await answered;
  return frame.contentDocument?.body.textContent || 'refused';
});
navigator.sendBeacon(room + '/frames', say);
got.storage = Object.keys(localStorage).concat(document.cookie).join('') || 'refused';
return got;
"""
)

#: Opens the room in a window; and, when it is there, what one can do with that.
OPEN: Final = EVIL + "globalThis.opened = window.open(`${room}/#k=${key}`);"
ATTACK_OPENED: Final = (
    EVIL
    + """
opened.postMessage(say, '*');
try { return opened.document.title; } catch (error) { return 'refused'; }
"""
)


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(web=True) as opened:
        yield opened


@pytest.fixture
def foreign(server: Server, tmp_path: Path) -> Iterator[str]:
    """The address of an empty page on another port, with https."""
    assert server.port
    (tmp_path / "index.html").write_text("<!doctype html><title>Foreign</title><body></body>")
    with FolderServer(tmp_path, home() / FILE_NAME) as folder:
        yield folder.url


@pytest.mark.parametrize("address", ["localhost", "127.0.0.1"], ids=["another site", "another port"])
def test_another_page_gets_and_causes_nothing(
    server: Server, foreign: str, open_browser: Callable[..., Chromium], address: str
) -> None:
    """Also in the browser of a guest, and if it knows the key."""
    browser = open_browser()
    browser.tolerate("")  # Each attempt is an error.
    assert server.guest_key is not None
    with PatientClient(server.port) as ann:
        ann.join("ann")
        guest = join_by_browser(browser, server, "Zoë")
        guest.wait_for("#room-state", "2 of 5 seats taken")
        tab = browser.open_tab()
        tab.goto(foreign.replace("localhost", address))
        room = (f"https://127.0.0.1:{server.port}", server.guest_key.text)
        got = tab.run(ATTACK, *room)
        tab.run(OPEN, *room)
        browser.await_window(guest, tab).wait_for("#banner", "another tab")
        got["a window"] = tab.run(ATTACK_OPENED, *room)
        assert {name: answer for name, answer in got.items() if answer not in ("refused", "nothing")} == {}
        ann.send(Say("1", "still alone"))
        assert ann.await_frame(Message).text == "still alone"
        others = [frame for frame in ann.skipped if not isinstance(frame, (Ping, TypingNotice))]
        assert [frame.name for frame in others] == ["Zoë"]  # type: ignore[union-attr]
        guest.wait_for(".message", "still alone")


def test_a_name_that_leads_here_is_no_address_of_ours(
    server: Server, open_browser: Callable[..., Chromium]
) -> None:
    """A page of `evil.example`, whose name was made to lead to the room, is of its origin."""
    browser = open_browser(resolves="evil.example")
    browser.tolerate("421", "evil.example")
    page = browser.page
    page.goto(f"https://evil.example:{server.port}/")
    assert "This room is not at that address." in page.text
    script = """
    const status = async (path, options) => (await fetch(path, options)).status;
    const headers = {'X-Messango': '1'};
    const post = {method: 'POST', headers, body: '{}'};
    return [await status('/'), await status('/events'), await status('/frames', post),
      await new Promise((resolve) => {
        const socket = new WebSocket(`wss://${location.host}/talk`);
        socket.onopen = () => resolve('open');
        socket.onerror = () => resolve('refused');
      })];
    """
    refused = page.run(f"try {{ {script} }} catch (error) {{ return String(error); }}")
    # Its sandbox has no origin at all.
    assert refused == [421, 421, 421, "refused"] or "Failed to fetch" in refused
