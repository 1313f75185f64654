"""A made-up newspaper with articles to comment on, so that the service can be tried."""

from moderation.demo.pages import make_blueprint

__all__ = ["make_blueprint"]
