"""A room that had to take a number gets its name back."""

from __future__ import annotations

import queue

import pytest

from messango.discovery.announcing import name_recovery
from messango.discovery.announcing.name_recovery import FIRST_CHECK_S, MAX_CHECK_S, check_every_s
from messango.discovery.browse import Browser
from tests.discovery.announcing.test_name_conflict import RIVAL_PORT, Attacker
from tests.discovery.factories import FakeProbe, some_room_info, unique, wait_for
from tests.discovery.hosts import PORT, AdvertisedRoom, advertised, is_listed


@pytest.fixture(autouse=True)
def _quick_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_recovery, "FIRST_CHECK_S", 0.2)
    for name in ("_NEXT_CHECK_S", "_GOODBYE_CHECK_S", "_ANSWER_S"):
        monkeypatch.setattr(name_recovery, name, 0.2)


def open_second(name: str, answers: FakeProbe) -> AdvertisedRoom:
    """Open a room whose name is taken, and return it once it has a number."""
    second = AdvertisedRoom(some_room_info(name), port=PORT + 1, answers=answers)
    second.advertiser.start()
    assert second.names.get(timeout=20) == f"{name} 2"
    return second


def test_the_name_of_a_room_that_closed_comes_back(browser: Browser) -> None:
    """While the other room answers, the number stays."""
    name, answers = unique("Office"), FakeProbe()
    with advertised(some_room_info(name), answers=answers):
        wait_for(browser.events, is_listed(name))
        second = open_second(name, answers)
        try:
            wait_for(browser.events, is_listed(f"{name} 2"))
            checked = answers.probed_ports.count(PORT)
            while answers.probed_ports.count(PORT) < checked + 3:
                with pytest.raises(queue.Empty):
                    second.names.get(timeout=0.2)
        except BaseException:
            second.close()
            raise
    try:
        assert second.names.get(timeout=20) == name
        wait_for(browser.events, is_listed(name))
    finally:
        second.close()


def test_a_name_that_was_only_announced_comes_back(browser: Browser) -> None:
    """The forger goes on; no room answers where it points."""
    name, answers = unique("Office"), FakeProbe()
    with advertised(some_room_info(name), answers=answers, port=RIVAL_PORT):
        wait_for(browser.events, is_listed(name))
        second = open_second(name, answers)
        attacker = Attacker()
        try:
            del answers.by_port[RIVAL_PORT]
            assert second.names.get(timeout=20) == name
            attacker.claim(name, "messango-0.local.")
            wait_for(browser.events, is_listed(name))
            with pytest.raises(queue.Empty):
                second.names.get(timeout=1.0)
        finally:
            attacker.close()
            second.close()


def test_each_loss_makes_the_next_try_later() -> None:
    """So two rooms that meet now and then do not change their names all the time."""
    assert [check_every_s(losses) / check_every_s(0) for losses in range(5)] == [1, 1, 2, 4, 8]
    assert check_every_s(100) == MAX_CHECK_S
    assert FIRST_CHECK_S < MAX_CHECK_S
