"""``moderation up``: the whole service under one parent, and no process left behind."""
