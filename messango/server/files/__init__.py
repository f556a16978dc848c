"""Keeps the bytes of shared files, in a folder beside the history."""
