"""Whether somebody who is not in the room may come back: the page and the other front ends agree."""

from __future__ import annotations

import itertools

import pytest

from messango.client.members.presence import Presence
from messango.gui.model.composer.composer_mode import Recipient
from messango.gui.model.composer.private_talk import whereabouts
from messango.protocol import error_codes
from messango.protocol.frames import Person
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

SETUP = """
const {People} = await load('model/people.js');
const people = new People();
people.reset({member: 'me', you: 'Me', people: [{id: 'me', name: 'Me'}, {id: 'ben', name: 'Ben'}]});
"""
REASONS = (
    error_codes.LEFT,
    error_codes.KICKED,
    error_codes.BANNED,
    error_codes.NO_GUESTS,
    error_codes.CONNECTION_BROKE,
    error_codes.TOO_SLOW,
)


@pytest.mark.parametrize(("reason", "name_is_taken"), [*itertools.product(REASONS, (False, True))])
def test_where_a_member_is_that_left(modules: Modules, reason: str, *, name_is_taken: bool) -> None:
    """For good, or for a while; somebody else of that name is not them."""
    presence = Presence(lambda: 0.0)
    presence.reset("Me", [Person("me", "Me"), Person("ben", "Ben")])
    presence.member_left("Ben", reason)
    if name_is_taken:
        presence.member_joined(Person("ben2", "ben"))
    script = """
    people.left({member: 'ben', name: 'Ben', reason}, 0);
    if (taken) people.add({id: 'ben2', name: 'ben'});
    return [people.whereabouts({id: 'ben', name: 'Ben'}), people.whereabouts({id: 'x', name: 'Cleo'}),
      people.whereabouts({id: 'me', name: 'Me'}), people.whereabouts({id: '', name: 'Old'})];
    """
    expected = whereabouts(presence, Recipient("ben", "Ben")).value
    found = modules.run(SETUP + script, reason=reason, taken=name_is_taken)
    assert found == [expected, "away", "here", "gone"]


def test_a_lost_connection_is_listed_for_a_while(modules: Modules) -> None:
    """Not once they are back, also as another member of that name."""
    script = """
    const names = (now) => people.lost(now).map((each) => each.name);
    people.left({member: 'ben', name: 'Ben', reason: 'connection-broke'}, 100);
    const shown = [names(101), names(399), names(401)];
    people.add({id: 'other', name: 'Ben'});
    return [...shown, names(101)];
    """
    assert modules.run(SETUP + script) == [["Ben"], ["Ben"], [], []]
