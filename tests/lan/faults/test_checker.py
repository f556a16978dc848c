"""Made-up histories: a good one passes, and each broken promise is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.lan.faults.checker import GHOST_AFTER_S, Came, PutOut, Rule, Said, Saw, Stay, check

NAMES = ("Ann", "Ben")


@dataclass(slots=True)
class Run:
    """What the checker is given."""

    stays: dict[str, Stay]
    kept: list[Said]


def said(seq: int, name: str) -> Said:
    """Return what `name` says as message number `seq`."""
    return Said(seq, f"id-{seq}", f"member-{name}", name, f"{name} says {seq}")


def shown(stay: Stay, message: Said) -> Saw:
    """Return what the stay is shown of a message."""
    return Saw(float(message.seq), message, own=message.name == stay.label)


def good_run() -> Run:
    """Return two people in a room of ten messages; Ben was away for 5 and 6, and came back."""
    kept = [said(seq, NAMES[seq % 2]) for seq in range(1, 11)]
    stays = {name: Stay(name, [one.text for one in kept if one.name == name]) for name in NAMES}
    for stay in stays.values():
        stay.happenings = [Came(0.0, stay.label, NAMES, latest=0), *(shown(stay, one) for one in kept)]
    stays["Ben"].happenings.insert(5, Came(6.5, "Ben", NAMES, latest=6, back=True))
    return Run(stays, kept)


def broken_rules(run: Run) -> set[Rule]:
    """Return the rules that the checker finds broken."""
    return {violation.rule for violation in check(list(run.stays.values()), run.kept)}


def saw_at(stay: Stay, seq: int) -> int:
    """Return the place of a message among what happened to a stay."""
    return next(
        number
        for number, one in enumerate(stay.happenings)
        if isinstance(one, Saw) and one.message.seq == seq
    )


def test_a_good_run_passes() -> None:
    """Nothing is found where nothing is wrong."""
    assert broken_rules(good_run()) == set()


def test_an_empty_run_passes() -> None:
    """Nobody came and nothing was said."""
    assert check([], []) == []


def an_accepted_message_is_not_in_the_history(run: Run) -> None:
    """The last one vanished after everybody saw it: the server was killed before it was stored."""
    run.kept.pop()


def a_member_misses_the_last_message(run: Run) -> None:
    """Ben was in to the end and did not see it."""
    run.stays["Ben"].happenings.pop()


def a_member_misses_one_in_the_middle(run: Run) -> None:
    """What was said while Ben was away did not come when he was back."""
    del run.stays["Ben"].happenings[saw_at(run.stays["Ben"], 5)]


def a_message_is_shown_twice(run: Run) -> None:
    """Ann sees 7 again."""
    run.stays["Ann"].happenings.append(shown(run.stays["Ann"], run.kept[6]))


def a_message_is_stored_twice(run: Run) -> None:
    """One that was sent again got another number, and everybody saw both."""
    again = replace(run.kept[8], seq=11)
    run.kept.append(again)
    for stay in run.stays.values():
        stay.happenings.append(shown(stay, again))


def it_is_stored_twice_under_another_id(run: Run) -> None:
    """Its sender was not known again after a restart, so the room took it for a new one."""
    again = replace(run.kept[8], seq=11, id="id-11", member="member-new")
    run.kept.append(again)
    for stay in run.stays.values():
        stay.happenings.append(shown(stay, again))


def two_messages_change_places_for_one(run: Run) -> None:
    """Ann sees 8 before 7."""
    happenings, place = run.stays["Ann"].happenings, saw_at(run.stays["Ann"], 7)
    happenings[place], happenings[place + 1] = happenings[place + 1], happenings[place]


def a_number_means_two_messages(run: Run) -> None:
    """After a restart the room gave a number again that Ann had seen already."""
    place = saw_at(run.stays["Ann"], 7)
    run.stays["Ann"].happenings[place] = Saw(7.0, replace(said(7, "Ben"), text="something else"))


def a_number_is_left_out(run: Run) -> None:
    """The last is 11, and there is no 10."""
    last = replace(run.kept.pop(), seq=11)
    run.kept.append(last)
    for stay in run.stays.values():
        stay.happenings[-1] = shown(stay, last)


def the_room_counts_anew(run: Run) -> None:
    """Ben has seen 10, and comes back to a room that has got to 3."""
    run.stays["Ben"].happenings.append(Came(11.0, "Ben", NAMES, latest=3, back=True))


def a_message_never_arrives(run: Run) -> None:
    """Ann said it, and nobody heard of it again."""
    run.stays["Ann"].said.append("Is there anybody?")


def a_receipt_never_comes(run: Run) -> None:
    """Ann sees what she said as if somebody else had said it."""
    place = saw_at(run.stays["Ann"], 2)
    run.stays["Ann"].happenings[place] = Saw(2.0, run.kept[1], own=False)


def a_message_comes_from_nowhere(run: Run) -> None:
    """Something is in the history that nobody said."""
    run.stays["Ann"].said.pop()


def who_comes_back_counts_as_new(run: Run) -> None:
    """The room has forgotten Ben's session."""
    run.stays["Ben"].happenings[5] = Came(6.5, "Ben", NAMES, latest=6, back=False)


