"""What the doctor says about the link of a linked room. Nothing is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from messango.doctor.checks.engine_probe import EngineAnswer, EngineTarget
from messango.doctor.checks.link import check_link_file, check_open_links
from messango.doctor.findings import Severity
from messango.errors import StorageUnavailable
from messango.transport.addresses import Address
from messango.transport.control.client import RequestFailed, RunningRoom
from messango.transport.control.folder import RoomRecord

FIRST, SECOND = Address("192.168.1.20", 4222), Address("10.0.0.7", 4222)
TARGET = EngineTarget([FIRST, SECOND], "messango_1", None)
WORKS = EngineAnswer(reached=True, is_nats=True, let_in=True, version="2.15.1", entries=1_200)
SILENT = EngineAnswer(reason="no answer")
TEA = RunningRoom("1f" * 16, "Tea", 4242, Path("tea"), RoomRecord("1f" * 16, "Tea", 4242, ""))


def findings(first: EngineAnswer, second: EngineAnswer) -> list[tuple[Severity, str]]:
    """Return what is said if this answers at the two addresses."""
    answers = {FIRST: first, SECOND: second}
    found = check_link_file(TARGET, lambda address, _: answers[address])
    return [(each.severity, each.message) for each in found]


def test_it_works() -> None:
    """With the engine's version and the number of entries."""
    assert findings(WORKS, WORKS)[0] == (
        Severity.OK,
        "The engine answers at 192.168.1.20:4222 (nats-server 2.15.1), and has this room's stream with 1,200 "
        "entries.",
    )


def test_one_address_is_enough() -> None:
    """So what is wrong with another is only said."""
    (severity, message), (other, _) = findings(SILENT, WORKS)
    assert (severity, other) == (Severity.NOTE, Severity.OK)
    assert "can't be reached at 192.168.1.20:4222 (no answer). Another address works." in message


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (SILENT, "can't be reached"),
        (EngineAnswer(reached=True, reason="another program answers"), "is not an engine"),
        (
            EngineAnswer(reached=True, is_nats=True, version="2.9.10", reason="Authorization Violation"),
            "(nats-server 2.9.10) does not work with this file: Authorization Violation.",
        ),
        (
            EngineAnswer(reached=True, is_nats=True, let_in=True, version="2.9.10"),
            "has no stream for this room",
        ),
    ],
)
def test_what_is_wrong(answer: EngineAnswer, words: str) -> None:
    """Each has a sentence, and something to do."""
    found = [*check_link_file(EngineTarget([FIRST], "messango_1", None), lambda *_: answer)]
    assert [each.severity for each in found] == [Severity.PROBLEM]
    assert words in found[0].message
    assert found[0].remedy


def report(*, up: bool) -> Mapping[str, Any]:
    """Return what a room says about its link."""
    servers = [
        {"name": "a", "present": True},
        {"name": "b", "present": True},
        {"name": "c", "present": False},
    ]
    return {"up": up, "reason": "The engine is silent.", "hint": "Check the cable.", "servers": servers}


def test_open_rooms_that_are_linked() -> None:
    """They know it themselves."""
    (good,) = check_open_links(lambda: [TEA], lambda _: report(up=True))
    assert good.severity is Severity.OK
    assert "The room “Tea” is linked: 2 servers" in good.message
    (bad,) = check_open_links(lambda: [TEA], lambda _: report(up=False))
    assert bad.severity is Severity.PROBLEM
    assert "The engine is silent." in bad.message
    assert bad.remedy == "Check the cable."


def test_open_rooms_that_are_not() -> None:
    """Nothing is said about them, nor about earlier versions or a folder that can't be read."""

    def refuse(_: RunningRoom) -> Mapping[str, Any]:
        raise RequestFailed("not-linked", "This room is not linked.")

    def no_folder() -> list[RunningRoom]:
        raise StorageUnavailable(Path("/x"), "gone")

    assert [*check_open_links(lambda: [TEA], refuse)] == []
    assert [*check_open_links(lambda: [TEA], lambda _: {"later": 1})] == []
    assert [*check_open_links(no_folder)] == []
