"""The screen of `messango chat`: transcript, field, keys."""
