"""Heavy work in a process of its own: reading many stories, statistics, pictures."""
