"""The files that a person is about to send, in the words of the window."""

from __future__ import annotations

from typing import Any

import pytest

from messango.gui.model.sending.sending_list import too_many_text
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

SETUP = """
const {ChosenFiles, tooManyText} = await load('model/files/chosen_files.js');
const c = new ChosenFiles();
const blob = (size) => ({size});
const add = (...names) => c.add(names.map((name) => ({name, size: 1000})));
const plain = {blob: blob(1000), name: 'x', isPicture: false, hasMetadata: false};
const learn = (key, over = {}) => c.learned(key, {...plain, ...over});
const picture = {isPicture: true, original: blob(1100), name: 'p.jpg', width: 4, height: 3};
"""


def run(modules: Modules, script: str) -> Any:
    return modules.run(SETUP + script)


def test_titles_and_buttons(modules: Modules) -> None:
    script = """
      const shown = [];
      const note = () => shown.push([c.title, c.button, c.placeholder, c.refusal]);
      add('a'); note(); learn(1); note(); add('b'); learn(2, picture); note(); c.failed(2, 'no'); note();
      c.remove(1); note();
      return shown;
    """
    one, two = "Add a line about it", "Add a line about them"
    reading = "One moment: the files are still being read."
    nothing = "None of these files can be sent. Remove them to go on."
    assert run(modules, script) == [
        ["Send this file to everybody", "Send file", one, reading],
        ["Send this file to everybody · 1.0 kB", "Send file", one, ""],
        ["Send 2 files to everybody · 2.0 kB", "Send 2 files", two, ""],
        ["Send 1 of 2 files to everybody · 1.0 kB", "Send file", two, ""],
        ["This can't be sent", "Send file", one, nothing],
    ]


def test_the_line_and_the_answer_go_with_the_first(modules: Modules) -> None:
    script = """
      add('a', 'b'); learn(1); learn(2);
      return c.outgoing('Look', 7).map((file) => [file.caption ?? '', file.replyTo ?? 0]);
    """
    assert run(modules, script) == [["Look", 7], ["", 0]]


def test_metadata_stay_only_if_the_person_wants(modules: Modules) -> None:
    script = """
      add('a'); learn(1, picture);
      const sizes = [c.hasPicture, c.outgoing('')[0].blob.size];
      c.keepMetadata = true; sizes.push(c.outgoing('')[0].blob.size); c.clear();
      return [...sizes, c.keepMetadata, c.isEmpty];
    """
    assert run(modules, script) == [True, 1000, 1100, False, True]


def test_large_files_are_refused_before_anything_goes(modules: Modules) -> None:
    script = (
        "c.limit = 999; const [file] = add('a'); return [file.problem, c.refusal, c.outgoing('').length];"
    )
    problem, refusal, count = run(modules, script)
    assert problem == "This file is too large: the room takes files of up to 999 bytes."
    assert (bool(refusal), count) == (True, 0)


def test_not_too_many_at_once(modules: Modules) -> None:
    script = "return [add(...Array(32).fill('a')).length, c.files.length, tooManyText(1), tooManyText(2)];"
    assert run(modules, script) == [30, 30, too_many_text(1), too_many_text(2)]
