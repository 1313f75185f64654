"""``/v1/admin/…/keys``: the keys of sites, moderators and administrators, under an admin key."""

from datetime import timedelta
from typing import Final

from apiflask import APIBlueprint
from flask import Response

from moderation.api.access import Access
from moderation.api.admin_documents import IssueBody, IssuedAnswer, KeysAnswer, OverlapBody
from moderation.api.answering import as_json
from moderation.api.document import answers
from moderation.api.reading import takes
from moderation.bootstrap import Services
from moderation.domain.documents import Document, key_document
from moderation.usecases.key_ring import Holder, end_key, issue_key_to, list_keys, rotate_keys_of
from moderation.usecases.keys import IssuedKey

_PATHS: Final = {
    "admin": "/keys",
    "site": "/sites/<site_id>/keys",
    "moderator": "/moderators/<moderator_id>/tokens",
}
"""Where each kind of holder's keys are; what a path names is a field of ``Holder``."""


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes: the same four for each kind of holder."""
    bp = APIBlueprint("admin_keys", __name__, tag="Administration", url_prefix="/v1/admin")
    for kind, path in _PATHS.items():
        _ring(bp, services, access, kind=kind, path=path)
    return bp


def _ring(bp: APIBlueprint, services: Services, access: Access, *, kind: str, path: str) -> None:
    open_store = services.open_store

    @bp.get(path, endpoint=f"{kind}_keys")
    @access.admin_key()
    @bp.doc(responses=answers(200, KeysAnswer, "Newest first"))
    def listing(*, admin_id: str, **holder: str) -> Response:  # noqa: ARG001 - any
        """List keys by how their secrets begin."""
        keys = list_keys(Holder(**holder), open_store=open_store)
        return as_json({"keys": [key_document(key) for key in keys]})

    @bp.post(path, endpoint=f"issue_{kind}_key")
    @access.admin_key()
    @takes(IssueBody)
    @bp.doc(responses=answers(201, IssuedAnswer, "Issued", 413, 415, 422))
    def issue(*, admin_id: str, body: IssueBody, **holder: str) -> Response:  # noqa: ARG001 - any
        """Issue one more key; the others stay as they are."""
        issued = issue_key_to(Holder(**holder), open_store=open_store, now=services.now())
        return as_json(_issued(issued), 201)

    @bp.post(f"{path}/rotate", endpoint=f"rotate_{kind}_keys")
    @access.admin_key()
    @takes(OverlapBody)
    @bp.doc(responses=answers(201, IssuedAnswer, "Issued", 413, 415, 422))
    def rotate(*, admin_id: str, body: OverlapBody, **holder: str) -> Response:  # noqa: ARG001
        """Issue a new key and let all older ones end after the overlap."""
        issued = rotate_keys_of(
            Holder(**holder),
            overlap=timedelta(seconds=body.overlap_seconds),
            open_store=open_store,
            now=services.now(),
        )
        return as_json(_issued(issued), 201)

    @bp.delete(f"{path}/<key_id>", endpoint=f"end_{kind}_key")
    @access.admin_key()
    @bp.doc(responses=answers(204, None, "Ended"))
    def end(*, admin_id: str, key_id: str, **holder: str) -> Response:  # noqa: ARG001 - any
        """End a key now; a request under it may still be served for two seconds."""
        end_key(Holder(**holder), key_id, open_store=open_store, now=services.now())
        return Response(status=204)


def _issued(issued: IssuedKey) -> Document:
    return {**key_document(issued.key), "key": issued.secret}
