"""Members, seats, names, order and history: what was asked in, who hears what out.

No socket and no lock: whoever owns the room calls it from one thread, and tells it the time.
"""
