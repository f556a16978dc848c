"""The real browsers of the tests do what their tests need of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messango.transport.identity.certificate import load_or_create_certificate
from tests.support.browser.chromium import PHONE, Chromium, ChromiumPage, Look
from tests.support.browser.folder_server import FolderServer
from tests.support.browser.module_page import Modules
from tests.support.browser.webkit import WebKit

ROOT = Path(__file__).parents[1]
PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Test</title><link rel="icon" href="data:,"><label>Name <input id="name"></label>
<button id="late">Later</button><p id="result"></p><input type="file" id="file">
<script>
const field = document.querySelector('#name');
late.onclick = () => setTimeout(() => { result.textContent = 'Done: ' + field.value; }, 80);
</script>"""

#: Reloads the page, and holds in the document that comes then.
RELOADED = """
if (!sessionStorage.first) {
  sessionStorage.first = performance.timeOrigin;
  setTimeout(() => location.reload(), 50);
}
return Number(sessionStorage.first) !== performance.timeOrigin;
"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a page."""
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    with FolderServer(tmp_path) as server:
        yield server.url


@pytest.fixture
def secure_url(tmp_path: Path) -> Iterator[str]:
    """The address of the page on a server with a certificate that a host made."""
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    load_or_create_certificate(tmp_path / "certificate.pem")
    with FolderServer(tmp_path, tmp_path / "certificate.pem") as server:
        yield server.url


@pytest.mark.browser
def test_it_types_clicks_and_waits(url: str, browser: Chromium) -> None:
    """As a person does, and finds what comes later."""
    browser.page.goto(url)
    browser.page.find("#name").type("Zoë 😀")
    browser.page.find("#late").click()
    assert browser.page.wait_for("#result", "Done").text == "Done: Zoë 😀"
    assert browser.page.find("#name").label == "Name"


@pytest.mark.browser
def test_a_script_is_awaited(url: str, browser: Chromium) -> None:
    """With its arguments, among them elements."""
    browser.page.goto(url)
    field = browser.page.find("#name")
    script = "const [sum, field] = args; await null; field.value = 'x'; return sum.a + sum.b;"
    assert browser.page.run(script, {"a": 1, "b": 2}, field) == 3
    assert field.property("value") == "x"


@pytest.mark.browser
def test_a_file_is_chosen(url: str, browser: Chromium, tmp_path: Path) -> None:
    """As from the phone's own files."""
    (tmp_path / "note.txt").write_text("hello")
    browser.page.goto(url)
    browser.page.find("#file").upload(tmp_path / "note.txt")
    assert browser.page.run("return document.querySelector('#file').files[0].text();") == "hello"


@pytest.mark.browser
def test_a_phone(url: str, open_browser: Callable[..., Chromium], tmp_path: Path) -> None:
    """Has a phone's size and touch, and asks for its look, also in a second tab."""
    phone = open_browser(screen=PHONE, look=Look(dark=True, reduced_motion=True))
    for page in (phone.page, phone.open_tab()):
        page.goto(url)
        facts = page.run(
            "return [innerWidth, innerHeight, devicePixelRatio, navigator.maxTouchPoints > 0,"
            "matchMedia('(prefers-color-scheme: dark)').matches,"
            "matchMedia('(prefers-reduced-motion: reduce)').matches];"
        )
        assert facts == [390, 844, 3, True, True, True]
    picture = phone.page.screenshot(tmp_path / "phone.png").read_bytes()
    assert int.from_bytes(picture[16:20], "big") == 390 * 3


@pytest.mark.browser
def test_the_network_fails_and_comes_back(url: str, browser: Chromium) -> None:
    """The page is told, and nothing gets through meanwhile."""
    browser.tolerate("ERR_INTERNET_DISCONNECTED")
    page = browser.page
    page.goto(url)
    assert page.run("return navigator.onLine;")
    page.run(
        "window.seen = []; for (const n of ['online', 'offline']) addEventListener(n, () => seen.push(n));"
    )
    page.go_offline()
    page.wait("return seen.includes('offline');")
    assert page.run("return fetch('/').then(() => 'loaded', () => 'failed');") == "failed"
    page.set_network()
    page.wait("return seen.includes('online');")
    assert page.run("return fetch('/').then((it) => it.status);") == 200


@pytest.mark.browser
def test_a_page_is_suspended_and_goes_on(url: str, browser: Chromium) -> None:
    """It gets the events that a phone sends."""
    page = browser.page
    page.goto(url)
    page.run(
        "window.seen = [];"
        "for (const name of ['freeze', 'resume']) document.addEventListener(name, () => seen.push(name));"
    )
    page.freeze()
    page.resume()
    page.wait("return seen.join() === 'freeze,resume';")


@pytest.mark.browser
def test_a_wait_survives_a_reload(url: str, browser: Chromium) -> None:
    """The condition is asked of the new document."""
    browser.page.goto(url)
    browser.page.wait(RELOADED)


@pytest.mark.browser
def test_a_wait_ends(url: str, browser: Chromium) -> None:
    """With the condition and the last error."""
    browser.page.goto(url)
    with pytest.raises(AssertionError, match=r"never held: return missing\.x; ReferenceError"):
        browser.page.wait("return missing.x;", timeout_s=0.2)
    with pytest.raises(AssertionError, match="never held"):
        browser.page.wait_for("#result", "Done", timeout_s=0.2)


