"""The members on the page."""

from __future__ import annotations

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser


def test_people_are_listed_as_they_joined_with_you_first(modules: Modules) -> None:
    """A rename keeps the place."""
    script = """
    const {People} = await load('model/people.js');
    const people = new People();
    people.reset({member: 'me', you: 'Me', people: [{id: 'ben', name: 'Ben', host: true}, {id: 'me',
      name: 'Me'}]});
    people.add({id: 'cleo', name: 'Cleo', web: true, encrypted: false, resembles: 'Ben'});
    people.add({id: 'ben', name: 'Benjamin', host: true});
    const names = people.all.map((each) => each.name);
    return [names, people.me.you, people.get('cleo'), people.left({member: 'ben'}, 1),
      people.left({member: 'ben'}, 1),
      people.count];
    """
    cleo = {"id": "cleo", "name": "Cleo", "you": False, "host": False, "web": True, "encrypted": False}
    assert modules.run(script) == [
        ["Me", "Benjamin", "Cleo"],
        True,
        cleo | {"resembles": "Ben", "server": ""},
        True,
        False,
        2,
    ]


def test_you_are_there_even_if_the_room_names_nobody(modules: Modules) -> None:
    """A long list comes in parts."""
    script = """
    const {People} = await load('model/people.js');
    const people = new People();
    people.reset({member: 'me', you: 'Me'});
    return people.me.name;
    """
    assert modules.run(script) == "Me"


def test_the_servers_of_a_linked_room(modules: Modules) -> None:
    """Ours is the one that has the room's own id; a room with one server has none."""
    script = """
    const {People} = await load('model/people.js');
    const people = new People();
    const room = {id: 'r1'};
    const servers = [{id: 'r2', name: 'west'}, {id: 'r1', name: 'east'}];
    people.reset({member: 'me', you: 'Me', room, servers,
      people: [{id: 'me', name: 'Me'}, {id: 'ben', name: 'Ben', server: 'west'}]});
    const linked = [people.server, people.servers, people.get('ben').server, people.me.server];
    people.reset({member: 'me', you: 'Me', room});
    return [linked, people.server, people.servers];
    """
    assert modules.run(script) == [["east", ["west", "east"], "west", ""], "", []]
