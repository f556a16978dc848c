"""What two members say in private is read by nobody else: not in the room, its programs and files."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from messango.app.export import save_conversation, to_messages
from messango.client.events import MessageReceived
from messango.protocol import error_codes
from messango.protocol.frames import (
    Delete,
    Earlier,
    EarlierMessages,
    Edit,
    Edited,
    Found,
    Joined,
    Message,
    Problem,
    React,
    Reacted,
    Say,
    Search,
    ServerFrame,
    Tell,
    Told,
    Typing,
    TypingNotice,
)
from tests.support.original_client import OriginalClient
from tests.support.program import Program, open_room, run, run_here
from tests.support.raw_client import RawClient
from tests.support.sessions import ClientSession

pytestmark = pytest.mark.program

#: In every private text, and in nothing else.
MARK = "sesame"

F = TypeVar("F", bound=ServerFrame)

#: More than one answer holds.
MANY = 230


class Member:
    """A member who keeps every frame. A context manager."""

    def __init__(self, port: int, name: str) -> None:
        self.client = RawClient(port)
        self.welcome = self.client.join(name)
        self.id = self.welcome.member
        self.frames: list[ServerFrame | Problem] = [self.welcome]

    def read_until(self, kind: type[F], request_id: str) -> F:
        """Return the frame of this kind with this id, and keep it and all before it."""
        while True:
            frame = self.client.await_frame(kind)
            self.frames += [*self.client.skipped, frame]
            self.client.skipped.clear()
            if getattr(frame, "id", None) == request_id:
                return frame

    def say(self, request_id: str, text: str = "public") -> Message:
        self.client.send(Say(request_id, text))
        return self.read_until(Message, request_id)

    def fails(self, *requests: Say | Tell | React | Edit | Delete) -> list[tuple[str, str, str]]:
        """Return the problems that answer these requests."""
        self.client.send(*requests)
        problems = [self.read_until(Problem, request.id) for request in requests]
        return [(each.code, each.reason, each.hint) for each in problems]

    def earlier(self, before: int = 2**40, count: int = 200) -> EarlierMessages:
        self.client.send(Earlier(f"earlier {before}", before, count))
        return self.read_until(EarlierMessages, f"earlier {before}")

    def search(self, words: str) -> Found:
        self.client.send(Search("search", words))
        return self.read_until(Found, "search")

    def seen(self) -> str:
        """Return all that came, as text."""
        return msgspec.json.encode(self.frames).decode()


class PrivateTalk:
    """A room in its own process: Ann and Ben have said much in private, and Cleo little to all."""

    def __init__(self, server: Program, port: int, stack: contextlib.ExitStack) -> None:
        self.server, self.port, self._stack = server, port, stack
        self.ann, self.ben, self.cleo = (self.join(name) for name in ("Ann", "Ben", "Cleo"))
        self.public = self.ann.say("first", "lunch at one?")
        self.ann.client.send(*(Tell(f"t{number}", self.ben.id, f"{MARK} {number}") for number in range(MANY)))
        self.last = self.ann.read_until(Told, f"t{MANY - 1}")
        first = self.last.seq - MANY + 1
        self.ben.client.send(
            React("r", first, "👍", on=True),
            Say("answer", f"{MARK} yes", reply_to=first),
            Typing(self.ann.id),
        )
        self.ann.client.send(Edit("e", first + 1, f"{MARK} edited"), Delete("d", first + 2))
        self.ann.read_until(Told, "answer")
        self.ben.read_until(Edited, "e")
        self.cleo.say("second", "I am late")

    def join(self, name: str) -> Member:
        member = Member(self.port, name)
        self._stack.callback(member.client.close)
        return member


@pytest.fixture
def talk() -> Iterator[PrivateTalk]:
    options = ("--max-clients", "9", "--rate-limit", "0", "--allow-plaintext")
    with open_room("Tea", *options) as (server, port), contextlib.ExitStack() as stack:
        yield PrivateTalk(server, port, stack)


def test_other_members(talk: PrivateTalk) -> None:
    """Who was there, who joins later, and who has a name or a seat of one of the two: nothing, no counts."""
    second_ann = talk.join("Ann")
    assert second_ann.welcome.you == "Ann 2"
    talk.ben.client.close()
    talk.cleo.say("third", "Ben is away")
    # The command brings the index up to date, which has the private texts too.
    assert "Ben is away" in run_here("history", "Tea", "--search", "away").stdout
    others = [talk.cleo, talk.join("Dan"), second_ann, talk.join("Ben")]
    for other in others:
        answer = other.earlier()
        texts = ["lunch at one?", "I am late", "Ben is away"]
        assert ([each.text for each in answer.messages], answer.more) == (texts, False)
        assert [each.text for each in other.earlier(talk.last.seq).messages] == texts[:1]
        assert (other.search(MARK).messages, other.search(MARK).more) == ([], False)
        assert MARK not in other.seen()
        assert not any(isinstance(frame, TypingNotice | Reacted | Edited | Told) for frame in other.frames)


def test_what_a_third_can_not_see_does_not_exist(talk: PrivateTalk) -> None:
    """Each request about a private message is answered as one about a number that nothing has."""
    seq, nothing = talk.last.seq, 2**40

    def requests(about: int, name: str) -> list[Say | Tell | React | Edit | Delete]:
        return [
            Say(f"{name} say", "hm", reply_to=about),
            Tell(f"{name} tell", talk.ann.id, "hm", reply_to=about),
            React(f"{name} react", about, "👍", on=True),
            React(f"{name} take back", about, "👍", on=False),
            Edit(f"{name} edit", about, "hm"),
            Delete(f"{name} delete", about),
        ]

    private = talk.cleo.fails(*requests(seq, "private"))
    missing = talk.cleo.fails(*requests(nothing, "missing"))
    assert [(code, reason.replace(str(nothing), str(seq)), hint) for code, reason, hint in missing] == private
    assert {code for code, _, _ in private} == {error_codes.UNKNOWN_ENTRY}


def test_a_lost_session(talk: PrivateTalk) -> None:
    """A name alone leads to nothing, with or without encryption; the secret of a session does."""
    session = talk.ben.welcome.session
    with RawClient(talk.port) as thief:
        thief.join("Ben", session=session[::-1], since=0)
        thief.send(Say("now", "I am Ben"))
        thief.await_frame(Message)
        assert MARK not in repr(thief.skipped)
    with OriginalClient(talk.port, "Ben") as original:
        while talk.cleo.client.await_frame(Joined).encrypted:
            pass
        talk.cleo.say("welcome", "hello Ben")
        original.await_text("hello Ben")
        assert MARK not in original.screen
    with RawClient(talk.port) as ben:
        ben.join("Ben", session=session, since=talk.last.seq - 2)
        assert ben.await_frame(Told).seq == talk.last.seq - 1


def test_programs_of_a_third(talk: PrivateTalk, tmp_path: Path) -> None:
    """JSON, plain lines, a saved conversation and a room that is hosted again."""
    for options in (["--json"], ["--plain"], []):
        done = run("chat", f"127.0.0.1:{talk.port}", "--name", "Dan", *options, stdin="")
        assert done.returncode == 0, done.stderr
        assert MARK not in done.stdout + done.stderr
    with ClientSession(talk.port, "Dan") as dan:
        dan.await_event(MessageReceived, lambda event: event.text == "I am late")
        events = [event for event in dan.skipped if isinstance(event, MessageReceived)]
        assert [event.text for event in events] == ["lunch at one?"]
        assert MARK not in repr([*dan.skipped, *to_messages(events)])
        save_conversation(tmp_path / "saved.jsonl", "Tea", events)
    assert MARK not in (tmp_path / "saved.jsonl").read_text()


def test_the_host(talk: PrivateTalk, tmp_path: Path) -> None:
    """Counts, never texts, in the server's lines, `messango host` and `history`, and in all other files."""
    who = json.loads(run_here("host", "--json", "who").stdout)
    assert who["private_messages"] == MANY + 1
    printed = [json.dumps(who), *(run_here("host", command).stdout for command in ("who", "bans", "lock"))]
    assert f"{MANY + 1} private messages since the room opened" in printed[1]
    for options in (
        *(["--format", name] for name in ("text", "markdown", "json")),
        ["--search", MARK],
        ["--search", MARK, "--format", "json"],
        ["--since", "1"],
    ):
        done = run_here("history", "Tea", *options)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout + done.stderr)
    assert "I am late" in printed[-1]
    talk.server.process.terminate()
    assert talk.server.wait_for_exit() == 0
    with contextlib.suppress(AssertionError):
        talk.server.wait_for("there is no such line", timeout_s=0.1)
    assert any("I am late" in text for text in printed)
    assert MARK not in "\n".join([*printed, *talk.server.printed])
    _check_files(tmp_path)


def _check_files(folder: Path) -> None:
    """Only the history and its index have it, and only for the user."""
    with_secret = [
        path for path in folder.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()
    ]
    assert with_secret
    for path in with_secret:
        assert path.parent.name == "rooms"
        assert ".sqlite" in path.name
        assert os.name == "nt" or path.stat().st_mode & 0o077 == 0


def test_who_is_allowed(talk: PrivateTalk) -> None:
    """The two have all of it: in older pages, in searches and when they come back; in its present form."""
    for member in (talk.ann, talk.ben):
        found = member.search(MARK)
        assert (len(found.messages), found.more) == (200, True)
        assert {type(each) for each in found.messages} == {Told}
        first = member.earlier(talk.last.seq - MANY + 4, 3).messages
        assert [(each.text, each.edited, each.deleted) for each in first] == [
            (f"{MARK} 0", False, False),
            (f"{MARK} edited", True, False),
            ("", False, True),
        ]
        assert [reaction.names for reaction in first[0].reactions] == [("Ben",)]
