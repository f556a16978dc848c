"""The rules for names and texts: what is valid, what looks alike, and how they are shown and searched."""
