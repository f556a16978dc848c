"""Sends and gets files: each over a connection of its own, whole or not at all."""