@pytest.mark.browser
def test_profiles_are_empty(url: str, open_browser: Callable[..., Chromium]) -> None:
    """A browser knows nothing of another, but its own tabs share."""
    first, second = open_browser(), open_browser()
    first.page.goto(url)
    first.page.run("localStorage.token = 'x';")
    tab = first.open_tab()
    tab.goto(url)
    assert tab.run("return localStorage.token;") == "x"
    second.page.goto(url)
    assert second.page.run("return localStorage.token ?? null;") is None


@pytest.mark.browser
@pytest.mark.parametrize(
    "proceed",
    [ChromiumPage.proceed_through_warning, ChromiumPage.type_through_warning],
    ids=["click", "type"],
)
@pytest.mark.browser
def test_it_warns_of_a_certificate(
    secure_url: str, open_browser: Callable[..., Chromium], proceed: Callable[[ChromiumPage], None]
) -> None:
    """As a guest is warned; behind the warning is the page, with the fragment."""
    page = open_browser(accept_insecure=False).page
    page.goto(f"{secure_url}/#k=KEY")
    assert "not private" in page.text
    proceed(page)
    assert page.wait_for("#late")
    assert page.run("return [location.hash, isSecureContext];") == ["#k=KEY", True]


@pytest.mark.browser
def test_it_accepts_a_certificate(secure_url: str, browser: Chromium) -> None:
    """Without a warning."""
    browser.page.goto(secure_url)
    assert browser.page.find("#late").text == "Later"


@pytest.mark.browser
def test_errors_of_a_page_are_found(url: str, browser: Chromium) -> None:
    """Uncaught errors, rejected promises, resources that are missing; but none that is tolerated."""
    page = browser.page
    page.goto(url)
    assert browser.console_errors() == []
    page.run(
        "setTimeout(() => { throw new Error('first'); }); Promise.reject(new Error('second'));"
        "console.error('third'); console.warn('quiet'); await fetch('/missing');"
    )
    found = "\n".join(browser.console_errors())
    assert all(part in found for part in ("first", "second", "third", "404"))
    assert "quiet" not in found
    browser.tolerate("fourth")
    page.run("console.error('the fourth');")
    assert browser.console_errors() == []


@pytest.mark.browser
def test_violations_of_the_policy_are_found(tmp_path: Path, url: str, browser: Chromium) -> None:
    """A script in the page, where its policy forbids that."""
    policy = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""
    (tmp_path / "strict.html").write_text(f"<!doctype html>{policy}<script>var x = 1;</script>", "utf-8")
    browser.page.goto(f"{url}/strict.html")
    assert "Content Security Policy" in "\n".join(browser.console_errors())


@pytest.mark.browser
def test_modules_are_called(url: str, browser: Chromium, tmp_path: Path) -> None:
    """With JSON in and out."""
    (tmp_path / "double.js").write_text("export const double = (n) => n * 2;\n", "utf-8")
    modules = Modules(browser.page, url)
    modules.start()
    assert modules.call("double.js", "double", 21) == 42
    assert modules.run("const {double} = await load('double.js'); return list.map(double);", list=[1, 2]) == [
        2,
        4,
    ]


@pytest.mark.webkit
def test_webkit_types_clicks_and_waits(secure_url: str, webkit: WebKit, tmp_path: Path) -> None:
    """Over a certificate that nobody has signed."""
    page = webkit.page
    page.goto(f"{secure_url}/#k=KEY")
    page.find("#name").type("Zoë")
    page.find("#late").click()
    assert page.wait_for("#result", "Done").text == "Done: Zoë"
    assert page.run("return [location.hash, isSecureContext, navigator.onLine];") == ["#k=KEY", True, True]
    (tmp_path / "note.txt").write_text("hello")
    page.find("#file").upload(tmp_path / "note.txt")
    assert page.run("return document.querySelector('#file').files[0].text();") == "hello"
    assert page.screenshot(tmp_path / "webkit.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.webkit
def test_webkit_waits_through_a_reload(url: str, webkit: WebKit) -> None:
    """As Chromium does; and its profile is empty."""
    page = webkit.page
    page.goto(url)
    assert page.run("return localStorage.length;") == 0
    page.wait(RELOADED)


@pytest.mark.browser
def test_a_killed_run_leaves_no_browser() -> None:
    """Neither browser nor driver outlives a test run that could not close them."""
    program = (
        "from tests.support.browser.chromium import Chromium, start_chromedriver\n"
        "driver = start_chromedriver()\n"
        "Chromium(driver)\n"
        "print(driver.group, flush=True)\n"
        "input()"
    )
    # A short path: Chromium has a socket in it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        run = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert run.stdout
        group = int(run.stdout.readline() or 0)
        started = processes_of(group)
        run.kill()
        run.communicate()
        assert len(started) > 3
        wait_for_end(group)


def wait_for_end(group: int) -> None:
    """Wait until no process of a group runs any more."""
    deadline = time.monotonic() + 30
    while processes_of(group):
        assert time.monotonic() < deadline, processes_of(group)
        time.sleep(0.05)


def processes_of(group: int) -> list[str]:
    """Return the names of the processes of a group that still run."""
    states = (read_state(path) for path in Path("/proc").glob("[0-9]*/stat"))
    return [name for name, is_zombie, its_group in states if its_group == group and not is_zombie]


def read_state(path: Path) -> tuple[str, bool, int]:
    """Return the name of a process, whether it has ended, and its group; 0 if it is gone."""
    try:
        name, _, rest = path.read_text().partition("(")[2].rpartition(")")
    except OSError:
        return "", True, 0
    state, _parent, group = rest.split()[:3]
    return name, state == "Z", int(group)
