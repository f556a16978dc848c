"""The commands of `messango`, a file each."""
