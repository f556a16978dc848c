"""What the commands do: the client records what is asked for, and the front end what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from messango.client.events import (
    EarlierReceived,
    MemberLeft,
    RequestFailed,
    SearchResult,
)
from messango.client.members.ignored import IgnoredMembers
from messango.client.typed.requests import SendPrivate
from messango.protocol.frames import Delete, Earlier, Edit, React, Say, Search, Tell
from messango.terminal.conversation.questions import EARLIER_COUNT
from tests.terminal.conversation.messages import deleted, joined, reacted, said, told
from tests.terminal.conversation.person import Person


def test_an_answer_quotes_the_last_message_of_the_others() -> None:
    """Or the last one of a member, or the one with the number."""
    ann = Person(said(1, "bob", "lunch?"), said(2, "cy", "hello"), said(3, "ann", "hi"))
    assert ann.types("/reply yes")
    assert ann.types("/reply Bob at noon")
    assert ann.types("/reply #1 or later")
    assert ann.client.requests == [
        Say("s1", "yes", 2),
        Say("s2", "at noon", 1),
        Say("s3", "or later", 1),
    ]


def test_a_private_message_is_never_answered_by_accident() -> None:
    """Neither to all nor privately: first one sees whom one answers."""
    ann = Person(said(1, "bob", "lunch?"), told(2, "cy", "ann", "a secret"))
    assert not ann.types("/reply I know")
    assert ann.client.requests == []
    assert ann.client.sent == []
    assert "is private, so nothing was sent" in ann.shown[-1]
    assert ann.drafting.expand("/reply I know") == "/msg cy I know"
    assert ann.types("/msg cy I know")
    assert ann.client.requests == [Tell("r1", "m3", "I know", 2)]


def test_an_answer_without_a_text_shows_whom_it_is_for() -> None:
    """It stays in the field."""
    ann = Person(said(1, "bob", "lunch?"))
    assert not ann.types("/reply")
    assert ann.field == "/reply bob "
    ann.happens(told(2, "cy", "ann", "psst"))
    assert not ann.types("/reply")
    assert ann.field == "/msg cy "


def test_the_quote_belongs_to_the_answer_that_was_begun() -> None:
    """Not to the next private message, nor to one for somebody else."""
    ann = Person(told(2, "cy", "ann", "psst"))
    assert ann.drafting.expand("/reply") == "/msg cy "
    ann.drafting.changed("/msg bob hi")
    assert ann.types("/msg bob hi")
    assert ann.types("/msg cy hi")
    assert [request.reply_to for request in ann.client.requests if isinstance(request, Tell)] == [None, None]


def test_a_private_message_needs_a_member_and_a_text() -> None:
    """Somebody who is not known gets nothing, and nobody else either."""
    ann = Person()
    assert not ann.types("/msg dan hi")
    assert not ann.types("/msg bob")
    assert ann.client.requests == []
    assert ann.client.sent == []


def test_nothing_is_told_to_somebody_who_has_left() -> None:
    """They would never read it; somebody whose connection broke will."""
    ann = Person(MemberLeft("bob", "left", "m2"), MemberLeft("cy", "connection-broke", "m3"))
    assert not ann.types("/msg bob hi")
    assert "bob has left" in ann.shown[-1]
    assert "cy is away" in ann.drafting.describe("/msg cy hi")
    assert ann.types("/msg cy hi")
    assert ann.client.requests == [Tell("r1", "m3", "hi")]


def test_the_same_reaction_again_takes_it_back() -> None:
    """As in other chat programs."""
    ann = Person(said(1, "bob", "lunch?"))
    assert ann.types("/react 👍")
    ann.happens(reacted(2, 1, "ann"))
    assert ann.drafting.describe("/react 👍").startswith("Takes back 👍")
    assert ann.types("/react 👍 bob")
    assert ann.client.requests == [React("r1", 1, "👍", on=True), React("r2", 1, "👍", on=False)]


def test_an_own_message_is_edited_and_deleted() -> None:
    """The last one; an edit without a text fetches the old one, and the same text changes nothing."""
    ann = Person(said(1, "ann", "heer"), said(2, "bob", "what?"))
    assert not ann.types("/edit")
    assert ann.field == "/edit heer"
    assert ann.types("/edit heer")
    assert ann.types("/edit here")
    assert ann.types("/delete")
    assert ann.client.requests == [Edit("r1", 1, "here"), Delete("r2", 1)]
    assert not ann.types("/edit #2 mine")
    assert "is not yours" in ann.shown[-1]


def test_a_deleted_message_is_not_meant() -> None:
    """There may be none left."""
    ann = Person(said(1, "ann", "one"), deleted(2, 1, "ann"))
    assert not ann.types("/delete")
    assert not ann.types("/edit #1 two")
    assert ann.client.requests == []


def test_a_failed_request_is_named() -> None:
    """Several may be under way."""
    ann = Person(said(1, "ann", "one"))
    ann.types("/delete")
    failed = RequestFailed("This message was deleted.", "", "unknown-entry", "r1")
    assert ann.runner.failed(failed) == "The deletion was not accepted. This message was deleted."


def test_an_ignored_member_is_hidden_and_not_answered() -> None:
    """What they write later too, until `/unignore`; it is kept for the room."""
    ann = Person(said(1, "bob", "hello"), said(2, "cy", "ann: spam"))
    assert ann.types("/ignore cy")
    assert ann.saved == [["cy"]]
    assert ann.conversation.handle(said(3, "cy", "ann: more")).hidden
    assert ann.conversation.handle(told(4, "cy", "ann", "psst")).hidden
    assert ann.conversation.handle(reacted(5, 1, "cy")).hidden
    assert ann.types("/mentions")
    assert ann.shown[-1] == "Nobody has mentioned you here."
    assert ann.types("/reply hi")
    assert ann.client.requests == [Say("s1", "hi", 1)]
    assert ann.types("/ignore")
    assert ann.shown[-1] == "You ignore cy."
    assert ann.types("/unignore CY")
    assert ann.saved[-1] == []
    assert not ann.conversation.handle(said(6, "cy", "sorry")).hidden
    assert not ann.types("/unignore cy")


def test_tab_knows_whom_one_ignores_after_they_have_left() -> None:
    """Also those of an earlier visit; nobody else is offered."""
    ann = Person()
    ann.conversation.ignored.add("", "dan")
    assert ann.conversation.names_for("/unignore d") == ["dan"]
    assert ann.conversation.names_for("/msg d") == ["bob", "cy"]


def test_we_are_never_hidden() -> None:
    """Not even under the name of somebody whom we ignore."""
    ann = Person()
    ann.types("/ignore cy")
    assert not ann.conversation.handle(replace(said(1, "ann", "hi"), name="cy")).hidden


def test_whom_one_ignores_may_not_be_saved() -> None:
    """They are ignored all the same, and one is told."""

    class Full(Person):
        def _save(self, room_id: str, ignored: IgnoredMembers) -> None:  # noqa: ARG002 (the signature)
            raise OSError("No space left on device")

    ann = Full()
    assert ann.types("/ignore cy")
    assert "Only until you leave" in ann.shown[-1]
    assert ann.conversation.ignored.names == ["cy"]


def test_earlier_goes_back_to_the_beginning() -> None:
    """Each time from the oldest message that was shown."""
    ann = Person(said(30, "bob", "hi"))
    ann.types("/earlier")
    ann.runner.answered(
        EarlierReceived("r1", (said(8, "bob", "b"), said(9, "cy", "c")), more=True, latest=40)
    )
    assert ann.shown == ["- 2 older messages", "#8 b", "#9 c", "- now"]
    ann.types("/earlier")
    ann.runner.answered(EarlierReceived("r2", (said(7, "bob", "a"),), more=False, latest=40))
    assert ann.shown[4:] == ["- the beginning of the room", "#7 a", "- now"]
    ann.types("/earlier")
    assert "this is the beginning of the room" in ann.shown[-1]
    assert ann.client.requests == [Earlier("r1", 30, EARLIER_COUNT), Earlier("r2", 8, EARLIER_COUNT)]


def test_the_messages_around_one_do_not_move_the_oldest() -> None:
    """The next `/earlier` goes on where it was."""
    ann = Person(said(900, "bob", "hi"))
    ann.types("/earlier #100")
    ann.runner.answered(EarlierReceived("r1", (said(99, "bob", "x"),), more=True, latest=900))
    assert ann.shown[0] == "- around #100"
    ann.types("/earlier")
    assert [request.before for request in ann.client.requests if isinstance(request, Earlier)] == [115, 900]


def test_after_a_gap_earlier_begins_before_the_newest_messages() -> None:
    """What we missed is not skipped; a resumed session has no gap."""
    ann = Person(said(30, "bob", "hi"))
    ann.happens(replace(joined(latest=40, back=True), since=30), said(41, "bob", "more"))
    ann.types("/earlier")
    ann.happens(joined(latest=900), said(701, "bob", "much later", history=True))
    ann.types("/earlier")
    assert [request.before for request in ann.client.requests if isinstance(request, Earlier)] == [30, 701]


def test_a_search_goes_on_behind_what_it_has_found() -> None:
    """Without words it looks for older ones."""
    ann = Person()
    ann.types("/search red mango")
    ann.runner.answered(SearchResult("r1", (said(8, "bob", "red mango"),), more=True, latest=40))
    ann.types("/search")
    ann.runner.answered(SearchResult("r2", (), more=False, latest=40))
    assert ann.client.requests == [Search("r1", "red mango"), Search("r2", "red mango", 8)]
    assert ann.shown[0] == "- the newest 1 message with “red mango”"
    assert ann.shown[-1] == "No message has “red mango”."
    assert not ann.types("/search")


def test_an_answer_that_nobody_asked_for_is_not_shown() -> None:
    """A server can send anything."""
    ann = Person()
    ann.runner.answered(SearchResult("x", (said(8, "bob", "buy!"),), more=True, latest=40))
    assert ann.shown == []


@pytest.mark.parametrize(
    ("typed", "told_of"),
    [
        ("hi", [""]),
        ("/msg bob hi", ["m2"]),
        ("/msg bob ", []),
        ("/msg dan hi", []),
        ("/reply hi", []),
        ("/reply bob hi", [""]),
        ("/edit hi", []),
    ],
)
def test_typing_is_told_to_those_who_will_read_it(typed: str, told_of: list[str]) -> None:
    """An answer to a private message is nobody's business before it is expanded."""
    ann = Person(said(1, "bob", "lunch?"), told(2, "cy", "ann", "psst"))
    ann.runner.report_typing(typed)
    assert ann.client.typed_to == told_of


