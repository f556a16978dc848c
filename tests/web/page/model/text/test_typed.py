"""What is sent of a typed text: the page and the other front ends agree, though the page has no commands."""

from __future__ import annotations

import pytest

from messango.client.typed.commands import parse_input
from messango.client.typed.requests import SendText
from messango.gui.model.composer.composer import editable_text
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

TEXTS = (
    "Hello",
    "a /who b",
    "/usr/bin is a folder",
    "/",
    "/ no",
    "//who",
    "/／who",
    "///",
    "/who",
    "/msg Ben secret",
    "/MSG Ben secret",
    "/msg/ben secret",
    "／msg Ben secret",
    "／usr",
    "\u200b/msg Ben secret",
    " \u2060 /msg Ben secret",
    "/me waves",
    "/ME waves",
    "/me",
    "／me waves",
    "/nothing of this name",
    "/reply\nBen yes",
    "1/2",
)


def sent_by_others(text: str) -> str:
    command = parse_input(text)
    return command.text if isinstance(command, SendText) else ""


@pytest.mark.parametrize("text", TEXTS)
def test_the_page_sends_what_the_window_sends(modules: Modules, text: str) -> None:
    """A command is never said to everybody; the sentence says how to send it all the same."""
    message = modules.call("model/text/typed.js", "messageOf", text)
    assert message["text"] == sent_by_others(text)
    assert bool(message["refusal"]) == (not message["text"])


def test_the_refusal_names_the_command(modules: Modules) -> None:
    """A person who meant a message reads how to send it."""
    refusal = "There is no command /who in the browser. To send it as a message, type //who."
    assert modules.call("model/text/typed.js", "messageOf", "/who") == {"text": "", "refusal": refusal}


@pytest.mark.parametrize("text", TEXTS)
def test_an_edit_begins_with_what_sends_the_same(modules: Modules, text: str) -> None:
    """Also of a text that begins as a command does."""
    assert modules.call("model/text/typed.js", "editableText", text) == editable_text(text)
