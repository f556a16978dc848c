"""The files that members have shared: their records, limits, and what the room asks about them."""
