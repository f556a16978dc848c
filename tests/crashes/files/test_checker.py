"""The checker notices each spoiled store and each broken promise."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from tests.crashes.files.checker import check, check_without_history
from tests.crashes.files.records import (
    Announced,
    Content,
    Evidence,
    Outcome,
    Receiver,
    Sent,
    Stored,
    StoredFile,
    Visit,
)

ONE, TWO, OTHER = Content(3, "aa"), Content(4, "bb"), Content(3, "cc")


def kept_promises() -> Evidence:
    """Return a course in which all is well: Ann's first file is there, her second was deleted."""
    first, second = Announced(1, "s1", "f1", ONE), Announced(2, "s2", "f2", TWO)
    return Evidence(
        sent={
            "s1": Sent("Ann", ONE, Outcome.ACCEPTED),
            "s2": Sent("Ann", TWO, Outcome.ACCEPTED),
            "s3": Sent("Ann", OTHER, Outcome.REFUSED),
            "s4": Sent("Ben", OTHER),
        },
        visits=[Visit("Ann", [first, second], {2}), Visit("Ben", [first, second], {2})],
        receivers=[Receiver("Ann"), Receiver("Ben", {"f1": ONE}, {"f2": "It was deleted."})],
        history=[first],
        deleted={2},
        stored=stored(),
        after_an_hour=stored(),
        after_all=Stored(),
    )


def stored() -> Stored:
    """Return the store with the first file."""
    return Stored([StoredFile("f1", "b1", ONE, {1})], {"b1": ONE})


def test_kept_promises() -> None:
    """Nothing is found."""
    assert check(kept_promises()) == []


def flip_a_byte(evidence: Evidence) -> None:
    evidence.stored.blobs["b1"] = OTHER


def truncate(evidence: Evidence) -> None:
    evidence.stored.blobs["b1"] = Content(2, "dd")


def remove_the_bytes(evidence: Evidence) -> None:
    del evidence.stored.blobs["b1"]


def remove_a_record(evidence: Evidence) -> None:
    evidence.stored.files.clear()


def forget_a_share(evidence: Evidence) -> None:
    evidence.stored.files[0].shares.clear()


def keep_a_deleted_file(evidence: Evidence) -> None:
    evidence.stored.files.append(StoredFile("f2", "b2", TWO, {2}))
    evidence.stored.blobs["b2"] = TWO


def store_twice(evidence: Evidence) -> None:
    evidence.stored.files.append(StoredFile("f9", "b9", ONE))
    evidence.stored.blobs["b9"] = ONE


def announce_twice(evidence: Evidence) -> None:
    evidence.history = [*evidence.history, Announced(3, "s1", "f1", ONE)]


def announce_what_nobody_sent(evidence: Evidence) -> None:
    evidence.history = [*evidence.history, Announced(3, "s9", "f1", ONE)]


def announce_a_refused_file(evidence: Evidence) -> None:
    evidence.history = [*evidence.history, Announced(3, "s3", "f3", OTHER)]


def announce_other_bytes(evidence: Evidence) -> None:
    evidence.history = [Announced(1, "s1", "f1", OTHER)]


def lose_an_accepted_file(evidence: Evidence) -> None:
    evidence.sent["s4"].outcome = Outcome.ACCEPTED


def lose_an_announcement(evidence: Evidence) -> None:
    evidence.history = []


def show_twice(evidence: Evidence) -> None:
    evidence.visits[1].announced.append(evidence.visits[1].announced[0])


def show_in_another_order(evidence: Evidence) -> None:
    evidence.visits[1].announced.reverse()


def receive_other_bytes(evidence: Evidence) -> None:
    evidence.receivers[1].saved["f1"] = OTHER


def receive_nothing(evidence: Evidence) -> None:
    evidence.receivers[1].saved.clear()


def leave_a_partial_download(evidence: Evidence) -> None:
    evidence.receivers[1].left.append("report.pdf.1234.part")


