"""What may stand in an address where an id does."""

from typing import Final

from flask import Flask
from werkzeug.routing import BaseConverter

_WORDS: Final = ("batch", "rotate")
"""Stand where an id could: ``/v1/comments/batch`` beside ``/v1/comments/{comment_id}``."""


class _AnyId(BaseConverter):
    """Whatever can stand between two slashes, save the words.

    Without it a method that ``batch`` does not know would reach the comment of that id.
    """

    regex = rf"(?!(?:{'|'.join(_WORDS)})\Z)[^/]+"
    part_isolating = True


def keep_words_apart(app: Flask) -> None:
    """Let no parameter of an address of *app* be one of the words. Call it before any route."""
    app.url_map.converters["default"] = _AnyId
