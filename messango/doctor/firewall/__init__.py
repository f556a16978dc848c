"""Firewalls: what the rules of this computer drop, and the commands that allow it."""
