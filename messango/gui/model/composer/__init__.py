"""What is being written: the field, for whom it is, what it offers, and what becomes of it."""
