"""Searches what is loaded, and all that the room keeps."""
