"""Removes from a picture what says where, when and with what it was taken, and leaves its pixels alone."""
