"""What was meant when a command was begun stays meant, whatever others do before Enter."""

from __future__ import annotations

from messango.client.events import MemberJoined, MemberLeft, MemberRenamed, MessageFailed
from messango.protocol.frames import Delete, Edit, React, Say, Tell
from tests.terminal.conversation.messages import deleted, said, told
from tests.terminal.conversation.person import Person


def test_a_name_that_passes_to_another_member_gets_nothing() -> None:
    """Not while the words are typed: bob goes, and cy takes the name."""
    ann = Person()
    ann.drafting.changed("/msg bob a secret")
    ann.happens(MemberRenamed("robert", "bob", you=False, member="m2"))
    ann.drafting.changed("/msg bob a secret, really")
    ann.happens(MemberRenamed("bob", "cy", you=False, member="m3"))
    assert "another member" in ann.drafting.describe("/msg bob a secret, really")
    assert not ann.types("/msg bob a secret, really")
    assert not ann.types("/msg bob a secret, really")
    assert "another member" in ann.shown[-1]
    ann.drafting.changed("")
    ann.drafting.changed("/msg bob a secret")
    assert ann.types("/msg bob a secret")
    assert ann.client.requests == [Tell("r1", "m3", "a secret")]


def test_an_answer_is_for_the_author_not_for_the_name() -> None:
    """Bob has left, and somebody else joins as bob."""
    ann = Person(told(1, "bob", "ann", "psst"), MemberLeft("bob", "left", "m2"))
    assert ann.drafting.expand("/reply") == "/msg bob "
    ann.happens(MemberJoined("bob", member="m9"))
    assert not ann.types("/msg bob hi")
    assert ann.client.requests == []
    # Where there is no field, as in plain lines, it is meant anew.
    assert ann.types("/msg bob hi")
    assert ann.client.requests == [Tell("r1", "m9", "hi")]


def test_what_is_said_meanwhile_is_not_answered() -> None:
    """Several people write at once."""
    ann = Person(said(1, "bob", "lunch?"))
    ann.drafting.changed("/reply y")
    ann.happens(said(2, "cy", "the printer burns"))
    ann.drafting.changed("/reply yes")
    assert ann.drafting.describe("/reply yes") == "Answering bob: “lunch?”"
    assert ann.types("/reply yes")
    ann.drafting.changed("/react")
    ann.happens(said(3, "bob", "oh no"))
    ann.drafting.changed("/react 👍")
    assert ann.types("/react 👍")
    ann.drafting.changed("/reply bob")
    ann.happens(said(4, "bob", "false alarm"))
    assert ann.types("/reply bob what?")
    assert ann.client.requests == [Say("s1", "yes", 1), React("r2", 2, "👍", on=True), Say("s2", "what?", 3)]


def test_a_private_message_meanwhile_is_not_answered() -> None:
    """Neither to all nor by a refusal."""
    ann = Person(said(1, "bob", "lunch?"))
    ann.drafting.changed("/reply y")
    ann.happens(told(2, "cy", "ann", "psst"))
    assert ann.types("/reply yes")
    assert ann.client.requests == [Say("s1", "yes", 1)]


def test_a_message_deleted_meanwhile_is_not_exchanged_for_another() -> None:
    """The host deletes one while its author edits it; nothing happens to the one before."""
    ann = Person(said(1, "ann", "one"), said(2, "ann", "two"))
    ann.drafting.changed("/delete")
    ann.happens(deleted(3, 2, "bob"))
    assert not ann.types("/delete")
    assert "was deleted" in ann.shown[-1]
    ann.drafting.changed("")
    assert ann.types("/delete")
    assert ann.client.requests == [Delete("r1", 1)]


def test_a_message_under_way_is_not_mistaken_for_the_one_before() -> None:
    """It has no number yet, so neither an edit nor a deletion can mean it."""
    ann = Person(said(1, "ann", "hello"))
    ann.types("typo")
    assert not ann.types("/edit fixed")
    assert not ann.types("/delete")
    assert "still being sent" in ann.shown[-1]
    assert "still being sent" in ann.drafting.describe("/delete")
    assert ann.types("/edit #1 hello there")
    ann.happens(MessageFailed("s1", "typo", "No.", ""))
    assert ann.types("/delete")
    assert ann.client.requests == [Edit("r1", 1, "hello there"), Delete("r2", 1)]
