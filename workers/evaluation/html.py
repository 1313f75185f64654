"""The report: one page that holds all it needs, without a script and without a comment's text."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from workers.evaluation import charts


def report_page(found: Mapping[str, Any]) -> str:
    """Lay out the evaluation of a model."""
    return _page("report.html", found)


def comparison_page(found: Mapping[str, Any]) -> str:
    """Lay out the comparison of two models."""
    return _page("comparison.html", found)


def spam_page(found: Mapping[str, Any]) -> str:
    """Lay out the evaluation of the spam model."""
    return _page("spam.html", found)


def _page(template: str, found: Mapping[str, Any]) -> str:
    environment = Environment(
        loader=PackageLoader("workers.evaluation"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "share": lambda value: "–" if value is None else f"{value:.1%}",  # noqa: RUF001
        "figure": lambda value: "–" if value is None else f"{value:.4f}",  # noqa: RUF001
        "points": lambda value: "–" if value is None else f"{100 * value:+.1f}",  # noqa: RUF001
        "words": lambda name: "AUC" if name == "auc" else name.replace("_", " "),
    }
    environment.globals["charts"] = charts
    return environment.get_template(template).render(found)
