"""docs/api.md names every operation, problem and metric, and nothing that is not there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from pydantic import SecretStr

from moderation.adapters.metrics import METRICS
from moderation.api.access import ADMIN_KEY, MODERATOR_TOKEN, SITE_KEY
from moderation.api.app import create_app
from moderation.api.problem_types import ALL
from moderation.bootstrap import build_services
from moderation.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
API = (DOCS / "api.md").read_text(encoding="utf-8")
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
HOLDERS = {SITE_KEY: "site", MODERATOR_TOKEN: "moderator", ADMIN_KEY: "admin"}
FOR_PEOPLE = {"/docs", "/openapi.json", "/metrics", "/problems/{slug}", "/healthz", "/readyz"}
"""Addresses that need no key; they are told in words."""
COMPATIBLE = {
    "/v1alpha1/comments:analyze": "perspective.md",
    "/v1alpha1/comments:suggestscore": "perspective.md",
    "/v1alpha1/{other}": "perspective.md",
    "/$discovery/rest": "perspective.md",
    "/1.1/verify-key": "akismet.md",
    "/1.1/comment-check": "akismet.md",
    "/1.1/submit-spam": "akismet.md",
    "/1.1/submit-ham": "akismet.md",
    "/1.2/usage-limit": "akismet.md",
    "/1.2/key-sites": "akismet.md",
    "/v1/moderations": "openai.md",
    "/coral/moderation/{site_id}": "coral.md",
}
"""Addresses of other services' protocols, and the pages under docs/compat that tell of them."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    services = build_services(
        Settings(
            data_dir=tmp_path_factory.mktemp("data"),
            redis_url="redis://127.0.0.1:1/0",
            secret=SecretStr("a secret for tests, of at least 32 characters"),
        )
    )
    yield create_app(services)
    services.close()


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def operation_row(method: str, path: str, operation: dict[str, Any]) -> str:
    holders = [HOLDERS[name] for each in operation["security"] for name in each]
    return row(f"`{method.upper()} {path}`", " or ".join(holders), operation["summary"])


def test_every_operation_under_a_key_is_listed_with_who_may_call_it(app: APIFlask) -> None:
    spec: Any = app.spec
    expected = {
        operation_row(method, path, operation)
        for path, known in spec["paths"].items()
        for method, operation in known.items()
        if operation.get("security")
    }

    assert set(re.findall(r"^\| `[A-Z]+ /v1/.+$", API, re.MULTILINE)) == expected


def test_every_address_of_the_application_is_documented(app: APIFlask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    for rule in rules:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        if path in COMPATIBLE:
            assert path in (DOCS / "compat" / COMPATIBLE[path]).read_text(encoding="utf-8")
        elif path.startswith("/v1/"):
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                assert f"| `{method} {path}` |" in API
        else:
            assert path in FOR_PEOPLE
            assert f"`{path}`" in API


@pytest.mark.parametrize("slug", ALL)
def test_every_problem_is_listed_as_it_is_answered(slug: str) -> None:
    problem = ALL[slug]

    assert row(str(problem.status), f"`{slug}`", problem.title, problem.advice) in API


def test_no_problem_is_listed_that_is_never_answered() -> None:
    assert set(re.findall(r"^\| [45]\d\d \| `([a-z-]+)`", API, re.MULTILINE)) == ALL.keys()


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_is_listed_with_its_labels_and_told_to_operators(metric: Any) -> None:
    assert row(f"`{metric.name}`", metric.meaning, ", ".join(metric.labels)) in API
    assert re.search(rf"^\| `{metric.name}(?:_total)?` \|", OPERATIONS, re.MULTILINE)


def test_no_metric_is_listed_that_is_not_exported() -> None:
    listed = re.findall(r"^\| `(moderation_\w+)` \|", API, re.MULTILINE)

    assert sorted(listed) == sorted(metric.name for metric in METRICS)
