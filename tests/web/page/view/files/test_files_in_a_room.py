"""Files and pictures between a browser and other members of a real room, in both directions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from messango.protocol.frames import FileInfo, Message, Share
from messango.server.clients.connected_client import ConnectedClient
from messango.server.server import Server
from tests.client.pictures import samples
from tests.support.browser.chromium import PHONE, Chromium, ChromiumPage
from tests.support.file_client import get_file, put_file
from tests.support.raw_client import PatientClient
from tests.support.rooms import open_room
from tests.web.page.view.rooms import join_by_browser

pytestmark = pytest.mark.browser

#: Takes a while over a slow network.
LARGE = bytes(range(256)) * 12_000

#: What would show that something of a file has run.
EVIL = b"<script>document.title = 'evil'; opener && (opener.document.title = 'evil');</script>"
EVIL_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'>" + EVIL + b"</svg>"


#: Asks for a ticket, as the page does.
TICKET = """
const key = Object.keys(localStorage).find((each) => each.includes('.seat.'));
const {session} = JSON.parse(localStorage[key]);
const body = JSON.stringify({session, file: args[0]});
const options = {method: 'POST', headers: {'X-Messango': '1'}, body};
const get = async () => (await (await fetch('/tickets', options)).json()).ticket;
"""

Size: TypeAlias = tuple[int, int] | tuple[()]


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room(web=True, files=5_000_000) as opened:
        yield opened


class Ben:
    """A member without a browser."""

    def __init__(self, client: PatientClient, port: int) -> None:
        self.client, self.port = client, port
        self.session = client.join("Ben").session

    def send(self, name: str, data: bytes, text: str = "", size: Size = ()) -> FileInfo:
        """Send a file to everybody."""
        upload = hashlib.sha256(name.encode()).hexdigest()
        file = put_file(self.port, self.session, upload, data, name=name, size=size)
        self.client.send(Share(file.id, file.id, text))
        return file

    def await_file(self, name: str) -> tuple[Message, bytes]:
        """Return the message with this file of somebody else, and the bytes."""
        while True:
            message = self.client.await_frame(Message)
            if message.file is not None and message.file.name == name:
                return message, get_file(self.port, self.session, message.file.id)


@pytest.fixture
def ben(server: Server) -> Iterator[Ben]:
    with PatientClient(server.port) as client:
        yield Ben(client, server.port)


@pytest.fixture
def page(browser: Chromium, server: Server) -> ChromiumPage:
    return join_by_browser(browser, server, "Ann")


def choose(page: ChromiumPage, *paths: Path) -> None:
    """Choose files by the paper-clip, and wait until they were read."""
    page.find("#file-input").upload(*paths)
    page.wait_for(".chosen", paths[-1].name)
    page.wait("return !document.querySelector('.chosen').textContent.includes('Reading');")


def written(folder: Path, name: str, data: bytes) -> Path:
    """Return a file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_picture_goes_without_its_metadata(page: ChromiumPage, ben: Ben, tmp_path: Path) -> None:
    """Others get the bytes that the page says it sends, with the line about them, and the same size."""
    choose(page, written(tmp_path, "holiday.jpg", samples.jpeg(6)), written(tmp_path, "notes.txt", b"Hello"))
    assert page.find("#composer-bar").text.startswith("Send 2 files to everybody")
    assert "place and camera data in pictures are removed" in page.find(".chosen").text
    page.find("#composer-text").type("From the lake")
    page.find("#send-button").click()
    message, data = ben.await_file("holiday.jpg")
    assert message.text.startswith("From the lake\n[file] holiday.jpg")
    assert message.file is not None
    assert (message.file.width, message.file.height) == (90, 160)
    assert (samples.SECRET in data, hashlib.sha256(data).hexdigest()) == (False, message.file.sha256)
    assert ben.await_file("notes.txt")[1] == b"Hello"
    page.wait("return document.querySelectorAll('.own .picture img').length === 1;")
    assert page.find(".own .text").text == "From the lake"
    page.wait("return !document.querySelector('.chosen li, .uploads li');")


def test_a_picture_keeps_its_metadata_if_the_person_wants(
    page: ChromiumPage, ben: Ben, tmp_path: Path
) -> None:
    choose(page, written(tmp_path, "holiday.jpg", picture := samples.jpeg(6)))
    page.find(".chosen .link").click()
    page.find("#send-button").click()
    assert ben.await_file("holiday.jpg")[1] == picture