def test_tab_goes_through_those_who_have_written() -> None:
    """As long as there is no text; then it completes a name."""
    ann = Person(said(1, "bob", "one"), said(2, "ann", "two"), told(3, "cy", "ann", "psst"))
    expand = ann.drafting.expand
    assert expand("/reply") == "/msg cy "
    assert expand("/msg cy ") == "/reply bob "
    assert expand("/reply bob ") == "/msg cy "
    assert ann.drafting.reply_to(SendPrivate("cy", "hi")) == 3
    assert expand("/msg cy hi") is None


def test_choosing_a_message_keeps_what_is_typed() -> None:
    """Alt-Up goes to older ones, Alt-Down back; private ones are answered privately."""
    ann = Person(said(1, "bob", "one"), told(2, "cy", "ann", "psst"), said(3, "bob", "three"))
    step = ann.drafting.step
    assert step("yes", -1) is None
    assert step("yes", 1) == "/reply bob yes"
    assert step("/reply bob yes", 1) == "/msg cy yes"
    assert step("/msg cy yes", 1) == "/reply #1 yes"
    assert step("/reply #1 yes", 1) is None
    assert step("/reply #1 yes", -1) == "/msg cy yes"
    assert step("/react 👍", 1) == "/react 👍 #3"
    assert step("/react 👍 #3", 1) == "/react 👍 #2"
    assert step("/delete", 1) is None


def test_the_line_below_the_status_says_what_will_happen() -> None:
    """Before Enter."""
    ann = Person(said(1, "bob", "lunch?"), said(2, "ann", "yes"))
    describe = ann.drafting.describe
    assert describe("hi") == ""
    assert describe("/reply hi") == "Answering bob: “lunch?”"
    assert describe("/msg bob hi") == "Only to bob. Only you two and the host can read this."
    assert describe("/delete") == "Deletes your message: “yes”"
    assert describe("/edit no") == "Changes your message: “yes”"
    assert describe("/react 👍") == "Adds 👍: bob: “lunch?”"
    assert "not shown here" in describe("/reply #77 hi")
