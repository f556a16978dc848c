"""The real browsers of the tests do what their tests need of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.browser.chromium import PHONE, Chromium, Look
from tests.support.browser.module_page import FolderServer, Modules

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Test</title><link rel="icon" href="data:,"><label>Name <input id="name"></label>
<button id="late">Later</button><p id="result"></p><input type="file" id="file">
<script>
const field = document.querySelector('#name');
late.onclick = () => setTimeout(() => { result.textContent = 'Done: ' + field.value; }, 80);
</script>"""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a page."""
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    (tmp_path / "double.js").write_text("export const double = (n) => n * 2;\n", "utf-8")
    with FolderServer(tmp_path) as server:
        yield server.url


def test_it_types_clicks_and_waits(browser: Chromium, url: str) -> None:
    """As a person does, and finds what comes later."""
    browser.page.goto(url)
    browser.page.find("#name").type("Zoë 😀")
    browser.page.find("#late").click()
    assert browser.page.wait_for("#result", "Done").text == "Done: Zoë 😀"
    assert browser.page.find("#name").label == "Name"


def test_a_script_is_awaited(browser: Chromium, url: str) -> None:
    """With its arguments, among them elements."""
    browser.page.goto(url)
    field = browser.page.find("#name")
    script = "const [sum, field] = args; await null; field.value = 'x'; return sum.a + sum.b;"
    assert browser.page.run(script, {"a": 1, "b": 2}, field) == 3
    assert field.property("value") == "x"


def test_a_file_is_chosen(browser: Chromium, url: str, tmp_path: Path) -> None:
    """As from the phone's own files."""
    (tmp_path / "note.txt").write_text("hello")
    browser.page.goto(url)
    browser.page.find("#file").upload(tmp_path / "note.txt")
    assert browser.page.run("return document.querySelector('#file').files[0].text();") == "hello"


def test_a_phone(open_browser: Callable[..., Chromium], url: str, tmp_path: Path) -> None:
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


def test_the_network_fails_and_comes_back(browser: Chromium, url: str) -> None:
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


def test_a_page_is_suspended_and_goes_on(browser: Chromium, url: str) -> None:
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


def test_a_wait_survives_a_reload(browser: Chromium, url: str) -> None:
    """The condition is asked of the new document."""
    page = browser.page
    page.goto(url)
    page.run("sessionStorage.seen = ''; setTimeout(() => location.reload(), 50);")
    page.wait(
        "sessionStorage.seen += performance.timeOrigin + ' ';"
        "return new Set(sessionStorage.seen.trim().split(' ')).size === 2;"
    )


def test_a_wait_ends(browser: Chromium, url: str) -> None:
    """With the condition and the last error."""
    browser.page.goto(url)
    with pytest.raises(AssertionError, match=r"never held: return missing\.x; ReferenceError"):
        browser.page.wait("return missing.x;", timeout_s=0.2)
    with pytest.raises(AssertionError, match="never held"):
        browser.page.wait_for("#result", "Done", timeout_s=0.2)


def test_profiles_are_empty(open_browser: Callable[..., Chromium], url: str) -> None:
    """A browser knows nothing of another, but its own tabs share."""
    first, second = open_browser(), open_browser()
    first.page.goto(url)
    first.page.run("localStorage.token = 'x';")
    tab = first.open_tab()
    tab.goto(url)
    assert tab.run("return localStorage.token;") == "x"
    second.page.goto(url)
    assert second.page.run("return localStorage.token ?? null;") is None


def test_errors_of_a_page_are_found(browser: Chromium, url: str) -> None:
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


def test_violations_of_the_policy_are_found(browser: Chromium, tmp_path: Path, url: str) -> None:
    """A script in the page, where its policy forbids that."""
    policy = """<meta http-equiv="Content-Security-Policy" content="default-src 'none'">"""
    (tmp_path / "strict.html").write_text(f"<!doctype html>{policy}<script>var x = 1;</script>", "utf-8")
    browser.page.goto(f"{url}/strict.html")
    assert "Content Security Policy" in "\n".join(browser.console_errors())


def test_modules_are_called(browser: Chromium, url: str) -> None:
    """With JSON in and out."""
    modules = Modules(browser.page, url)
    modules.start()
    assert modules.call("double.js", "double", 21) == 42
    assert modules.run("const {double} = await load('double.js'); return list.map(double);", list=[1, 2]) == [
        2,
        4,
    ]
