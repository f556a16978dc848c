"""Rooms on networks as people have them: each test is a situation that somebody was in."""
