"""What visitors are told where an API would answer with a problem document."""

from flask import Response, render_template

from moderation.errors import BacklogFull, Invalid, ModerationError, NotFound, RateLimited

_BUSY = (
    "Many readers are writing just now. Your comment was not taken; go back and try again in a"
    " moment."
)


def html(template: str, status: int, **shown: object) -> Response:
    """Render a page."""
    page = render_template(template, **shown)
    return Response(page, status, content_type="text/html; charset=utf-8")


def message(status: int, text: str, *, retry_after_s: int | None = None) -> Response:
    """Return a page that says one thing."""
    response = html("demo/message.html", status, text=text)
    if retry_after_s is not None:
        response.headers["Retry-After"] = str(retry_after_s)
    return response


def trouble(error: ModerationError) -> Response:
    """Return the page for one of our own errors."""
    match error:
        case BacklogFull():
            return message(503, _BUSY, retry_after_s=error.retry_after_s)
        case RateLimited():
            return message(429, _BUSY, retry_after_s=error.retry_after_s)
        case Invalid():
            return message(422, "The comment that you answered is gone.")
        case NotFound():
            return message(503, "There is no demo site. Start the service with “moderation up”.")
        case _:
            return message(503, "The service cannot be reached just now. Try again in a moment.")
