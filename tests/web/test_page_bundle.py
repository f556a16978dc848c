"""The page's files are joined: the order, what is left out, and the rules that make it simple."""

from __future__ import annotations

import pytest

from messango.web.page_bundle import BundleError, join_scripts, join_styles


def test_a_module_comes_after_those_that_it_imports() -> None:
    sources = {
        "main.js": "import { run } from './model/run.js';\nimport { text } from './text.js';\nrun(text);\n",
        "model/run.js": (
            "import {\n  text,\n} from '../text.js';\n\nexport function run() {\n  return text;\n}\n"
        ),
        "text.js": "export const text = 'hello';\n",
    }
    joined = "const text = 'hello';\nfunction run() {\nreturn text;\n}\nrun(text);\n"
    assert join_scripts(sources, "main.js", "page.js") == {"page.js": joined}


def test_modules_that_import_each_other_come_once() -> None:
    sources = {
        "a.js": "import { b } from './b.js';\nexport function a() { return b; }\n",
        "b.js": "import { a } from './a.js';\nexport function b() { return a; }\n",
    }
    joined = join_scripts(sources, "a.js", "page.js")["page.js"]
    assert joined == "function b() { return a; }\nfunction a() { return b; }\n"


def test_comments_are_left_out() -> None:
    source = (
        "/**\n * Says it.\n * @param {string} text * with stars **\n */\nexport function say(text) {\n"
        "  // Why.\n\n  go('http://example.org/**/'); // goes\n  /* short */\n  go(text * 2);\n}\n"
    )
    joined = "function say(text) {\ngo('http://example.org/**/');\ngo(text * 2);\n}\n"
    assert join_scripts({"a.js": source}, "a.js", "page.js") == {"page.js": joined}


@pytest.mark.parametrize(
    ("sources", "what"),
    [
        ({"a.js": "import { x } from './b.js';\n"}, "b.js is imported"),
        ({"a.js": "import { x as y } from './b.js';\n", "b.js": ""}, "a.js: import"),
        ({"a.js": "export default 3;\n"}, "a.js: export default"),
        ({"a.js": "export { x };\n"}, "a.js: export {"),
        (
            {"a.js": "import { f } from './b.js';\nconst limit = 1;\n", "b.js": "let limit = 2;\n"},
            "b.js declares limit, and a.js",
        ),
        (
            {
                "a.js": "import { f } from './b.js';\nconst { f, limit } = g;\n",
                "b.js": "export class limit {}\n",
            },
            "declares limit",
        ),
    ],
)
def test_what_does_not_keep_to_the_rules_is_refused(sources: dict[str, str], what: str) -> None:
    with pytest.raises(BundleError, match=what):
        join_scripts(sources, "a.js", "page.js")


def test_names_inside_functions_are_free() -> None:
    sources = {
        "a.js": "import { f } from './b.js';\nfunction g() {\n  const at = 1;\n}\n",
        "b.js": "export function f() {\n  const at = 2;\n}\n",
    }
    assert join_scripts(sources, "a.js", "page.js")["page.js"].count("const at") == 2


def test_what_is_loaded_later_is_a_script_of_its_own() -> None:
    sources = {
        "js/main.js": (
            "import { text } from './text.js';\n/** @type {import('./no.js').No} */\n"
            "const later = await import('./view/later.js');\nlater.show(text);\n"
        ),
        "js/text.js": "export const text = 'hello';\nexport const other = 'bye';\n",
        "js/view/later.js": (
            "import { mark } from './mark.js';\nimport { other } from '../text.js';\n"
            "export function show(text) {\n  mark(text, other);\n}\n"
        ),
        "js/view/mark.js": "import { text } from '../text.js';\nexport const mark = () => text;\n",
    }
    assert join_scripts(sources, "js/main.js", "page.js") == {
        "page.js": (
            "const text = 'hello';\nconst other = 'bye';\nconst later = await import('./later.js');\n"
            "later.show(text);\nexport { other, text };\n"
        ),
        "later.js": (
            "import { other, text } from './page.js';\nconst mark = () => text;\n"
            "function show(text) {\nmark(text, other);\n}\nexport { show };\n"
        ),
    }


def test_style_sheets_keep_their_order() -> None:
    assert join_styles(["/* first */\na {\n  b: c;\n}\n", "d { e: f; }"]) == "a{\nb:c;\n}\nd{ e:f; }\n"
