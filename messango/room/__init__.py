"""Members, seats, names, order and history: requests in, deliveries out.

No socket, no lock and no clock: one thread owns the room, and passes the time to it.
"""
