"""Searches for one room or for all, and says why none was found."""
