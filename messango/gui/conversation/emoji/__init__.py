"""Choosing emoji: the picker."""
