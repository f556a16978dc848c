"""What is wrong with a page for people who do not see it, see it badly, or touch it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from tests.support.browser.chromium import ChromiumPage

_SCRIPT: Final = Path(__file__).with_suffix(".js").read_text("utf-8")

#: A screen reader says the name of each of these; without one it says only what it is.
_NAMED_ROLES: Final = frozenset(
    [
        "button",
        "checkbox",
        "combobox",
        "complementary",
        "dialog",
        "form",
        "group",
        "image",
        "link",
        "list",
        "listbox",
        "main",
        "option",
        "progressbar",
        "region",
        "searchbox",
        "textbox",
    ]
)
#: Of these, some need no name: they say what they are by what is in them.
_NAMELESS: Final = frozenset({"list", "group", "form"})


def problems(page: ChromiumPage, *, touch: bool = True) -> list[str]:
    """Return a sentence for each problem: structure, references, names, contrast, and with `touch` sizes."""
    found: list[str] = page.run(_SCRIPT, touch)
    return found + _nameless(page)


def _nameless(page: ChromiumPage) -> list[str]:
    """Return the elements without a name, as a screen reader finds them."""
    nodes = page.cdp("Accessibility.getFullAXTree")["nodes"]
    return [
        f"a {role} has no name: {_properties(node)}"
        for node in nodes
        if not node.get("ignored")
        and (role := node.get("role", {}).get("value", "")) in _NAMED_ROLES - _NAMELESS
        and not node.get("name", {}).get("value", "").strip()
    ]


def _properties(node: dict[str, Any]) -> dict[str, Any]:
    return {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
