"""Pages for people: the API's operations, and what each problem means. No script, no CDN."""

import re
from typing import Any, Final

from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app, render_template
from markupsafe import Markup, escape

from moderation.api.access import Access
from moderation.api.problem_types import ALL
from moderation.bootstrap import Services
from moderation.errors import NotFound

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_CODE: Final = re.compile(r"(`{1,2})([^`]+)\1")


def make_blueprint(services: Services, access: Access) -> APIBlueprint:  # noqa: ARG001 - open to all
    """Build the routes; anybody may read them."""
    bp = APIBlueprint("pages", __name__, enable_openapi=False, template_folder="templates")

    bp.add_app_template_filter(with_code)

    @bp.get("/docs")
    def docs() -> Response:
        """Every operation, from the API's own document."""
        if not isinstance(current_app, APIFlask):  # pragma: no cover - it is one
            raise TypeError
        document = current_app.spec
        return _page("docs.html", document=document, operations=_operations(document))

    @bp.get("/problems/<slug>")
    def problem(slug: str) -> Response:
        """What a problem means and what to do about it."""
        if slug not in ALL:
            raise NotFound("problem", slug)
        return _page("problem.html", problem=ALL[slug])

    return bp


def with_code(text: str) -> Markup:
    """Show what descriptions put between backticks as code, and everything else as it is."""
    return Markup(_CODE.sub(r"<code>\2</code>", str(escape(text))))  # noqa: S704 - escaped before


def _operations(document: Any) -> list[dict[str, Any]]:
    return [
        {"path": path, "method": method.upper(), **operation}
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _page(template: str, **shown: Any) -> Response:
    page = Response(render_template(template, **shown), content_type="text/html; charset=utf-8")
    page.headers["Content-Security-Policy"] = _POLICY
    return page
