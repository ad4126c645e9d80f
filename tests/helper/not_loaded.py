"""A module that cannot be loaded here, as one that finds no place to write in."""

raise OSError("read-only file system")
