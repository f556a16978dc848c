"""Rooms as the network announces them and as a list shows them. No network, no clock, no threads."""
