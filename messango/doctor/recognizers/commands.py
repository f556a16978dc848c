"""Commands that change an address or a route on this system. They hold until the next restart."""

from __future__ import annotations

import ipaddress
import shlex

from messango.doctor.firewall.cures import as_root

_WINDOWS: str = "in a terminal as administrator, "


def add_address(system: str, interface: str, address: str, prefix_length: int) -> str:
    """Return how to give an interface one more IPv4 address; the others stay."""
    netmask = ipaddress.ip_network(f"0.0.0.0/{prefix_length}").netmask
    if system == "win32":
        return f'{_WINDOWS}`netsh interface ipv4 add address "{interface}" {address} {netmask}`'
    if system == "darwin":
        return f"`sudo ifconfig {shlex.quote(interface)} alias {address} netmask {netmask}`"
    return f"`{as_root(f'ip addr add {address}/{prefix_length} dev {shlex.quote(interface)}')}`"


def remove_address(system: str, interface: str, address: str, prefix_length: int) -> str:
    """Return how to take an address off an interface."""
    if system == "win32":
        return f'{_WINDOWS}`netsh interface ipv4 delete address "{interface}" {address}`'
    if system == "darwin":
        return f"`sudo ifconfig {shlex.quote(interface)} -alias {address}`"
    return f"`{as_root(f'ip addr del {address}/{prefix_length} dev {shlex.quote(interface)}')}`"


def set_route(system: str, literal: str, interface: str, gateway: str = "", mtu: int = 0) -> str:
    """Return how to reach one address by this interface, past every other route; `mtu` in bytes, 0 as it is.

    Also through a router, and in smaller packets: the other side then gets told to send small ones too.
    """
    version = 6 if ":" in literal else 4
    target = f"{literal}/{128 if version == 6 else 32}"
    if system == "win32":
        if mtu:
            return f'{_WINDOWS}`netsh interface ipv{version} set subinterface "{interface}" mtu={mtu}`'
        return (
            f'{_WINDOWS}`netsh interface ipv{version} add route {target} "{interface}" '
            f"{f'{gateway} ' if gateway else ''}store=active`"
        )
    if system == "darwin":
        family = "-inet6" if version == 6 else "-inet"
        way = f"{gateway}" if gateway else f"-interface {shlex.quote(interface)}"
        limit = f" -mtu {mtu}" if mtu else ""
        return f"`sudo route -n add {family} -host {literal} {way}{limit}`"
    family = "-6 " if version == 6 else ""
    via = f" via {gateway}" if gateway else ""
    limit = f" mtu {mtu}" if mtu else ""
    # `replace`, because `add` fails where a VPN has a route to just this address.
    return f"`{as_root(f'ip {family}route replace {target}{via} dev {shlex.quote(interface)}{limit}')}`"


def prefer_main_table(literal: str) -> str:
    """Return how to make Linux look this address up in its main table, before the rules of a VPN."""
    family = "-6 " if ":" in literal else ""
    return f"`{as_root(f'ip {family}rule add to {literal} lookup main priority 100')}`"


def turn_off(system: str, interface: str) -> str:
    """Return how to turn an interface off."""
    if system == "win32":
        return f'{_WINDOWS}`netsh interface set interface "{interface}" disabled`'
    if system == "darwin":
        return f"`sudo ifconfig {shlex.quote(interface)} down`"
    return f"`{as_root(f'ip link set {shlex.quote(interface)} down')}`"
