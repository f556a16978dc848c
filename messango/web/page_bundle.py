"""Joins the page's files: one script and one style sheet are one request each, and compress well.

The sources keep to a few rules, so that joining them is simple and readable where a browser shows the result:

- An import is `import { a, b } from './file.js';`, without other names for what is imported.
- `export` stands in front of a declaration, and no name of a module's scope is declared in two modules.
- A comment fills its lines, or follows code on a line and stays; no string goes over several lines.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Final

_IMPORT: Final = re.compile(
    r"^import \{\s*\w+(?:\s*,\s*\w+)*\s*,?\s*\} from '(?P<path>\.{1,2}/[^']+)';\n", re.MULTILINE
)
_EXPORT: Final = re.compile(r"^export (?=(async |function|class|const|let)\b)", re.MULTILINE)
_COMMENT: Final = re.compile(r"^[ \t]*(//.*|/\*[^*]*(\*(?!/)[^*]*)*\*/[ \t]*)\n", re.MULTILINE)
_INDENTATION: Final = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
_DECLARATION: Final = re.compile(
    r"^(?:async )?(?:function\*?|class|const|let) (?P<names>\w+|\{[^}]*\}|\[[^\]]*\])", re.MULTILINE
)
_NAME: Final = re.compile(r"\w+")

#: What is left of a module that does not keep to the rules.
_LEFT_OVER: Final = re.compile(r"^(import|export)\b.*", re.MULTILINE)


class BundleError(ValueError):
    """The page's sources do not keep to the rules; the text names the file."""


def join_scripts(sources: Mapping[str, str], entry: str) -> str:
    """Return the module `entry` with all that it imports, each before those that import it.

    `sources` has the text of each file by its path with slashes. Raises `BundleError`.
    """
    owners: dict[str, str] = {}
    parts = []
    for path in _in_order(sources, entry):
        code = _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", sources[path].rstrip() + "\n")))
        if left_over := _LEFT_OVER.search(code):
            raise BundleError(f"{path}: {left_over[0]}")
        for name in _declared(code):
            if owners.setdefault(name, path) != path:
                raise BundleError(f"{path} declares {name}, and {owners[name]} does too")
        parts.append(_INDENTATION.sub("", code))
    return "".join(parts)


def join_styles(sources: Iterable[str]) -> str:
    """Return the style sheets as one, in this order."""
    return "".join(_INDENTATION.sub("", _COMMENT.sub("", source.rstrip() + "\n")) for source in sources)


def _in_order(sources: Mapping[str, str], entry: str) -> list[str]:
    """Return the paths of all modules that the entry needs, those that are imported first."""
    order: dict[str, None] = {}
    begun: set[str] = set()

    def visit(path: str) -> None:
        if path in begun:
            return
        begun.add(path)
        if path not in sources:
            raise BundleError(f"{path} is imported and does not exist")
        for imported in _IMPORT.finditer(sources[path]):
            visit(posixpath.normpath(posixpath.join(posixpath.dirname(path), imported["path"])))
        order[path] = None

    visit(entry)
    return [*order]


def _declared(code: str) -> set[str]:
    """Return the names that a module declares in its own scope."""
    return {name for found in _DECLARATION.finditer(code) for name in _NAME.findall(found["names"])}
