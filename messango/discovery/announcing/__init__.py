"""Announces a room on the local network, and keeps its name, also against others who claim it."""
