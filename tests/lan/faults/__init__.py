"""A fault harness: a room of five on a LAN where nearly everything breaks, and a check of every promise."""
