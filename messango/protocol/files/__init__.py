"""Files: their names, the line that stands for one, and the frames that carry one. Pure."""
