"""Joins the page's files: a script of many modules is one request, and compresses well.

What `main.js` imports is one script. What it loads later, by `import('./later.js')`, is another, for the part
of the page that nobody needs before they are in the room.

The sources keep to a few rules, so that joining them is simple and readable where a browser shows the result:

- An import is `import { a, b } from './file.js';`, without other names for what is imported.
- `export` stands in front of a declaration, and no name of a module's scope is declared in two modules.
- A comment fills its lines, or follows code on a line after ` // `, which no string has in it; no string goes
  over several lines.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Final

_IMPORT: Final = re.compile(
    r"^import \{(?P<names>\s*\w+(?:\s*,\s*\w+)*)\s*,?\s*\} from '(?P<path>\.{1,2}/[^']+)';\n", re.MULTILINE
)
_LATER: Final = re.compile(r"\bimport\('(?P<path>\.{1,2}/[^']+)'\)")
_EXPORT: Final = re.compile(r"^export (?=(async |function|class|const|let)\b)", re.MULTILINE)
_EXPORTED: Final = re.compile(r"^export (?:async )?(?:function\*?|class|const|let) (\w+)", re.MULTILINE)
_COMMENT: Final = re.compile(r"^[ \t]*(//.*|/\*[^*]*(\*(?!/)[^*]*)*\*/[ \t]*)\n", re.MULTILINE)
#: Behind code on its line.
_REMARK: Final = re.compile(r"[ \t]+// .*$", re.MULTILINE)
_INDENTATION: Final = re.compile(r"^[ \t]+|^\n", re.MULTILINE)
_SPACE_IN_STYLES: Final = re.compile(r"(?<=[:,]) | (?=\{)")
_DECLARATION: Final = re.compile(
    r"^(?:async )?(?:function\*?|class|const|let) (?P<names>\w+|\{[^}]*\}|\[[^\]]*\])", re.MULTILINE
)
_NAME: Final = re.compile(r"\w+")

#: What is left of a module that does not keep to the rules.
_LEFT_OVER: Final = re.compile(r"^(import|export)\b.*", re.MULTILINE)


class BundleError(ValueError):
    """The page's sources do not keep to the rules; the text names the file."""


def join_scripts(sources: Mapping[str, str], entry: str, name: str) -> dict[str, str]:
    """Return the scripts by their names: `name` is the one of `entry`, a later one has its own module's.

    `sources` has the text of each file by its path with slashes. Raises `BundleError`.
    """
    sources = {
        path: _REMARK.sub("", _COMMENT.sub("", text.rstrip() + "\n")) for path, text in sources.items()
    }
    _check_names({path: _code(path, sources[path]) for path in sources if path.endswith(".js")})
    first = _in_order(sources, entry)
    later = {
        posixpath.basename(path): _later_modules(sources, path, first) for path in _later(sources, first)
    }
    exported = {script: _imported_names(sources, paths, first) for script, paths in later.items()}
    scripts = {name: _joined(sources, first) + _exports(set[str]().union(*exported.values()))}
    for script, paths in later.items():
        imports = f"import {{ {', '.join(sorted(exported[script]))} }} from './{name}';\n"
        # Only its entry is asked for anything.
        own = _EXPORTED.findall(sources[paths[-1]])
        scripts[script] = imports + _joined(sources, paths) + _exports(own)
    return scripts


def join_styles(sources: Iterable[str]) -> str:
    """Return the style sheets as one, in this order."""
    texts = (_INDENTATION.sub("", _COMMENT.sub("", source.rstrip() + "\n")) for source in sources)
    return "".join(_SPACE_IN_STYLES.sub("", text) for text in texts)


def _joined(sources: Mapping[str, str], paths: Iterable[str]) -> str:
    return "".join(_INDENTATION.sub("", _code(path, sources[path])) for path in paths)


def _code(path: str, source: str) -> str:
    """Return a module without imports and exports."""
    code = _EXPORT.sub("", _IMPORT.sub("", source))
    if left_over := _LEFT_OVER.search(code):
        raise BundleError(f"{path}: {left_over[0]}")
    return _LATER.sub(lambda found: f"import('./{posixpath.basename(found['path'])}')", code)


def _check_names(codes: Mapping[str, str]) -> None:
    owners: dict[str, str] = {}
    for path, code in codes.items():
        for name in _declared(code):
            if owners.setdefault(name, path) != path:
                raise BundleError(f"{path} declares {name}, and {owners[name]} does too")


def _resolved(path: str, found: re.Match[str]) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), found["path"]))


def _later(sources: Mapping[str, str], first: Iterable[str]) -> list[str]:
    """Return the paths of the modules that these load when they are needed."""
    return sorted({_resolved(path, found) for path in first for found in _LATER.finditer(sources[path])})


def _later_modules(sources: Mapping[str, str], entry: str, first: Iterable[str]) -> list[str]:
    if entry in first:
        raise BundleError(f"{entry} is loaded at once, so it can't be loaded later")
    return [path for path in _in_order(sources, entry) if path not in first]


def _exports(names: Iterable[str]) -> str:
    listed = ", ".join(sorted(names))
    return f"export {{ {listed} }};\n" if listed else ""


def _imported_names(sources: Mapping[str, str], paths: Iterable[str], first: Iterable[str]) -> set[str]:
    """Return the names that these modules import from those of the first script."""
    return {
        name
        for path in paths
        for found in _IMPORT.finditer(sources[path])
        if _resolved(path, found) in first
        for name in _NAME.findall(found["names"])
    }


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
        for found in _IMPORT.finditer(sources[path]):
            visit(_resolved(path, found))
        order[path] = None

    visit(entry)
    return [*order]


def _declared(code: str) -> set[str]:
    """Return the names that a module declares in its own scope."""
    return {name for found in _DECLARATION.finditer(code) for name in _NAME.findall(found["names"])}
