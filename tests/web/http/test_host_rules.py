"""The `Host` and `Origin` of requests: those of our page only."""

from __future__ import annotations

import pytest

from messango.web.http.host_rules import HTTP_PORT, HostRules
from messango.web.http.http_error import HttpError
from messango.web.http.request import Request

RULES = HostRules("192.168.1.20", 8000, "Lab-PC")
HOST = "192.168.1.20:8000"


def request(host: str | None, **headers: str) -> Request:
    """Return a request with these headers."""
    fields = {} if host is None else {"host": host}
    pairs = [(name.replace("_", "-"), value) for name, value in {**fields, **headers}.items()]
    return Request("GET", "/", [(name.encode(), value.encode()) for name, value in pairs])


@pytest.mark.parametrize(
    "host", [HOST, "localhost:8000", "lab-pc:8000", "lab-pc.local:8000", "LAB-PC.local:8000"]
)
def test_our_own_hosts_are_accepted(host: str) -> None:
    """The address at which the request arrived, and this computer's names."""
    assert RULES.check_host(request(host)) == host.lower()


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "192.168.1.20",
        "192.168.1.20:8001",
        "192.168.1.20:08000",
        "192.168.1.21:8000",
        "127.0.0.1:8000",
        "evil.example:8000",
        "192.168.1.20:8000.evil.example",
        "192.168.1.20.evil.example:8000",
        "x@192.168.1.20:8000",
        "192.168.1.20:8000, evil.example",
        "other.local:8000",
        "localhost",
        "localhost.:8000",
        "[::1]:8000",
    ],
)
def test_other_hosts_are_not(host: str | None) -> None:
    """A name that was rebound to our address is none of ours."""
    with pytest.raises(HttpError) as raised:
        RULES.check_host(request(host))
    assert raised.value.status == 421


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("fd00::1", "[fd00::1]:8000"),
        ("fe80::1%eth0", "[fe80::1]:8000"),
        ("fd00:0:0::0:1", "[fd00::1]:8000"),
        ("::1", "[::1]:8000"),
    ],
)
def test_ipv6_is_written_as_browsers_do(address: str, host: str) -> None:
    """In brackets, short and without a scope."""
    assert HostRules(address, 8000).check_host(request(host)) == host


def test_the_default_port_may_be_left_out() -> None:
    """Browsers do; a redirect names it, as the default of http is not that of https."""
    assert HostRules("10.0.0.1", 443).check_host(request("10.0.0.1")) == "10.0.0.1"
    clear = HostRules("10.0.0.1", 80, default_port=HTTP_PORT)
    assert clear.with_port(clear.check_host(request("10.0.0.1"))) == "10.0.0.1:80"
    assert clear.with_port(clear.check_host(request("10.0.0.1:80"))) == "10.0.0.1:80"
    with pytest.raises(HttpError):
        HostRules("10.0.0.1", 80).check_host(request("10.0.0.1"))


def test_our_own_page_may_ask() -> None:
    """Its origin is our address with https."""
    for required in (True, False):
        RULES.check_origin(request(HOST, origin=f"https://{HOST}"), HOST, required=required)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        f"http://{HOST}",
        "https://192.168.1.20",
        f"https://{HOST}/",
        f"https://{HOST}.evil.example",
        "https://evil.example",
        "https://localhost:8000",
    ],
)
def test_other_pages_may_not(origin: str) -> None:
    """Whatever they ask for; compared whole."""
    for required in (True, False):
        with pytest.raises(HttpError) as raised:
            RULES.check_origin(request(HOST, origin=origin), HOST, required=required)
        assert raised.value.status == 403


def test_a_missing_origin_is_enough_to_look_at_the_page() -> None:
    """But not to send something."""
    RULES.check_origin(request(HOST), HOST, required=False)
    with pytest.raises(HttpError):
        RULES.check_origin(request(HOST), HOST, required=True)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_may_be_followed_and_nothing_embedded(site: str) -> None:
    """Another page can't load from here, not even what it could not read."""
    followed = request(HOST, sec_fetch_site=site, sec_fetch_mode="navigate")
    RULES.check_origin(followed, HOST, required=False)
    with pytest.raises(HttpError):
        RULES.check_origin(request(HOST, sec_fetch_site=site, sec_fetch_mode="no-cors"), HOST, required=False)
