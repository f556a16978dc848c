"""Made-up runs: a good one passes, and each broken promise is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.lan.faults.checker import (
    GHOST_AFTER_S,
    ClientRun,
    MemberEjected,
    MemberJoined,
    MessageSeen,
    RoomMessage,
    Rule,
    check,
)

NAMES = ("Ann", "Ben")


@dataclass(slots=True)
class Run:
    """The checker's input."""

    runs: dict[str, ClientRun]
    history: list[RoomMessage]


def room_message(seq: int, name: str) -> RoomMessage:
    """Return message number `seq`, sent by `name`."""
    return RoomMessage(seq, f"id-{seq}", f"member-{name}", name, f"{name} says {seq}")


def shown(client_run: ClientRun, message: RoomMessage) -> MessageSeen:
    """Let a client see a message."""
    return MessageSeen(float(message.seq), message, own=message.name == client_run.label)


def good_run() -> Run:
    """Return two members in a room of ten messages; Ben missed 5 and 6, and came back."""
    kept = [room_message(seq, NAMES[seq % 2]) for seq in range(1, 11)]
    runs = {name: ClientRun(name, [one.text for one in kept if one.name == name]) for name in NAMES}
    for client_run in runs.values():
        client_run.events = [
            MemberJoined(0.0, client_run.label, NAMES, latest=0),
            *(shown(client_run, one) for one in kept),
        ]
    runs["Ben"].events.insert(5, MemberJoined(6.5, "Ben", NAMES, latest=6, back=True))
    return Run(runs, kept)


def broken_rules(run: Run) -> set[Rule]:
    """Return the rules that are broken."""
    return {violation.rule for violation in check(list(run.runs.values()), run.history)}


def seen_at(client_run: ClientRun, seq: int) -> int:
    """Return the position of a message among a client's events."""
    return next(
        number
        for number, one in enumerate(client_run.events)
        if isinstance(one, MessageSeen) and one.message.seq == seq
    )


def test_a_good_run_passes() -> None:
    """Nothing is found if nothing is wrong."""
    assert broken_rules(good_run()) == set()


def test_an_empty_run_passes() -> None:
    """Nobody joined and nothing was sent."""
    assert check([], []) == []


def test_a_file_has_its_own_checker() -> None:
    """Who sent it is not known here; that it is there once, and for everybody, is a rule for all messages."""
    run = good_run()
    shared = replace(room_message(11, "Ann"), text="Ann sends one\n[file] one.bin (3 bytes)", file="file-11")
    run.history.append(shared)
    for client_run in run.runs.values():
        client_run.events.append(shown(client_run, shared))
    assert broken_rules(run) == set()
    again = replace(shared, seq=12, id="id-12", file="file-12")
    run.history.append(again)
    for client_run in run.runs.values():
        client_run.events.append(shown(client_run, again))
    assert broken_rules(run) == {Rule.DUPLICATE}


def an_accepted_message_is_not_in_the_history(run: Run) -> None:
    """The last one vanished after everybody saw it: the server was killed before it was stored."""
    run.history.pop()


def a_member_misses_the_last_message(run: Run) -> None:
    """Ben stayed to the end and did not see it."""
    run.runs["Ben"].events.pop()


def a_member_misses_one_in_the_middle(run: Run) -> None:
    """Messages from Ben's absence did not arrive when he was back."""
    del run.runs["Ben"].events[seen_at(run.runs["Ben"], 5)]


def a_message_is_shown_twice(run: Run) -> None:
    """Ann sees 7 again."""
    run.runs["Ann"].events.append(shown(run.runs["Ann"], run.history[6]))


def a_message_is_stored_twice(run: Run) -> None:
    """A message that was sent again got another number, and everybody saw both."""
    again = replace(run.history[8], seq=11)
    run.history.append(again)
    for client_run in run.runs.values():
        client_run.events.append(shown(client_run, again))


def a_message_is_stored_twice_under_another_id(run: Run) -> None:
    """Its sender was not recognized after a restart, so the room treated it as a new message."""
    again = replace(run.history[8], seq=11, id="id-11", member="member-new")
    run.history.append(again)
    for client_run in run.runs.values():
        client_run.events.append(shown(client_run, again))


def two_messages_change_places_for_one(run: Run) -> None:
    """Ann sees 8 before 7."""
    happenings, place = run.runs["Ann"].events, seen_at(run.runs["Ann"], 7)
    happenings[place], happenings[place + 1] = happenings[place + 1], happenings[place]


def a_number_means_two_messages(run: Run) -> None:
    """After a restart the room used a number again that Ann had seen already."""
    place = seen_at(run.runs["Ann"], 7)
    run.runs["Ann"].events[place] = MessageSeen(7.0, replace(room_message(7, "Ben"), text="something else"))


def a_number_is_left_out(run: Run) -> None:
    """The last is 11, and there is no 10."""
    last = replace(run.history.pop(), seq=11)
    run.history.append(last)
    for client_run in run.runs.values():
        client_run.events[-1] = shown(client_run, last)


def the_room_counts_from_the_start_again(run: Run) -> None:
    """Ben has seen 10, and comes back to a room whose last number is 3."""
    run.runs["Ben"].events.append(MemberJoined(11.0, "Ben", NAMES, latest=3, back=True))


def a_message_never_arrives(run: Run) -> None:
    """Ann sent it, and nobody saw it."""
    run.runs["Ann"].sent.append("Is there anybody?")


