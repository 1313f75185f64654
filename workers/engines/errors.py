"""What goes wrong between a model's name and its first score."""


class ModelUnavailable(Exception):
    """The model cannot be loaded or run; nothing was scored, so nothing may be approved.

    The message is one line for the operator: what is missing and what to do about it.
    """
