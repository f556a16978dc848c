"""One thread decodes pictures: what was asked for last comes first, and nothing that nobody waits for."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator

import pytest

from messango.gui.background import decode_picture as decoding_module
from messango.gui.background.picture_loader import PictureLoader
from messango.gui.model.pictures.decoding import (
    DAMAGED,
    NoPicture,
    PictureRequest,
    PictureResult,
    PictureSource,
)

WAIT_S = 20.0


@pytest.fixture
def loader() -> Iterator[PictureLoader]:
    """A loader that ends with the test."""
    loader = PictureLoader()
    yield loader
    loader.finish(WAIT_S)


class Gate:
    """Holds the thread at its first picture until `open`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()
        self.decoded: list[PictureSource] = []
        monkeypatch.setattr(decoding_module, "decode_picture", self._decode)

    def _decode(self, request: PictureRequest) -> PictureResult:
        self.decoded.append(request.source)
        self.entered.set()
        assert self.opened.wait(WAIT_S)
        if request.source == b"bug":
            raise ZeroDivisionError
        return NoPicture(str(request.source))


def request(name: bytes) -> PictureRequest:
    """Return a request that the gate knows again."""
    return PictureRequest(name, (1, 1), "#000000")


def _note(done: list[str], name: str, _result: PictureResult) -> None:
    done.append(name)


def deliver(loader: PictureLoader, count: int) -> None:
    """Do what the pump does with this many callbacks."""
    for _ in range(count):
        loader.completions.get(timeout=WAIT_S)()


def test_the_last_one_comes_first(loader: PictureLoader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who has scrolled on looks at those now."""
    gate, done = Gate(monkeypatch), list[str]()
    loader.load(request(b"0"), lambda _: done.append("0"))
    assert gate.entered.wait(WAIT_S)
    for name in (b"1", b"2", b"3"):
        loader.load(request(name), functools.partial(_note, done, name.decode()))
    gate.opened.set()
    deliver(loader, 4)
    assert gate.decoded == [b"0", b"3", b"2", b"1"]
    assert done == ["0", "3", "2", "1"]


def test_a_cancelled_picture_is_not_decoded(loader: PictureLoader, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nobody hears of it, even if it is already done."""
    gate, done = Gate(monkeypatch), list[PictureResult]()
    first = loader.load(request(b"0"), done.append)
    assert gate.entered.wait(WAIT_S)
    loader.load(request(b"1"), done.append).cancel()
    loader.load(request(b"2"), done.append)
    first.cancel()
    gate.opened.set()
    deliver(loader, 2)
    assert gate.decoded == [b"0", b"2"]
    assert done == [NoPicture("b'2'")]


def test_a_bug_costs_one_picture(loader: PictureLoader, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is decoded."""
    gate, done = Gate(monkeypatch), list[PictureResult]()
    gate.opened.set()
    loader.load(request(b"bug"), done.append)
    deliver(loader, 1)
    loader.load(request(b"1"), done.append)
    deliver(loader, 1)
    assert done == [NoPicture(DAMAGED), NoPicture("b'1'")]


def test_without_pictures_there_is_no_thread() -> None:
    """It starts with the first one, and `finish` ends it."""
    loader = PictureLoader()
    before = threading.active_count()
    loader.finish(WAIT_S)
    assert threading.active_count() == before
    loader = PictureLoader()
    loader.load(request(b"nothing"), lambda _: None)
    deliver(loader, 1)
    loader.finish(WAIT_S)
    loader.finish(WAIT_S)
    assert threading.active_count() == before
