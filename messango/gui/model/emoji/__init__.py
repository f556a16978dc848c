"""Decisions about choosing emoji."""
