"""A laboratory: a room of five on a LAN where nearly everything breaks, and a check of what was promised."""
