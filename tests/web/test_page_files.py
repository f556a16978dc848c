"""The page's files as browsers get them."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.web.page_files import PAGE_FOLDER, load_page

INDEX = """<!doctype html>
<link rel="icon" href="/page/HASH/icon.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/page/HASH/css/base.css">
  <link rel="stylesheet" href="/page/HASH/css/more.css">
<script type="module" src="/page/HASH/js/main.js"></script>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a small page."""
    sources = {
        "index.html": INDEX,
        "icon.svg": "<svg/>",
        "css/base.css": "a {}\n",
        "css/more.css": "b {}\n",
        "js/main.js": "import { tea } from './tea.js';\ntea();\n",
        "js/tea.js": "export function tea() {}\n",
        "js/unused.js": "secret();\n",
        "notes.txt": "not for browsers",
    }
    for name, text in sources.items():
        path = tmp_path / "page" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "page"


def test_the_page_has_one_script_and_one_style_sheet(folder: Path) -> None:
    """In the order in which the page names them."""
    page = load_page(folder)
    assert {name: file.plain() for name, file in page.files.items()} == {
        "icon.svg": b"<svg/>",
        "page.css": b"a{}\nb{}\n",
        "page.js": b"function tea() {}\ntea();\n",
    }
    assert page.index.plain().decode() == (
        "<!doctype html>\n"
        f'<link rel="icon" href="/page/{page.version}/icon.svg" type="image/svg+xml">\n'
        f'<link rel="stylesheet" href="/page/{page.version}/page.css">\n'
        f'<script type="module" src="/page/{page.version}/page.js"></script>\n'
    )


def test_files_have_their_types(folder: Path) -> None:
    """None is left to a browser's guess."""
    page = load_page(folder)
    assert page.index.content_type == b"text/html; charset=utf-8"
    assert {name: file.content_type for name, file in page.files.items()} == {
        "icon.svg": b"image/svg+xml",
        "page.css": b"text/css; charset=utf-8",
        "page.js": b"text/javascript; charset=utf-8",
    }


def test_each_change_makes_another_version(folder: Path) -> None:
    """The same files always have the same one, and a browser gets no file of another."""
    page = load_page(folder)
    assert load_page(folder) == page
    (folder / "css/more.css").write_text("c {}\n")
    changed = load_page(folder)
    assert changed.version != page.version
    assert changed.find(changed.version, "page.css") is not None
    assert changed.find(page.version, "page.css") is None


@pytest.mark.parametrize(
    "path", ["", "index.html", "notes.txt", "js/main.js", "../page_files.py", "/etc/passwd", "page.js/"]
)
def test_only_what_is_in_the_table_exists(folder: Path, path: str) -> None:
    """Nothing else in the folder, nor outside."""
    page = load_page(folder)
    assert page.find(page.version, path) is None


def test_the_real_page_can_be_joined() -> None:
    """And all that it names is there."""
    page = load_page(PAGE_FOLDER)
    names = page.index.plain().decode().split(f'"/page/{page.version}/')[1:]
    assert names
    assert all(page.find(page.version, name.partition('"')[0]) for name in names)


def test_little_comes_before_a_guest_talks() -> None:
    """The page with its styles and its first script; the rest is loaded in the room."""
    page = load_page(PAGE_FOLDER)
    first = [page.index, *(file for name, file in page.files.items() if name != "later.js")]
    assert sum(len(file.compressed) for file in first) < 40_000
