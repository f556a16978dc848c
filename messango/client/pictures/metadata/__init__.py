"""Removes from pictures what says where, when and with what they were taken, and leaves their pixels alone."""
