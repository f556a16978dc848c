"""What `messango doctor` checks on this computer."""