def a_receipt_never_arrives(run: Run) -> None:
    """Ann sees her own message as somebody else's."""
    place = seen_at(run.runs["Ann"], 2)
    run.runs["Ann"].events[place] = MessageSeen(2.0, run.history[1], own=False)


def a_message_comes_from_nowhere(run: Run) -> None:
    """The history has a message that nobody sent."""
    run.runs["Ann"].sent.pop()


def a_member_who_comes_back_counts_as_new(run: Run) -> None:
    """The room lost Ben's session."""
    run.runs["Ben"].events[5] = MemberJoined(6.5, "Ben", NAMES, latest=6, back=False)


def a_member_is_ejected(run: Run) -> None:
    """Ben's client ended, and he did not ask for it."""
    run.runs["Ben"].events.append(MemberEjected(11.0, "ended: The room has fallen silent."))


def a_gone_member_stays_listed(run: Run) -> None:
    """Ann's client was killed, and long after that a new member sees her listed."""
    run.runs["Ann"].killed_s = 11.0
    at_s = 11.0 + GHOST_AFTER_S + 1
    run.runs["Cem"] = ClientRun("Cem", events=[MemberJoined(at_s, "Cem", (*NAMES, "Cem"), latest=10)])
    run.runs["Cem"].events += [shown(run.runs["Cem"], one) for one in run.history]


def a_gone_member_keeps_its_name(run: Run) -> None:
    """Ann joins as a new member, and her name is still taken by herself."""
    run.runs["Ann"].killed_s = 11.0
    at_s = 11.0 + GHOST_AFTER_S + 1
    run.runs["Ann again"] = ClientRun(
        "Ann again", events=[MemberJoined(at_s, "Ann 2", ("Ben", "Ann", "Ann 2"), 10)]
    )
    run.runs["Ann again"].events += [shown(run.runs["Ann again"], one) for one in run.history]


@pytest.mark.parametrize(
    ("spoil", "rules"),
    [
        (an_accepted_message_is_not_in_the_history, {Rule.LOST, Rule.DELIVERED}),
        (a_member_misses_the_last_message, {Rule.LOST}),
        (a_member_misses_one_in_the_middle, {Rule.GAP, Rule.DELIVERED}),
        (a_message_is_shown_twice, {Rule.DUPLICATE, Rule.ORDER}),
        (a_message_is_stored_twice, {Rule.DUPLICATE, Rule.DELIVERED}),
        (a_message_is_stored_twice_under_another_id, {Rule.DUPLICATE, Rule.DELIVERED}),
        (two_messages_change_places_for_one, {Rule.ORDER}),
        (a_number_means_two_messages, {Rule.ORDER, Rule.LOST}),
        (a_number_is_left_out, {Rule.NUMBERS}),
        (the_room_counts_from_the_start_again, {Rule.SEQ_DECREASED}),
        (a_message_never_arrives, {Rule.DELIVERED}),
        (a_receipt_never_arrives, {Rule.DELIVERED}),
        (a_message_comes_from_nowhere, {Rule.DELIVERED}),
        (a_member_who_comes_back_counts_as_new, {Rule.RESUMED}),
        (a_member_is_ejected, {Rule.EJECTED}),
        (a_gone_member_stays_listed, {Rule.GHOST}),
        (a_gone_member_keeps_its_name, {Rule.GHOST}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_broken_promise_is_found(spoil: Callable[[Run], None], rules: set[Rule]) -> None:
    """Each broken rule is reported, and no other."""
    run = good_run()
    spoil(run)
    assert broken_rules(run) == rules


def test_messages_that_a_killed_client_did_not_send_are_not_missed() -> None:
    """Nobody promised messages that were never accepted."""
    run = good_run()
    run.runs["Ann"].sent.append("I will")
    run.runs["Ann"].killed_s = 11.0
    assert broken_rules(run) == set()


def test_messages_that_a_killed_client_did_not_see_are_not_missed() -> None:
    """It need not have seen the last ones, but no earlier one may be missing."""
    run = good_run()
    ann = run.runs["Ann"]
    ann.killed_s = 9.5
    ann.events.pop()
    assert broken_rules(run) == set()
    del ann.events[seen_at(ann, 4)]
    assert broken_rules(run) == {Rule.GAP}


def test_a_late_member_sees_the_last_two_hundred() -> None:
    """Older messages are not missed; one of those is."""
    kept = [room_message(seq, "Ann") for seq in range(1, 301)]
    ann, ben = ClientRun("Ann", [one.text for one in kept]), ClientRun("Ben")
    ann.events = [MemberJoined(0.0, "Ann", ("Ann",), latest=0), *(shown(ann, one) for one in kept)]
    ben.events = [MemberJoined(300.5, "Ben", NAMES, latest=300), *(shown(ben, one) for one in kept[100:])]
    run = Run({"Ann": ann, "Ben": ben}, kept)
    assert broken_rules(run) == set()
    del ben.events[1]
    assert broken_rules(run) == {Rule.GAP}


def test_a_member_may_stay_listed_for_a_while() -> None:
    """A member whose client is gone may be listed as long as its seat is kept."""
    run = good_run()
    run.runs["Ann"].killed_s = 11.0
    run.runs["Ben"].events.append(MemberJoined(11.0 + GHOST_AFTER_S - 1, "Ben", NAMES, latest=10, back=True))
    assert broken_rules(run) == set()
