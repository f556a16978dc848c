"""Finds out why no rooms are found, and what to do about each cause. Changes nothing on the machine."""
