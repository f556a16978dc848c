"""A phone with a browser in the LAN: what it asks of the network, and what becomes of its guest there."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest

from tests.lan.conditions import replace_addresses
from tests.lan.lan import Lan
from tests.lan.phone import Phone
from tests.lan.rooms import Member, open_room
from tests.lan.test_capture import Capture
from tests.lan.wire import Air, bad_air

pytestmark = [pytest.mark.lan, pytest.mark.browser]

_LINK = re.compile(r"https://10\.77\.\d+\.\d+:8000/#k=[\w-]{22}")


class Table:
    """A room on one host, a member on another, and a guest on a phone."""

    def __init__(self, lan: Lan) -> None:
        self.lan = lan
        self.host, ann, phone = lan.hosts
        self.server = open_room(self.host, "Table 4", "--web")
        self.ann = Member(ann, "Table 4", "Ann")
        self.phone = Phone(phone)

    @property
    def link(self) -> str:
        """The last link that the server has printed."""
        printed: list[str] = _LINK.findall(self.server.out.text_so_far())
        return printed[-1]

    def come_in(self) -> None:
        """Have the guest join, and everybody talk."""
        self.phone.come_in(self.link, "Zoë")
        self.ann.await_event(event="joined", name="Zoë")
        self.talk("Hello")

    def talk(self, text: str) -> None:
        """Have each say something to the other."""
        self.phone.say(f"{text} from the phone")
        self.ann.await_event(event="message", text=f"{text} from the phone")
        self.ann.send_message(f"{text} from Ann")
        self.phone.wait_for(".message", f"{text} from Ann")


@pytest.fixture
def table(lan: Lan) -> Table:
    """A table without the guest, who has the link."""
    return Table(lan)


def far_ends(pcap: str, own: str) -> set[str]:
    """Return the addresses to which packets went."""
    return {found[1] for found in re.finditer(rf"IP {re.escape(own)}\.\d+ > ([\d.]+)\.\d+:", pcap)}


@pytest.mark.skipif(shutil.which("tcpdump") is None, reason="tcpdump is not there.")
def test_the_page_asks_for_nothing_elsewhere(table: Table, tmp_path: Path) -> None:
    """The phone speaks to the host only, and without mDNS; listeners read neither key nor text."""
    phone = table.phone.host
    capture = Capture(phone, tmp_path / "phone.pcap")
    table.come_in()
    data = capture.stop()
    listed = phone.run(["tcpdump", "-nr", str(tmp_path / "phone.pcap"), "ip", "or", "ip6"]).stdout
    assert far_ends(listed, phone.address) == {table.host.address}
    own_questions = [line for line in listed.splitlines() if ".5353 >" in line and phone.address in line]
    assert own_questions == []
    assert table.link.partition("#k=")[2].encode() not in data
    assert b"Hello from" not in data


@pytest.mark.situation
def test_a_short_break_keeps_the_seat(table: Table) -> None:
    """The cable is out for 20 s; the guest has what was said, once, and nobody saw them leave for good."""
    table.come_in()
    table.lan.pull_cable(table.phone.host)
    table.ann.send_message("while you were away")
    time.sleep(20)
    table.phone.say("written without a network")
    plug_in(table)
    table.phone.wait_for(".message.own.sent", "written without a network")
    table.ann.await_event(event="message", text="written without a network")
    assert table.phone.texts() == [
        "Hello from the phone",
        "Hello from Ann",
        "while you were away",
        "written without a network",
    ]
    assert '"name": "Zoë"' not in gone(table)


@pytest.mark.situation
def test_a_long_break_gives_up_the_seat(table: Table) -> None:
    """After a minute the guest is a new member, by the same link, with everything that was said, once."""
    table.come_in()
    table.lan.pull_cable(table.phone.host)
    table.ann.send_message("while you were away")
    table.phone.wait_for("#banner", "The room does not answer.")
    table.phone.wait_for("#banner", "scan the QR code that the host shows now")
    table.ann.await_event(event="left", name="Zoë")
    plug_in(table)
    table.phone.wait_for("#room-state", "2 of 5 seats taken")
    table.talk("Back")
    said = ["Hello from the phone", "Hello from Ann", "while you were away", "Back from the phone"]
    assert table.phone.texts() == [*said, "Back from Ann"]


@pytest.mark.situation
def test_the_host_gets_another_address(table: Table) -> None:
    """The page says what to do; the new link leads the guest in."""
    table.come_in()
    old = table.link
    replace_addresses(table.host, "10.77.0.99/24")
    table.server.out.wait_for(r"https://10\.77\.0\.99:8000/#k=")
    table.phone.wait_for("#banner", "scan the QR code that the host shows now")
    assert table.link.partition("#")[2] == old.partition("#")[2]
    table.phone.come_in(table.link, "Zoë too")
    table.phone.wait_for(".message", "Hello from Ann")


@pytest.mark.situation
def test_the_phone_gets_another_address(table: Table) -> None:
    """As in another Wi-Fi of the same host; the guest is the same member."""
    table.come_in()
    replace_addresses(table.phone.host, "10.77.0.77/24")
    table.talk("Moved")
    table.phone.wait_for("#room-state", "2 of 5 seats taken")


@pytest.mark.situation
def test_bad_air(table: Table) -> None:
    """A fifth of the packets is lost, and a round trip takes 300 ms: nothing is missing or twice."""
    table.come_in()
    with bad_air(table.lan, table.phone.host, Air(loss=0.2, delay_s=0.15)):
        table.phone.call("reload")
        table.phone.wait_for("#room-state", "2 of 5 seats taken")
        for number in range(5):
            table.talk(f"Slowly {number}")
    texts = table.phone.texts()
    assert len(texts) == len(set(texts)) == 12


def plug_in(table: Table) -> None:
    """Put the phone's cable back."""
    table.lan.plug_cable(table.phone.host)


def gone(table: Table) -> str:
    """Return what Ann's program has written of those who left."""
    return "\n".join(line for line in table.ann.process.out.seen if '"left"' in line)
