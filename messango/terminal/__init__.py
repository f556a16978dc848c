"""The terminal face: `messango chat`, typed by a person or fed by a pipe."""