def test_pictures_come_by_themselves_and_large(page: ChromiumPage, ben: Ben) -> None:
    """Turned as their metadata say; the phone's Back closes the large one, and Escape does."""
    ben.send("photo.png", samples.png(6), "Look", (90, 160))
    page.wait("return document.querySelector('.picture img')?.naturalHeight === 160;")
    assert page.find(".picture").label == "View picture photo.png"
    page.find(".picture").click()
    page.wait_for("#viewer img")
    assert page.find("#viewer img").label == "photo.png"
    page.run("history.back();")
    page.wait_gone("#viewer")
    page.find(".picture").click()
    page.wait_for("#viewer img").click()
    page.wait_gone("#viewer")
    assert page.url.startswith(f"https://127.0.0.1:{ben.port}/")


def test_a_picture_has_its_place_before_it_comes(page: ChromiumPage, ben: Ben) -> None:
    """One that is too large to come by itself is there on a tap; nothing moves meanwhile."""
    picture = samples.save("PNG") + bytes(2_000_000)
    ben.send("large.png", picture, "", (160, 90))
    page.wait_for(".picture", "Tap to show · 2.0 MB")
    heights = "return [...document.querySelectorAll('.picture')].map((each) => each.offsetHeight);"
    assert page.run(heights) == [90]
    page.find(".picture").click()
    page.wait("return document.querySelector('.picture img')?.naturalWidth === 160;")
    assert page.run(heights) == [90]


def test_a_file_is_saved_whole(page: ChromiumPage, ben: Ben, tmp_path: Path) -> None:
    """Under its own name, whose ending is in sight on the card."""
    page.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path / "saved"))
    name = "The minutes of the meeting of the third of November, second version.pdf"
    ben.send(name, LARGE)
    card = page.wait_for(".file-card")
    assert "3.1 MB" in card.text
    assert page.run("const end = document.querySelector('.file-name').lastChild; return end.offsetWidth > 0;")
    page.find(".file-card button").click()
    await_saved(page, tmp_path / "saved" / name, LARGE)


def await_saved(page: ChromiumPage, path: Path, data: bytes) -> None:
    """Wait until the browser has saved a file."""
    for _ in range(600):
        if path.exists() and path.stat().st_size == len(data):
            break
        page.run("await new Promise((done) => setTimeout(done, 50));")
    assert path.read_bytes() == data


def test_a_large_file_goes_past_the_page(browser: Chromium, tmp_path: Path) -> None:
    """The browser gets it by a ticket, without its bytes in the page's memory."""
    video = bytes(range(250)) * 84_000
    with open_room(web=True, files=len(video)) as server, PatientClient(server.port) as client:
        ben, page = Ben(client, server.port), join_by_browser(browser, server, "Ann")
        page.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path / "saved"))
        page.run("window.blobs = 0; URL.createObjectURL = () => { window.blobs += 1; return ''; };")
        ben.send("video.mp4", video)
        page.wait_for(".file-card button").click()
        await_saved(page, tmp_path / "saved" / "video.mp4", video)
        assert page.run("return window.blobs;") == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [("evil.html", EVIL), ("evil.svg", EVIL_SVG), ("evil.png", EVIL_SVG)],
    ids=["html", "svg", "png"],
)
def test_nothing_in_a_file_runs(browser: Chromium, server: Server, ben: Ben, name: str, data: bytes) -> None:
    """Neither as a picture, nor where somebody opens its address in a tab."""
    page = join_by_browser(browser, server, "Ann")
    browser.tolerate("404", "frame", "Content Security Policy", "MIME", "net::ERR")
    file = ben.send(name, data, "", (10, 10))
    page.wait_for("[data-file]")
    title = page.title
    page.run(
        TICKET
        + """
        for (const tag of ['iframe', 'embed', 'script', 'img']) {
          const made = document.createElement(tag);
          made.src = `/files/${await get()}/x`;
          document.body.append(made);
        }
        const tab = open(`/files/${await get()}/x`);
        await new Promise((done) => setTimeout(done, 1500));
        tab?.close();
        """,
        file.id,
    )
    assert page.title == title


