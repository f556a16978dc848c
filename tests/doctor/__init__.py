"""Each cause that the doctor knows is produced, and found."""
