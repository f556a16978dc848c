"""Recognize the reason why no room is found or reached, from what can be seen of the network."""
