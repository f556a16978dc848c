"""Messango: a chat room for the people on one local network."""

__version__ = "1.0.0"
