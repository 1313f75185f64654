"""What a benchmark needs and this machine lacks."""


class Missing(Exception):
    """The message names it, and how to get it; the other benchmarks run all the same."""
