"""Made-up adapters in the form of ifaddr."""

from __future__ import annotations

import ifaddr


def adapter(name: str, *addresses: str, nice_name: str | None = None, index: int = 7) -> ifaddr.Adapter:
    """Return an adapter in ifaddr's form: IPv6 addresses are tuples."""
    ips = [
        ifaddr.IP((text, 0, index if text.startswith("fe80") else 0), 64, nice_name or name)
        if ":" in text
        else ifaddr.IP(text, 24, nice_name or name)
        for text in addresses
    ]
    return ifaddr.Adapter(name, nice_name or name, ips, index=index)