def somebody_is_put_out(run: Run) -> None:
    """Ben's stay ended, and he did not ask for it."""
    run.stays["Ben"].happenings.append(PutOut(11.0, "ended: The room has fallen silent."))


def a_ghost_stays(run: Run) -> None:
    """Ann's client was killed, and long after that somebody new is told that she is here."""
    run.stays["Ann"].gone_s = 11.0
    at_s = 11.0 + GHOST_AFTER_S + 1
    run.stays["Cem"] = Stay("Cem", happenings=[Came(at_s, "Cem", (*NAMES, "Cem"), latest=10)])
    run.stays["Cem"].happenings += [shown(run.stays["Cem"], one) for one in run.kept]


def a_ghost_keeps_its_name(run: Run) -> None:
    """Ann comes back as somebody new, and there is an Ann already: herself."""
    run.stays["Ann"].gone_s = 11.0
    at_s = 11.0 + GHOST_AFTER_S + 1
    run.stays["Ann again"] = Stay("Ann again", happenings=[Came(at_s, "Ann 2", ("Ben", "Ann", "Ann 2"), 10)])
    run.stays["Ann again"].happenings += [shown(run.stays["Ann again"], one) for one in run.kept]


@pytest.mark.parametrize(
    ("spoil", "rules"),
    [
        (an_accepted_message_is_not_in_the_history, {Rule.LOST, Rule.DELIVERED}),
        (a_member_misses_the_last_message, {Rule.LOST}),
        (a_member_misses_one_in_the_middle, {Rule.GAP, Rule.DELIVERED}),
        (a_message_is_shown_twice, {Rule.TWICE, Rule.ORDER}),
        (a_message_is_stored_twice, {Rule.TWICE, Rule.DELIVERED}),
        (it_is_stored_twice_under_another_id, {Rule.TWICE, Rule.DELIVERED}),
        (two_messages_change_places_for_one, {Rule.ORDER}),
        (a_number_means_two_messages, {Rule.ORDER, Rule.LOST}),
        (a_number_is_left_out, {Rule.NUMBERS}),
        (the_room_counts_anew, {Rule.FELL}),
        (a_message_never_arrives, {Rule.DELIVERED}),
        (a_receipt_never_comes, {Rule.DELIVERED}),
        (a_message_comes_from_nowhere, {Rule.DELIVERED}),
        (who_comes_back_counts_as_new, {Rule.RESUMED}),
        (somebody_is_put_out, {Rule.PUT_OUT}),
        (a_ghost_stays, {Rule.GHOST}),
        (a_ghost_keeps_its_name, {Rule.GHOST}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_broken_promise_is_found(spoil: Callable[[Run], None], rules: set[Rule]) -> None:
    """Each rule is named when it is broken, and no other."""
    run = good_run()
    spoil(run)
    assert broken_rules(run) == rules


def test_what_a_killed_client_did_not_send_is_not_missed() -> None:
    """Nobody has promised what was never accepted."""
    run = good_run()
    run.stays["Ann"].said.append("I will")
    run.stays["Ann"].gone_s = 11.0
    assert broken_rules(run) == set()


def test_what_a_killed_client_did_not_see_is_not_missed() -> None:
    """It need not have seen the last; but what it saw must be whole."""
    run = good_run()
    ann = run.stays["Ann"]
    ann.gone_s = 9.5
    ann.happenings.pop()
    assert broken_rules(run) == set()
    del ann.happenings[saw_at(ann, 4)]
    assert broken_rules(run) == {Rule.GAP}


def test_who_comes_late_sees_the_last_two_hundred() -> None:
    """What was said before those is not missed; one of those is."""
    kept = [said(seq, "Ann") for seq in range(1, 301)]
    ann, ben = Stay("Ann", [one.text for one in kept]), Stay("Ben")
    ann.happenings = [Came(0.0, "Ann", ("Ann",), latest=0), *(shown(ann, one) for one in kept)]
    ben.happenings = [Came(300.5, "Ben", NAMES, latest=300), *(shown(ben, one) for one in kept[100:])]
    run = Run({"Ann": ann, "Ben": ben}, kept)
    assert broken_rules(run) == set()
    del ben.happenings[1]
    assert broken_rules(run) == {Rule.GAP}


def test_a_member_is_no_ghost_yet() -> None:
    """Whose client is gone for less than the time that a seat is kept may be seen."""
    run = good_run()
    run.stays["Ann"].gone_s = 11.0
    run.stays["Ben"].happenings.append(Came(11.0 + GHOST_AFTER_S - 1, "Ben", NAMES, latest=10, back=True))
    assert broken_rules(run) == set()
