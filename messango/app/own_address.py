"""Tells a person that the address that they typed is one of their own computer."""

from __future__ import annotations

import ipaddress

from messango.errors import BadAddress
from messango.transport.addresses import is_ip, parse_address_or_invite, without_scope
from messango.transport.networks.own_networks import OwnNetworks, own_networks


def own_address_note(typed: str, own: OwnNetworks | None = None) -> str:
    """Return a sentence if the text is an own address without a fingerprint, otherwise "".

    VPNs and container bridges give many machines one address: what the host of a room printed may lead to
    another room, on this computer. Who types a loopback address knows that.
    """
    host = _host_without_fingerprint(typed)
    if not is_ip(host) or ipaddress.ip_address(without_scope(host)).is_loopback:
        return ""
    if not (own or own_networks()).is_own(host):
        return ""
    return (
        f"{host} is an address of this computer: it does not lead to another one. For a room on another "
        "computer, use its name or its invite link."
    )


def _host_without_fingerprint(typed: str) -> str:
    try:
        invite = parse_address_or_invite(typed)
    except BadAddress:
        return ""
    return "" if invite is None or invite.fingerprint else invite.address.host