def leave_half_a_file_under_its_name(evidence: Evidence) -> None:
    evidence.receivers[1].unreported["report.pdf"] = Content(1, "ee")


def leave_a_partial_upload(evidence: Evidence) -> None:
    evidence.after_an_hour.parts.append("b7.part")


def leave_an_unshared_file(evidence: Evidence) -> None:
    evidence.after_an_hour.files.append(StoredFile("f7", "b7", TWO))
    evidence.after_an_hour.blobs["b7"] = TWO


def leave_bytes_without_a_record(evidence: Evidence) -> None:
    evidence.after_an_hour.blobs["b8"] = TWO


def leave_a_file_for_good(evidence: Evidence) -> None:
    evidence.after_all = stored()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (flip_a_byte, "at the end the store has"),
        (truncate, "at the end the store has"),
        (remove_the_bytes, "at the end the store has None"),
        (remove_a_record, "no record of"),
        (forget_a_share, "no record of"),
        (keep_a_deleted_file, "for messages that are not there"),
        (store_twice, "the same bytes twice"),
        (announce_twice, "id s1 2 times"),
        (announce_what_nobody_sent, "nobody sent"),
        (announce_a_refused_file, "was told that s3 is not sent"),
        (announce_other_bytes, "is not what Ann sent"),
        (lose_an_accepted_file, "Ben saw s4 announced"),
        (lose_an_announcement, "Ann saw s1 announced"),
        (show_twice, "Ben's screen has id s1 2 times"),
        (show_in_another_order, "Ben saw [2, 1]"),
        (receive_other_bytes, "Ben has Content(size=3, sha256='cc')"),
        (receive_nothing, "Ben does not have"),
        (leave_a_partial_download, "partial files left"),
        (leave_half_a_file_under_its_name, "which nobody sent"),
        (leave_a_partial_upload, "after an hour partial files"),
        (leave_an_unshared_file, "that nobody shared"),
        (leave_bytes_without_a_record, "bytes without a record"),
        (leave_a_file_for_good, "still has"),
    ],
)
def test_a_broken_promise_is_noticed(spoil: Callable[[Evidence], None], sentence: str) -> None:
    """Each of them, in a sentence that names it."""
    evidence = kept_promises()
    spoil(evidence)
    found = check(evidence)
    assert any(sentence in each for each in found), found


def test_a_cancelled_file_may_not_appear() -> None:
    """As one that was refused."""
    evidence = kept_promises()
    evidence.sent["s1"] = dataclasses.replace(evidence.sent["s1"], outcome=Outcome.CANCELLED)
    assert any("was told that s1 is not sent" in each for each in check(evidence))


class TestWithoutHistory:
    """A room that keeps nothing: everything goes with its server, and what arrived is whole."""

    def evidence(self) -> Evidence:
        """Return a course after which nothing is stored."""
        evidence = kept_promises()
        evidence.history, evidence.stored, evidence.after_an_hour = [], Stored(), Stored()
        return evidence

    def test_kept_promises(self) -> None:
        """Nothing is found."""
        assert check_without_history(self.evidence()) == []

    @pytest.mark.parametrize(
        ("spoil", "sentence"),
        [
            (show_twice, "Ben's screen has id s1 2 times"),
            (receive_other_bytes, "Ben has Content(size=3, sha256='cc')"),
            (leave_a_partial_download, "partial files left"),
            (store_twice, "the room has left"),
        ],
    )
    def test_a_broken_promise_is_noticed(self, spoil: Callable[[Evidence], None], sentence: str) -> None:
        """Each of them."""
        evidence = self.evidence()
        spoil(evidence)
        found = check_without_history(evidence)
        assert any(sentence in each for each in found), found

    def test_a_refused_file_that_was_announced(self) -> None:
        """As with a history."""
        evidence = self.evidence()
        evidence.sent["s1"].outcome = Outcome.REFUSED
        assert any("was told that s1 is not sent" in each for each in check_without_history(evidence))
