"""Advertises a room on the local network, and browses for rooms (mDNS, with zeroconf)."""
