"""Where entries stand on the page, and the changes that its views are told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules
from tests.web.page.model.frames import ANN, ME, earlier, edited, message, own, reacted, welcome

pytestmark = pytest.mark.browser

RUN = """
const { Transcript } = await load('model/transcript/transcript.js');
const transcript = new Transcript();
const keys = (entries) => entries.map((entry) => entry.key);
const brief = (change) => change
  && { ...change, added: keys(change.added), changed: keys(change.changed), removed: keys(change.removed) };
const changes = steps.map(([method, ...args]) => brief(transcript[method](...args)));
const { entries, oldest, hasEarlier, last } = transcript;
return { changes, entries, oldest, hasEarlier, last: last?.key, keys: keys(entries) };
"""
SENDER = {"name": "Me", "time": 5}


class Outcome:
    """What a transcript is after some calls, and what each call returned."""

    def __init__(self, result: dict[str, Any]) -> None:
        self.changes: list[Any] = result["changes"]
        self.entries: list[dict[str, Any]] = result["entries"]
        self.keys: list[str] = result["keys"]
        self.oldest: int = result["oldest"]
        self.has_earlier: bool = result["hasEarlier"]
        self.last: str | None = result.get("last")

    def texts(self) -> list[str]:
        """Return what is said, or noticed, from top to bottom."""
        return [entry.get("notice") or entry["text"] for entry in self.entries]


def run(modules: Modules, *steps: tuple[Any, ...]) -> Outcome:
    """Call methods of a transcript, each step one with its arguments."""
    return Outcome(modules.run(RUN, steps=[list(step) for step in steps]))


def change(
    *, added: tuple[str, ...] = (), changed: tuple[str, ...] = (), removed: tuple[str, ...] = (), at: int = 0
) -> dict[str, Any]:
    """Return a change as views are told it, with keys for entries."""
    return {"added": [*added], "changed": [*changed], "removed": [*removed], "at": at}


def say(request: str, text: str = "hello") -> dict[str, Any]:
    """Return a request to say something."""
    return {"type": "say", "id": request, "text": text}


def test_an_entry_has_what_views_show(modules: Modules) -> None:
    """Also of a private message, with its file, its reactions and what it answers."""
    file = {"id": "f1", "name": "x.png", "size": 5}
    reactions = [{"emoji": "🎉", "count": 2, "mine": True, "names": ["Me", "Ann"]}]
    told = message(3, "psst", type="told", to=ME, to_name="Me", file=file, reactions=reactions, edited=True)
    done = run(
        modules,
        ("begin", welcome(3), None),
        ("add", {**told, "reply": {"seq": 1, "name": "Me", "text": "a\nb"}}),
    )
    [entry] = done.entries
    assert entry["reply"] == {"seq": 1, "name": "Me", "text": "a b"}
    assert (entry["private"], entry["to"], entry["toName"], entry["own"]) == (True, ME, "Me", False)
    assert (entry["file"], entry["reactions"], entry["edited"]) == (file, reactions, True)
    assert (entry["member"], entry["name"], entry["time"], entry["state"]) == (ANN, "Ann", 1003.0, "")


def test_a_receipt_keeps_the_place(modules: Modules) -> None:
    """An own message that nothing has overtaken becomes a sent one where it is."""
    done = run(
        modules,
        ("begin", welcome(1), None),
        ("add", message(1)),
        ("addPending", say("r1"), SENDER),
        ("add", own(2, "r1", text="hello")),
    )
    assert done.changes[2:] == [change(added=("own-r1",), at=1), change(changed=("own-r1",), at=1)]
    assert [(entry["state"], entry["seq"], entry["time"]) for entry in done.entries[1:]] == [
        ("sent", 2, 1002.0)
    ]


def test_a_receipt_moves_a_message_up(modules: Modules) -> None:
    """Own messages without a receipt are below all others, whichever was first."""
    done = run(
        modules,
        ("begin", welcome(0), None),
        ("addPending", say("r1", "first"), SENDER),
        ("addPending", say("r2", "second"), SENDER),
        ("add", message(1)),
        ("add", own(2, "r2", text="second")),
        ("add", message(3)),
    )
    assert done.texts() == ["text 1", "second", "text 3", "first"]
    assert done.changes[3] == change(added=("0-1",), at=0)
    assert done.changes[4] == change(added=("own-r2",), removed=("own-r2",), at=1)
    assert done.changes[5] == change(added=("0-3",), at=2)


def test_a_file_takes_the_text_of_its_receipt(modules: Modules) -> None:
    """With what the room says of it."""
    share = {"type": "share", "id": "r1", "file": "f1", "text": "look"}
    file = {"id": "f1", "name": "x.png", "size": 5}
    done = run(
        modules,
        ("begin", welcome(0), None),
        ("addPending", share, {**SENDER, "file": {"name": "x.png"}}),
        ("add", own(1, "r1", text="look [x.png]", file=file)),
    )
    assert [(entry["text"], entry["file"]) for entry in done.entries] == [("look [x.png]", file)]


def test_edits_reach_answers_too(modules: Modules) -> None:
    """The message and what quotes it change; their number is not theirs to take."""
    quote = {"seq": 1, "name": "Ann", "text": "text 1"}
    done = run(
        modules,
        ("begin", welcome(0), None),
        ("add", message(1)),
        ("add", message(2, reply=quote)),
        ("apply", edited(3, 1, "new\ntext")),
        ("apply", edited(3, 1, "other")),
        ("apply", edited(4, 9, "nobody's")),
    )
    assert done.changes[3:] == [change(changed=("0-1", "0-2")), None, None]
    assert (done.entries[0]["text"], done.entries[0]["edited"]) == ("new\ntext", True)
    assert (done.entries[1]["text"], done.entries[1]["reply"]["text"]) == ("text 2", "new text")


def test_older_messages_are_added_above(modules: Modules) -> None:
    """Where the page asked for them, and as long as the room has more."""
    begun = [("begin", welcome(9), None), ("add", message(8)), ("add", message(9))]
    assert run(modules, *begun).has_earlier
    done = run(modules, *begun, ("addEarlier", earlier(9, message(4), message(6), more=True), 8))
    assert done.changes[3] == change(added=("0-4", "0-6"), at=0)
    assert (done.texts()[0], done.oldest, done.has_earlier) == ("text 4", 4, True)
    done = run(modules, *begun, ("addEarlier", earlier(9, message(4)), 8))
    assert not done.has_earlier
    done = run(modules, *begun, ("addEarlier", earlier(9, more=True), 8))
    assert not done.has_earlier, "a room that promises more and sends nothing is not asked for ever"


def test_a_page_with_the_first_message_has_no_older_ones(modules: Modules) -> None:
    """Nor one of a room without messages."""
    assert not run(modules, ("begin", welcome(2), None), ("add", message(1)), ("add", message(2))).has_earlier
    assert not run(modules, ("begin", welcome(0), None), ("add", message(1))).has_earlier


def test_a_notice_stands_above_what_is_waiting(modules: Modules) -> None:
    """It has no number, and messages go on below it."""
    done = run(
        modules,
        ("begin", welcome(1), None),
        ("add", message(1)),
        ("addPending", say("r1"), SENDER),
        ("notice", "Ben joined", {"time": 7}),
        ("add", message(2)),
        ("add", own(3, "r1", text="hello")),
    )
    assert done.texts() == ["text 1", "Ben joined", "text 2", "hello"]
    assert done.changes[3:] == [
        change(added=("notice-1",), at=1),
        change(added=("0-2",), at=2),
        change(changed=("own-r1",), at=3),
    ]
    assert done.last == "own-r1"


def test_a_late_message_takes_its_place_among_the_numbers(modules: Modules) -> None:
    """Above the notices that came after its neighbor."""
    done = run(
        modules,
        ("begin", welcome(3), None),
        ("add", message(1)),
        ("notice", "first", {"time": 7}),
        ("add", message(3)),
        ("notice", "second", {"time": 7}),
        ("add", message(2)),
        ("add", message(4)),
    )
    assert done.texts() == ["text 1", "first", "text 2", "text 3", "second", "text 4"]


def test_the_oldest_are_dropped_and_can_be_loaded_again(modules: Modules) -> None:
    """But never what waits for its receipt."""
    begun = [("begin", welcome(0), None), *(("add", message(seq)) for seq in range(1, 6))]
    done = run(
        modules, *begun, ("trim", 3), ("trim", 3), ("addEarlier", earlier(5, message(1), message(2)), 3)
    )
    assert done.changes[6:8] == [change(removed=("0-1", "0-2")), None]
    assert done.texts() == [f"text {seq}" for seq in range(1, 6)]
    done = run(modules, *begun, ("trim", 3))
    assert (done.oldest, done.has_earlier) == (3, True)
    done = run(modules, ("addPending", say("r1"), SENDER), ("addPending", say("r2"), SENDER), ("trim", 1))
    assert done.keys == ["own-r1", "own-r2"]


def test_a_hostile_frame_is_bounded(modules: Modules) -> None:
    """Reactions of no one, twice the same emoji, and more kinds than are shown."""
    many = [{"emoji": f"e{n}", "count": 1, "mine": False} for n in range(100)]
    odd = [{"emoji": "a", "count": 0, "mine": False}, {"emoji": "b", "count": 1, "mine": False}] * 2
    done = run(
        modules,
        ("begin", welcome(0), None),
        ("add", message(1, reactions=many)),
        ("add", message(2, reactions=odd)),
        ("apply", reacted(3, 1, "new")),
    )
    assert len(done.entries[0]["reactions"]) == 20
    assert [each["emoji"] for each in done.entries[1]["reactions"]] == ["b"]
    assert done.changes[3] is None
