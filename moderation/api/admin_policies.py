"""``/v1/admin/sites/{id}/policy``: the rules of a site, under an admin key."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from moderation.api.access import Access
from moderation.api.answering import as_json
from moderation.api.document import answers
from moderation.api.fields import MAX_INTEGER, Version
from moderation.api.reading import Body, Query, asks, takes
from moderation.bootstrap import Services
from moderation.domain.documents import moment
from moderation.errors import Invalid
from moderation.usecases.policies import (
    list_versions,
    roll_back,
    set_policy,
    show_policy,
    stored_document,
)


class PolicyQuery(Query):
    """Which version."""

    version: int | None = Field(None, ge=1, le=MAX_INTEGER, description="else the one in force")


class PolicyBody(Body):
    """A policy; docs/policies.md describes the document."""

    document: dict[str, Any]


class RollbackBody(Body):
    """The version to go back to."""

    version: Version


class PolicyAnswer(BaseModel):
    """A version of a policy, and what follows from it.

    ``required`` are the signals without which nothing is approved, whether the document lists
    them or they are those that its rules read; ``required_in_sections`` names the sections
    that need others. ``unmeasured`` names signals that only a model of your own emits.
    """

    version: int
    document: dict[str, Any]
    required: list[str]
    required_in_sections: dict[str, list[str]]
    unmeasured: list[str]


class PolicyVersionAnswer(BaseModel):
    """When a version was put in force, and by whom."""

    version: int
    created_at: str
    by: str


class PolicyVersionsAnswer(BaseModel):
    """Versions, newest first."""

    versions: list[PolicyVersionAnswer]


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes."""
    bp = APIBlueprint(
        "admin_policies",
        __name__,
        tag="Administration",
        url_prefix="/v1/admin/sites/<site_id>/policy",
    )
    open_store = services.open_store

    @bp.get("")
    @access.admin_key()
    @asks(PolicyQuery)
    @bp.doc(responses=answers(200, PolicyAnswer, "The policy", 422))
    def show(*, admin_id: str, site_id: str, query: PolicyQuery) -> Response:  # noqa: ARG001 - any
        """Read a site's policy."""
        stored = show_policy(site_id, version=query.version, open_store=open_store)
        return as_json(stored_document(stored))

    @bp.put("")
    @access.admin_key()
    @takes(PolicyBody)
    @bp.doc(responses=answers(200, PolicyAnswer, "In force", 413, 415, 422))
    def replace(*, admin_id: str, site_id: str, body: PolicyBody) -> Response:
        """Put a new version in force."""
        try:
            stored = set_policy(
                site_id,
                body.document,
                by=f"key:{admin_id}",
                open_store=open_store,
                now=services.now(),
            )
        except Invalid as error:
            raise Invalid(f"document.{error.field}", error.problem) from None
        return as_json(stored_document(stored))

    @bp.get("/versions")
    @access.admin_key()
    @bp.doc(responses=answers(200, PolicyVersionsAnswer, "Newest first"))
    def versions(*, admin_id: str, site_id: str) -> Response:  # noqa: ARG001 - any
        """List the versions of a site's policy."""
        listed = list_versions(site_id, open_store=open_store)
        documents = [
            {"version": each.version, "created_at": moment(each.created_at), "by": each.by}
            for each in listed
        ]
        return as_json({"versions": documents})

    @bp.post("/rollback")
    @access.admin_key()
    @takes(RollbackBody)
    @bp.doc(responses=answers(200, PolicyAnswer, "In force", 413, 415, 422))
    def rollback(*, admin_id: str, site_id: str, body: RollbackBody) -> Response:
        """Put a copy of an old version in force, as a new version."""
        stored = roll_back(
            site_id,
            body.version,
            by=f"key:{admin_id}",
            open_store=open_store,
            now=services.now(),
        )
        return as_json(stored_document(stored))

    return bp
