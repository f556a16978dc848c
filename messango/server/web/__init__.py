"""Browsers: the threads' side of `messango.web`."""
