"""Advertise a room on the local network, and browse for rooms (mDNS, by zeroconf)."""
