"""The processes that score comments, deliver webhooks and sweep."""
