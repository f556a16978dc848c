"""Says why no room is seen, cause by cause, each with its cure. Changes nothing on the machine."""