def test_a_broken_upload_goes_on(
    page: ChromiumPage, browser: Chromium, server: Server, ben: Ben, tmp_path: Path
) -> None:
    """At the byte where it stopped."""
    # A browser sends a request again by itself when its connection breaks.
    browser.tolerate("net::ERR", "409 (Conflict)")
    page.run(
        """
        const really = fetch;
        window.offsets = [];
        window.fetch = async (path, options) => {
          const response = await really(path, options);
          if (path === '/uploads') window.offsets.push((await response.clone().json()).offset);
          return response;
        };
        """
    )
    choose(page, written(tmp_path, "video.mp4", LARGE))
    page.set_network(bytes_per_s=300_000)
    page.find("#send-button").click()
    page.wait("return document.querySelector('.uploads progress')?.value > 0.2;")
    await_bytes(page, server, 500_000).abort()
    page.wait("return window.offsets.length > 1;")
    page.set_network()
    assert ben.await_file("video.mp4")[1] == LARGE
    page.wait_gone(".uploads li")
    first, *later = page.run("return window.offsets;")
    assert (first, later[-1] >= 500_000) == (0, True)


def await_bytes(page: ChromiumPage, server: Server, count: int) -> ConnectedClient:
    """Wait until so many bytes of an upload have come, and return its connection."""
    store = server.file_store.get()
    while not (running := [*store._active.values()]) or running[0].offset < count:
        page.run("await new Promise((done) => setTimeout(done, 20));")
    transfer = server._connections.find_transfer(*running[0].part.key)
    assert transfer is not None
    return transfer


def test_a_file_that_is_sent_offline_goes_later(
    page: ChromiumPage, browser: Chromium, ben: Ben, tmp_path: Path
) -> None:
    """A phone may lose its network while a person chooses a file. They see that it waits."""
    browser.tolerate("net::ERR")
    page.go_offline()
    choose(page, written(tmp_path, "video.mp4", LARGE))
    page.find("#send-button").click()
    page.wait_for(".uploads", "Waiting to send · 3.1 MB")
    page.set_network()
    assert ben.await_file("video.mp4")[1] == LARGE


def test_an_upload_is_canceled(page: ChromiumPage, server: Server, tmp_path: Path) -> None:
    """Nothing is left of it."""
    choose(page, written(tmp_path, "video.mp4", LARGE))
    page.set_network(bytes_per_s=250_000)
    page.find("#send-button").click()
    page.wait("return document.querySelector('.uploads progress')?.value > 0;")
    page.wait_for(".uploads", "%")
    page.find(".uploads .link").click()
    page.wait_gone(".uploads li")
    page.set_network()
    store = server.file_store.get()
    while store._ledger.catalog.parts:
        page.run("await new Promise((done) => setTimeout(done, 20));")
    assert page.count(".message") == 0


def test_what_can_not_be_sent_is_said_before(page: ChromiumPage, ben: Ben, tmp_path: Path) -> None:
    """A file that is too large, beside one that is not; nothing goes before the person says so."""
    page.find("#file-input").upload(
        written(tmp_path, "huge.iso", bytes(5_000_001)), written(tmp_path, "a.txt", b"a")
    )
    page.wait_for(".chosen .error", "This file is too large: the room takes files of up to 5.0 MB.")
    page.wait_for("#composer-bar", "Send 1 of 2 files to everybody")
    page.find("#send-button").click()
    assert ben.await_file("a.txt")[1] == b"a"


def test_a_room_without_files_says_so(open_browser: Callable[..., Chromium], tmp_path: Path) -> None:
    with open_room(web=True, files=None) as server:
        page = join_by_browser(open_browser(screen=PHONE), server, "Ann")
        page.find("#file-input").upload(written(tmp_path, "a.txt", b"a"))
        page.wait_for("#composer-error", "This room takes no files")
        assert page.count(".chosen li") == 0


def test_a_long_text_goes_as_a_file(page: ChromiumPage, ben: Ben) -> None:
    """As in the window; it comes back if the person changes their mind."""
    text = "A line of a long text.\n" * 400
    script = "args[0].value = args[1]; args[0].dispatchEvent(new Event('input'));"
    page.run(script, page.find("#composer-text"), text)
    page.find("#send-button").click()
    page.wait_for("#composer-bar", "Send your text as a file to everybody")
    page.find("#composer-bar button").click()
    assert page.find("#composer-text").property("value").strip() == text.strip()
    page.find("#send-button").click()
    page.wait_for("#composer-bar", "Send your text as a file to everybody")
    page.wait("return !document.querySelector('.chosen')?.textContent.includes('Reading');")
    page.find("#composer-text").type("All of it")
    page.find("#send-button").click()
    message = ben.client.await_frame(Message)
    assert message.file is not None
    assert message.text.startswith("All of it\n[file] text 20")
    assert get_file(ben.port, ben.session, message.file.id).decode() == text.strip()
    assert page.find("#composer-text").property("value") == ""
