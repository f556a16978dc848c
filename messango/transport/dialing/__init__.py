"""Connects to a room at one of its addresses, and says why no room answers there."""
