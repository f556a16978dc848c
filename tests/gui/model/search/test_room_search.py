"""Searching all that a room keeps, without a display."""

from __future__ import annotations

from messango.client.events import MessageReceived, RequestFailed, SearchResult
from messango.gui.model.search.room_search import RoomSearch
from tests.gui.fakes import received


class Searching:
    """A search, its requests, and a clock that tests set."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.search = RoomSearch(lambda: self.seconds)
        self.search.is_available = True
        self.requests: list[tuple[str, int | None]] = []

    def wait(self, seconds: float) -> None:
        """Let time pass, and then the search ask."""
        self.seconds += seconds
        self.search.load(self._ask)

    def answer(self, *seqs: int, more: bool = False, text: str = "lunch at noon") -> None:
        """Answer the last request with messages."""
        messages = tuple(received(seq, "Ben", text) for seq in seqs)
        self.search.received(SearchResult(f"s{len(self.requests)}", messages, more, 1_000), messages)

    def seqs(self) -> list[int]:
        """Return the numbers of the results."""
        return [message.seq for message in self.search.results]

    def _ask(self, words: str, before: int | None) -> str:
        self.requests.append((words, before))
        return f"s{len(self.requests)}"


def test_room_is_asked_when_the_person_pauses() -> None:
    """Not for each key, and at most twice a second."""
    searching = Searching()
    for typed in ("l", "lu", "lun"):
        searching.search.start(typed)
        searching.wait(0.1)
    assert searching.requests == []
    searching.wait(0.3)
    assert searching.requests == [("lun", None)]
    searching.search.start("lunch")
    searching.wait(0.3)
    searching.wait(0.1)
    assert searching.requests == [("lun", None)]
    searching.wait(0.2)
    assert searching.requests == [("lun", None), ("lunch", None)]
    assert searching.search.status_text == "Searching the whole room…"


def test_results_are_newest_first_and_go_on() -> None:
    """Older ones are asked for when they are wanted, and nothing comes twice."""
    searching = Searching()
    searching.search.start("lunch")
    searching.wait(1)
    searching.answer(5, 7, 9, more=True)
    assert searching.seqs() == [9, 7, 5]
    assert searching.search.status_text == "3+ messages in the whole room"
    searching.wait(1)
    assert len(searching.requests) == 1
    searching.search.want_more()
    searching.wait(1)
    assert searching.requests[-1] == ("lunch", 5)
    searching.answer(2, 5, 9)
    assert searching.seqs() == [9, 7, 5, 2]
    assert searching.search.status_text == "4 messages in the whole room"
    searching.search.want_more()
    searching.wait(1)
    assert len(searching.requests) == 2


def test_answer_to_a_former_query_is_left_out() -> None:
    """It comes after something else was typed."""
    searching = Searching()
    searching.search.start("lunch")
    searching.wait(1)
    searching.search.start("dinner")
    searching.answer(5)
    assert searching.seqs() == []
    searching.wait(1)
    searching.answer()
    assert searching.search.status_text == "Nothing found in the whole room"


def test_empty_query_ends_the_search() -> None:
    """Also one of blanks only."""
    searching = Searching()
    searching.search.start("lunch")
    searching.search.start("  ")
    searching.wait(1)
    assert searching.requests == []
    assert searching.search.status_text == ""


def test_room_without_search_is_not_asked() -> None:
    """Nothing is said about it either."""
    searching = Searching()
    searching.search.is_available = False
    searching.search.start("lunch")
    searching.wait(1)
    assert (searching.requests, searching.search.status_text) == ([], "")


def test_failure_is_said_and_typing_goes_on() -> None:
    """The next query is asked as usual."""
    searching = Searching()
    searching.search.start("lunch")
    searching.wait(1)
    assert not searching.search.failed(RequestFailed("No.", "", "fault", "other"))
    assert searching.search.failed(RequestFailed("The history can't be read now.", "", "fault", "s1"))
    assert searching.search.status_text == "The history can't be read now."
    searching.search.start("lunches")
    searching.wait(1)
    searching.answer(3)
    assert searching.seqs() == [3]


def test_only_mentions_are_results() -> None:
    """The room finds the words; whether they mention somebody is decided here, answer by answer."""
    searching = Searching()
    searching.search.start("Ann", mentioned="Ann")
    searching.wait(1)
    searching.answer(8, 9, more=True, text="planned and announced")
    searching.wait(1)
    assert searching.requests[-1] == ("Ann", 8)
    searching.answer(3, text="see you, Ann!")
    assert searching.seqs() == [3]


def test_people_whom_one_ignores_are_not_found() -> None:
    """As their messages are hidden."""
    searching = Searching()
    searching.search.hides = lambda message: message.seq == 5
    searching.search.start("lunch")
    searching.wait(1)
    searching.answer(3, 5, 7)
    assert searching.seqs() == [7, 3]


def test_endless_results_are_bounded() -> None:
    """A faulty server may find more than there is."""
    searching = Searching()
    searching.search.start("lunch")
    seq = 1_000_000
    for _ in range(100):
        searching.search.want_more()
        searching.wait(1)
        batch: list[MessageReceived] = [received(seq - each, "Ben", "lunch") for each in range(200)]
        seq -= 200
        searching.search.received(SearchResult(f"s{len(searching.requests)}", tuple(batch), True, 1), batch)
    assert len(searching.seqs()) == 2_000
