"""The protocol of the Perspective API, version v1alpha1."""

from moderation.compat.perspective.routes import make_blueprint

__all__ = ["make_blueprint"]
