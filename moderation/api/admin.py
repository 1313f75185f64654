"""``/v1/admin``: sites and moderators, under an admin key."""

from apiflask import APIBlueprint
from flask import Response

from moderation.api.access import Access
from moderation.api.admin_documents import (
    ModeratorAnswer,
    ModeratorBody,
    ModeratorChange,
    ModeratorsAnswer,
    NewModeratorAnswer,
    NewSiteAnswer,
    PasswordBody,
    SiteAnswer,
    SiteBody,
    SitesAnswer,
)
from moderation.api.answering import as_json
from moderation.api.document import answers
from moderation.api.reading import takes
from moderation.bootstrap import Services
from moderation.domain.documents import moderator_document, site_document
from moderation.usecases.key_ring import Holder, issue_key_to
from moderation.usecases.moderators import (
    change_moderator,
    create_moderator,
    list_moderators,
    read_moderator,
    set_password,
)
from moderation.usecases.sites import create_site, list_sites, read_site


def make_blueprint(services: Services, access: Access) -> APIBlueprint:
    """Build the routes."""
    bp = APIBlueprint("admin", __name__, tag="Administration", url_prefix="/v1/admin")
    _sites(bp, services, access)
    _moderators(bp, services, access)
    return bp


def _sites(bp: APIBlueprint, services: Services, access: Access) -> None:
    open_store = services.open_store

    @bp.get("/sites")
    @access.admin_key()
    @bp.doc(responses=answers(200, SitesAnswer, "Oldest first"))
    def sites(*, admin_id: str) -> Response:  # noqa: ARG001 - any administrator
        """List the sites."""
        return as_json({"sites": [site_document(s) for s in list_sites(open_store=open_store)]})

    @bp.post("/sites")
    @access.admin_key()
    @takes(SiteBody)
    @bp.doc(responses=answers(201, NewSiteAnswer, "Made", 413, 415, 422))
    def add_site(*, admin_id: str, body: SiteBody) -> Response:  # noqa: ARG001 - any administrator
        """Make a site with the default policy and a first key."""
        new = create_site(body.name, open_store=open_store, now=services.now())
        return as_json({**site_document(new.site), "key": new.issued.secret}, 201)

    @bp.get("/sites/<site_id>")
    @access.admin_key()
    @bp.doc(responses=answers(200, SiteAnswer, "The site"))
    def site(*, admin_id: str, site_id: str) -> Response:  # noqa: ARG001 - any administrator
        """Read a site."""
        return as_json(site_document(read_site(site_id, open_store=open_store)))


def _moderators(bp: APIBlueprint, services: Services, access: Access) -> None:
    open_store = services.open_store

    @bp.get("/moderators")
    @access.admin_key()
    @bp.doc(responses=answers(200, ModeratorsAnswer, "Oldest first"))
    def moderators(*, admin_id: str) -> Response:  # noqa: ARG001 - any administrator
        """List the moderators, inactive ones included."""
        listed = list_moderators(open_store=open_store)
        return as_json({"moderators": [moderator_document(each) for each in listed]})

    @bp.post("/moderators")
    @access.admin_key()
    @takes(ModeratorBody)
    @bp.doc(responses=answers(201, NewModeratorAnswer, "Made", 413, 415, 422))
    def add_moderator(*, admin_id: str, body: ModeratorBody) -> Response:  # noqa: ARG001 - any
        """Make a moderator of these sites, with a token."""
        moderator = create_moderator(
            body.email,
            name=body.name,
            password=body.password,
            site_ids=body.site_ids,
            open_store=open_store,
            passwords=services.passwords,
            now=services.now(),
        )
        holder = Holder(moderator_id=moderator.id)
        token = issue_key_to(holder, open_store=open_store, now=services.now())
        return as_json({**moderator_document(moderator), "token": token.secret}, 201)

    @bp.get("/moderators/<moderator_id>")
    @access.admin_key()
    @bp.doc(responses=answers(200, ModeratorAnswer, "The moderator"))
    def moderator(*, admin_id: str, moderator_id: str) -> Response:  # noqa: ARG001 - any
        """Read a moderator."""
        return as_json(moderator_document(read_moderator(moderator_id, open_store=open_store)))

    @bp.patch("/moderators/<moderator_id>")
    @access.admin_key()
    @takes(ModeratorChange)
    @bp.doc(responses=answers(200, ModeratorAnswer, "As it is now", 413, 415, 422))
    def change(*, admin_id: str, moderator_id: str, body: ModeratorChange) -> Response:  # noqa: ARG001
        """Change a moderator's name or sites, or whether they may act at all."""
        changed = change_moderator(
            moderator_id,
            name=body.name,
            site_ids=body.site_ids,
            active=body.active,
            open_store=open_store,
        )
        return as_json(moderator_document(changed))

    @bp.put("/moderators/<moderator_id>/password")
    @access.admin_key()
    @takes(PasswordBody)
    @bp.doc(responses=answers(204, None, "Set", 413, 415, 422))
    def password(*, admin_id: str, moderator_id: str, body: PasswordBody) -> Response:  # noqa: ARG001
        """Set a moderator's password."""
        set_password(
            moderator_id, body.password, open_store=open_store, passwords=services.passwords
        )
        return Response(status=204)
