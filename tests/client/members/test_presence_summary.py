"""The line that says who joined and left: what happened, in the order in which it happened."""

from __future__ import annotations

from messango.client.members.presence_summary import PresenceSummary


def _summary(*steps: str) -> PresenceSummary:
    """Apply `+Ben` and `-Ben`, or `-Ben kicked` with a reason and `-Ben kicked: too loud` with a note."""
    summary = PresenceSummary()
    for step in steps:
        name, _, why = step[1:].partition(" ")
        reason, _, note = why.partition(": ")
        if step.startswith("+"):
            summary.member_joined(name)
        else:
            summary.member_left(name, reason or "left", note)
    return summary


def test_the_same_change_of_several_members_is_one_sentence() -> None:
    """If nothing else happened between them."""
    assert not PresenceSummary()
    assert _summary("+Ben", "+Chiara", "-Deniz", "-Eve").text == "Ben and Chiara joined · Deniz and Eve left"
    assert len(_summary("+Ben", "+Chiara", "-Deniz")) == 3


def test_nothing_changes_places() -> None:
    """A join after a leave stands after it."""
    summary = _summary("+Ben", "-Deniz", "+Chiara", "-Eve connection-broke", "-Fay", "+Eve")
    assert summary.text == (
        "Ben joined · Deniz left · Chiara joined · Eve left (the connection broke) · Fay left · Eve joined"
    )


def test_a_short_visit_and_a_short_absence_are_merged() -> None:
    """They are where they were before, so the terminal omits them."""
    summary = _summary("+Ben", "+Fay", "-Fay", "-Gus", "+Gus", "-Hal connection-broke", "+Hal")
    assert summary.text == "Ben joined · Fay joined and left · Gus and Hal left and came back"
    assert summary.sentences(lasting_only=True) == ["Ben joined"]


def test_what_the_host_did_is_always_told() -> None:
    """A ban is not a visit, and who comes back after a kick did not just leave."""
    summary = _summary("+Eve", "-Eve banned", "-Ben kicked: too loud", "+Ben")
    lines = [
        "Eve joined and left (banned by the host)",
        "Ben left (removed by the host: too loud)",
        "Ben joined",
    ]
    assert summary.text == " · ".join(lines)
    assert summary.sentences(lasting_only=True) == lines


def test_many_changes_of_one_member_are_one() -> None:
    """A member who joins and leaves a hundred times is mentioned once."""
    summary = _summary(*("+Ben", "-Ben") * 100)
    assert summary.text == "Ben joined and left"
    assert summary.sentences(lasting_only=True) == []
    summary.member_joined("Ben")
    assert summary.text == "Ben joined"
    assert _summary(*("-Ben", "+Ben") * 100).text == "Ben left and came back"


def test_a_crowd_is_merged_by_kind() -> None:
    """Nobody could follow each step, and a room could fill the screen; a ban is told all the same."""
    summary = _summary(*(f"{sign}guest{number}" for number in range(100) for sign in "+-"), "-Eve banned")
    assert summary.text == (
        "guest0, guest1, guest2, guest3 and 96 others joined and left · Eve left (banned by the host)"
    )
    summary = _summary(*(step for number in range(50) for step in (f"+new{number}", f"-old{number}")))
    assert summary.sentences() == [
        "new0, new1, new2, new3 and 46 others joined",
        "old0, old1, old2, old3 and 46 others left",
    ]


def test_in_a_crowd_each_member_is_last_where_they_are_now() -> None:
    """Merging by kind must not tell of a return before the kick that it came after."""
    crowd = [step for number in range(6) for step in (f"+new{number}", f"-old{number}")]
    summary = _summary("+Cleo", "-Ben kicked", "+Ben", *crowd, "-Cleo banned", "+Cleo", "-Cleo")
    assert summary.sentences() == [
        "Cleo, new0, new1, new2 and 3 others joined",
        "Cleo left (banned by the host)",
        "Cleo joined and left",
        "Ben left (removed by the host)",
        "Ben joined",
        "old0, old1, old2, old3 and 2 others left",
    ]
    assert _summary(*("-Ben kicked", "+Ben") * 100).sentences() == [
        "Ben left (removed by the host)",
        "Ben joined and left (removed by the host)",
        "Ben joined",
    ]


def test_a_name_of_several_words_is_quoted() -> None:
    """So that it can't contain what only we say."""
    assert _summary("+Ben").text == "Ben joined"
    summary = PresenceSummary()
    summary.member_joined("Ann left. Ben")
    assert summary.text == "“Ann left. Ben” joined"


def test_a_reason_of_a_later_version_is_shown_as_it_is() -> None:
    """With spaces for its dashes."""
    assert _summary("-Ben sent-home").text == "Ben left (sent home)"


def test_where_somebody_joined_who_is_at_another_server() -> None:
    """Those who joined at the same one share a sentence; a name of several words is quoted."""
    summary = PresenceSummary()
    for name, server in [("Ann", ""), ("Ben", "desk-12"), ("Cleo", "desk-12"), ("Deniz", "Lab 2")]:
        summary.member_joined(name, server)
    assert summary.text == "Ann joined · Ben and Cleo joined at desk-12 · Deniz joined at “Lab 2”"


def test_somebody_who_comes_and_goes_at_another_server() -> None:
    """Where they were says nothing any more, until they are back for good."""
    summary = PresenceSummary()
    summary.member_joined("Ben", "desk-12")
    summary.member_left("Ben", "left")
    assert summary.text == "Ben joined and left"
    summary.member_joined("Ben", "desk-12")
    assert summary.text == "Ben joined at desk-12"
