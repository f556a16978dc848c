"""Files for browsers: what their answers and requests say. Pure."""
