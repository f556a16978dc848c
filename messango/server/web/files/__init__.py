"""Files for browsers: tickets and downloads, and uploads."""
