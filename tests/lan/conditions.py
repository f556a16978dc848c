"""What real networks do to a room: other addresses, routes and filters, on the hosts of a LAN.

Each function changes one host or the switch, inside their namespaces only; the LAN takes it along when it
closes. Loss and delay on a cable are in `wire`.
"""

from __future__ import annotations

import subprocess

from tests.lan.lan import Host, Lan


def inside(namespace: str, *command: str) -> str:
    """Run a command of the system in a namespace, and return what it wrote; it has to succeed."""
    done = subprocess.run(
        ["ip", "netns", "exec", namespace, *command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
    return done.stdout


def add_address(host: Host, address: str, interface: str = "eth0") -> None:
    """Give an interface one more address, written with its prefix: 169.254.7.1/16."""
    inside(host.namespace, "ip", "addr", "add", address, "dev", interface)


def replace_addresses(host: Host, *addresses: str, interface: str = "eth0") -> None:
    """Take all IPv4 addresses off an interface, and give it these, written with their prefixes."""
    inside(host.namespace, "ip", "-4", "addr", "flush", "dev", interface)
    for address in addresses:
        add_address(host, address, interface)


def add_bridge(host: Host, name: str, address: str) -> None:
    """Add a bridge of this machine alone, as for containers or virtual machines."""
    inside(host.namespace, "ip", "link", "add", name, "type", "bridge")
    inside(host.namespace, "ip", "link", "set", name, "up")
    add_address(host, address, name)


def add_tunnel(host: Host, name: str, address: str, *routes: str) -> None:
    """Add the interface of a VPN that swallows what goes into it, with routes such as 10.0.0.0/8."""
    inside(host.namespace, "ip", "tuntap", "add", "dev", name, "mode", "tun")
    inside(host.namespace, "ip", "link", "set", name, "up")
    add_address(host, address, name)
    for route in routes:
        inside(host.namespace, "ip", "route", "add", route, "dev", name)


def filter_packets(host: Host, hook: str, *rules: str) -> None:
    """Add rules of nft to a host, such as `udp dport 5353 drop`; `hook` is input, output or forward.

    The table is `inet test`; its chains are named like their hooks.
    """
    _nft(
        host.namespace,
        "add table inet test",
        f"add chain inet test {hook} {{ type filter hook {hook} priority 0; }}",
        *(f"add rule inet test {hook} {rule}" for rule in rules),
    )


def filter_switch(lan: Lan, *rules: str) -> None:
    """Add rules of nft to the switch, for what it passes on: `ip daddr 224.0.0.0/4 drop`."""
    _nft(
        lan.switch,
        "add table bridge test",
        "add chain bridge test forward { type filter hook forward priority 0; }",
        *(f"add rule bridge test forward {rule}" for rule in rules),
    )


def isolate_clients(lan: Lan, *hosts: Host) -> None:
    """Let these hosts of the first network reach all others but not each other, as guest Wi-Fi does."""
    for host in hosts:
        inside(lan.switch, "bridge", "link", "set", "dev", f"{host.name}-0", "isolated", "on")


def forward_packets(host: Host) -> None:
    """Make a host with two networks their router."""
    inside(host.namespace, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")


def forward_port(router: Host, port: int, to: str) -> None:
    """Send connections to a port of the router on to `to`, ADDRESS:PORT, as a home router does."""
    forward_packets(router)
    _nft(
        router.namespace,
        "add table ip test",
        "add chain ip test before { type nat hook prerouting priority dstnat; }",
        "add chain ip test after { type nat hook postrouting priority srcnat; }",
        f"add rule ip test before tcp dport {port} dnat to {to}",
        "add rule ip test after masquerade",
    )


def _nft(namespace: str, *commands: str) -> None:
    done = subprocess.run(
        ["ip", "netns", "exec", namespace, "nft", "-f", "-"],
        input="\n".join(commands),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
