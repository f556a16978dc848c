"""A room that says what no room should say: the page never runs it, never hangs, and puts it into words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from tests.support.browser.chromium import Chromium, ChromiumPage
from tests.support.browser.module_page import Modules
from tests.support.browser.scripted_room import ROOM, WELCOME, Script, ScriptedRoom, message

pytestmark = pytest.mark.browser

OpenRoom = Callable[[Script], ScriptedRoom]

#: Each is no frame of a room: fields of other kinds, numbers that are not exact, texts without end.
WRONG: Final[dict[str, object]] = {
    "null": b"null",
    "a number": b"7",
    "a list": b"[]",
    "a name that is a number": message(1, name=7),
    "no text": message(1, None),
    "a number that is a text": message("1"),
    "a number above 2^53": message(2**63 - 1),
    "a negative number": message(-1),
    "a fraction": message(1.5),
    "not finite": b'{"type":"message","seq":1e999,"id":"a","member":"m","name":"n","time":1,"text":"t"}',
    "a text without end": message(1, "x" * 20_000),
    "a name without end": message(1, name="x" * 300),
    "reactions that are no list": message(1, reactions={"a": 1}),
    "too many reactions": message(1, reactions=[{"emoji": "x", "count": 1, "mine": False}] * 30),
    "a file that is a text": message(1, file="f"),
    "a file without a name": message(1, file={"id": "7", "size": 1}),
    "a size that is no number": message(1, file={"id": "7", "name": "a", "size": "1"}),
    "an answer to a number": message(1, reply=7),
    "a goodbye without a reason": {"type": "left", "member": "m2", "name": "Mallory"},
    "a problem without words": {"type": "problem", "code": "x"},
    "an end without words": {"type": "closed"},
    "a welcome without a room": {"type": "welcome"},
    "a room that is a text": {**WELCOME, "room": "x"},
    "a room with a name of parts": {**WELCOME, "room": {**ROOM, "name": {}}},
    "people that are a text": {**WELCOME, "people": "Mallory"},
    "people without names": {**WELCOME, "people": [{"id": "m2"}]},
}

#: Would show in `document.title` or `pwned` if any of it ran.
_RUN: Final = "globalThis.pwned=1;document.title='pwned'"
TEXTS: Final = [
    f"<script>{_RUN}</script>",
    f"<img src=x onerror={_RUN}>",
    f"<svg onload={_RUN}><iframe srcdoc='<script>parent.pwned=1</script>'>",
    f"javascript:{_RUN} [x](javascript:{_RUN}) <javascript:{_RUN}>",
    f"data:text/html,<script>{_RUN}</script>",
    f"https://x.example/\"onmouseover=\"{_RUN} 'https://y.example/'",
    "https://a@b.example vbscript:x file:///etc/passwd blob:https://x",
    "\u202eevil\u2066\u2067 \u200b\u200d\ufeff\u0000\u0007\u2028\u2029",
    "a" + "\u0301" * 7_000,
    "`a" * 3_999,
    "W" * 8_000,
    "__proto__ constructor prototype toString",
    "${pwned=1} {{pwned=1}} %3Cscript%3E &lt;script&gt; ]]><!--",
]


def answers(*said: object, welcome: object = WELCOME) -> Script:
    """Return a script that lets the page in and says this."""

    def script(frame: dict[str, Any]) -> Iterator[object]:
        if frame["type"] == "join":
            yield welcome
            yield from said
        elif frame["type"] == "look":
            yield {"type": "room", **ROOM}

    return script


@pytest.fixture
def open_scripted() -> Iterator[OpenRoom]:
    """Open rooms, and close them after the browsers."""
    rooms: list[ScriptedRoom] = []

    def open_one(script: Script) -> ScriptedRoom:
        rooms.append(ScriptedRoom(script))
        return rooms[-1].__enter__()

    yield open_one
    for room in rooms:
        room.__exit__(None, None, None)


def join(browser: Chromium, room: ScriptedRoom) -> ChromiumPage:
    """Open the page of a room, and join."""
    page = browser.page
    page.goto(room.url)
    page.wait_for("#join-name").type("Zoë")
    page.find("#join-button").click()
    return page


def test_what_no_room_sends_ends_in_words(open_scripted: OpenRoom, browser: Chromium) -> None:
    """Whatever is wrong; the page can try again, and then works as ever."""
    turns = iter([*WRONG.values(), message(1, "All is well")])

    def script(frame: dict[str, Any]) -> Iterator[object]:
        if frame["type"] == "join":
            yield WELCOME
            yield next(turns)

    page = join(browser, open_scripted(script))
    for _ in WRONG:
        # Another button each time: the page may show the pressed one for a moment longer.
        page.wait_for("#banner:not(:has(.pressed))", "The room sent something that no room should send.")
        page.run(
            "const one = document.querySelector('#banner button'); one.classList.add('pressed'); one.click();"
        )
    page.wait_for(".message .text", "All is well")
    assert page.run("return ({}).polluted === undefined && globalThis.pwned === undefined;")


def test_words_of_strangers_are_only_words(open_scripted: OpenRoom, browser: Chromium) -> None:
    """In texts, names, files, reactions, quotes and reasons; links lead to the web only."""
    evil = "<img src=x onerror=pwned=1>"
    names = ["__proto__", "constructor", evil, "\u202eeciN"]
    people = [{"id": f"p{at}", "name": name} for at, name in enumerate(names)]
    said: list[object] = [message(seq, text) for seq, text in enumerate(TEXTS, 1)]
    numbers = itertools.count(len(said) + 1)
    about = {
        "reply": {"seq": 1, "name": evil, "text": evil},
        "reactions": [{"emoji": evil, "count": 2**53 - 1, "mine": False, "names": [evil, "__proto__"]}],
        "file": {
            "id": "../x",
            "name": f"{evil}\u202egpj.exe",
            "size": 2**53 - 1,
            "width": 2**40,
            "height": 1,
        },
    }
    said += [message(next(numbers), "with all", name=name, **about) for name in names]
    said += [
        {"type": "left", "member": "p0", "name": "__proto__", "reason": "constructor", "note": evil},
        {"type": "left", "member": "p1", "name": "constructor", "reason": "__proto__"},
        b'{"type":"typing","member":"p2","name":"x","__proto__":{"polluted":1}}',
        b'{"type":"__proto__"}\n{"type":"constructor","constructor":{"prototype":{"polluted":1}}}',
        {"type": "problem", "code": "__proto__", "reason": evil, "hint": evil},
        message(next(numbers), "the end"),
    ]
    room = {**ROOM, "name": evil}
    welcome = {**WELCOME, "room": room, "people": [*WELCOME["people"], *people]}
    page = join(browser, open_scripted(answers(*said, welcome=welcome)))
    page.wait_for(".message .text", "the end")
    page.wait_for(".notice", "left (constructor: <img")
    page.wait_for("#notices", "<img")
    texts = page.texts(".message .text")
    # Without what no parser keeps, and with a pile of marks cut.
    assert [texts[at] for at in (0, 1, 2, 4, 10, 11, 12)] == [TEXTS[at] for at in (0, 1, 2, 4, 10, 11, 12)]
    assert len(texts[8]) < 30
    # The direction of nothing else is turned: the ending that is shown is the real one.
    assert "_gpj.exe" in page.find(".file-name").text
    assert page.title == evil
    assert page.run("""
      const all = (css) => [...document.querySelectorAll(css)];
      const found = all('#messages :is(script, iframe, svg, img, object, embed, style, link), #notices *');
      return [found.map((one) => one.tagName).filter((tag) => tag !== 'P'),
        ({}).polluted ?? null, globalThis.pwned ?? null,
        all('#messages a').every((one) => [one.protocol, one.rel].join() === 'https:,noopener noreferrer'),
        all('.message .name').every((one) => getComputedStyle(one).unicodeBidi === 'isolate')];
    """) == [[], None, None, True, True]


def test_a_flood_does_not_hang_the_page(open_scripted: OpenRoom, browser: Chromium) -> None:
    """It shows the newest messages, and can be used; a flood of other frames ends the conversation."""
    flood = [message(seq, f"Message {seq}") for seq in range(1, 3_001)]
    turns = iter([flood, itertools.repeat(b'{"type":"weather"}\n' * 500, 100)])

    def script(frame: dict[str, Any]) -> Iterator[object]:
        if frame["type"] == "join":
            yield WELCOME
            yield from next(turns)

    room = open_scripted(script)
    page = join(browser, room)
    page.wait_for(".message .text", "Message 3000")
    assert page.count("#messages li") < 620
    page.reload()
    page.wait_for("#banner", "The room sends too much at once.")


def test_a_room_that_always_lets_in_and_breaks_off_is_asked_rarely(
    open_scripted: OpenRoom, browser: Chromium
) -> None:
    """With growing pauses, and a word."""
    room = open_scripted(answers(b"no JSON"))
    page = join(browser, room)
    page.wait_for("#banner", "Reconnecting")
    assert sum(frame["type"] == "join" for frame in room.frames) < 6


def test_secrets_are_in_no_address(open_scripted: OpenRoom, browser: Chromium) -> None:
    """Neither key nor session, nor in a referrer, the title or the history; of the page as it is used."""
    room = open_scripted(answers(message(1, file={"id": "f", "name": "a.txt", "size": 1})))
    room.answers["/tickets"] = b'{"ticket":"T1"}'
    room.answers["/files/T1/"] = b"x"
    key, session = room.url.partition("#k=")[2], str(WELCOME["session"])
    page = join(browser, room)
    page.wait_for("#messages .file-card, #messages .file", "a.txt")
    buttons = "[...document.querySelectorAll('#messages button')]"
    page.run(f"{buttons}.find((one) => one.textContent === 'Save').click();")
    page.wait(
        "return performance.getEntriesByType('resource').some(({name}) => name.includes('/files/T1/'));"
    )
    page.reload()
    page.wait_for("#messages", "a.txt")
    said = [*room.requests, page.url, page.title, str(page.run("return [history.state, document.referrer];"))]
    assert not [one for one in said if key in one or session in one or "Referer" in one]
    stored = page.run("return JSON.stringify(localStorage);")
    assert key in stored
    assert session in stored
    assert page.run("return JSON.stringify(sessionStorage) + document.cookie;") == "{}"


def test_a_file_without_end_is_given_up(modules: Modules) -> None:
    """As soon as it has more bytes than the room has said."""
    script = """
    let pulled = 0;
    let isCanceled = false;
    const endless = () => new ReadableStream({
      pull(stream) { pulled += 1; stream.enqueue(new Uint8Array(10_000)); },
      cancel() { isCanceled = true; },
    });
    globalThis.fetch = async (path, {signal}) => {
      const body = endless();
      signal.addEventListener('abort', () => body.locked || body.cancel());
      return new Response(body);
    };
    const {getBlob, postJson} = await load('connection/files/file_requests.js');
    const reasons = [];
    for (const ask of [() => getBlob('/files/x/y', 50_000), () => postJson('/tickets', {})]) {
      await ask().catch((error) => reasons.push([error.code, error.reason]));
    }
    return [reasons, pulled < 20];
    """
    reason = ["fault", "The room sent more bytes than the file has."]
    assert modules.run(script) == [[reason, reason], True]


def test_half_a_character_is_not_sent(modules: Modules) -> None:
    """A field that cuts an emoji leaves one; no room takes it, so it would come back again and again."""
    script = """
    const {lineOf} = await load('connection/room_link.js');
    const whole = {text: '😀', name: '\\\\ud83d', parts: ['\\udc00']};
    return [lineOf({text: 'a\\ud83d b \\ude00'}), lineOf(whole)];
    """
    halves, whole = modules.run(script)
    assert halves == '{"text":"a\ufffd b \ufffd"}'
    assert whole == '{"text":"😀","name":"\\\\ud83d","parts":["\ufffd"]}'
