"""The demo site, its key and its moderator: made at the first start, found again later."""

import secrets
from dataclasses import dataclass
from typing import Final

from moderation.bootstrap import Services
from moderation.data_folder import DataFolder, write_private
from moderation.errors import NotFound, Unauthorized
from moderation.usecases.key_ring import Holder, issue_key_to
from moderation.usecases.keys import authenticate
from moderation.usecases.moderators import create_moderator, find_moderator
from moderation.usecases.sites import create_site, find_site

DEMO_SITE: Final = "Demo"
DEMO_MODERATOR: Final = "moderator@demo.example"
_PASSWORD_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Credentials:
    """A moderator's secrets, shown once and kept nowhere in the clear."""

    password: str
    token: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What a stranger needs to try the service.

    ``credentials`` is None if an earlier start has shown them.
    """

    site_id: str
    site_key: str
    moderator_email: str
    credentials: Credentials | None


def ensure_demo(services: Services, folder: DataFolder) -> Demo:
    """Make what is missing of the demo; leave what is there as people have changed it.

    The site's key is kept in the data folder, beside the database that it opens, so that each
    start can print a command line that works.
    """
    site_id = _site(services, folder)
    return Demo(
        site_id=site_id,
        site_key=_site_key(services, folder, site_id),
        moderator_email=DEMO_MODERATOR,
        credentials=_moderator(services, site_id),
    )


def _site(services: Services, folder: DataFolder) -> str:
    try:
        return find_site(DEMO_SITE, open_store=services.open_store).id
    except NotFound:
        made = create_site(DEMO_SITE, open_store=services.open_store, now=services.now())
        write_private(folder.demo_key_file, made.issued.secret)
        return made.site.id


def _site_key(services: Services, folder: DataFolder, site_id: str) -> str:
    """Return the kept key if it still opens the site, or else issue and keep another."""
    now = services.now()
    if folder.demo_key_file.exists():
        kept = folder.demo_key_file.read_text(encoding="ascii").strip()
        try:
            key = authenticate(kept, open_store=services.open_store, now=now)
        except Unauthorized:
            pass
        else:
            if key.site_id == site_id:
                return kept
    issued = issue_key_to(Holder(site_id=site_id), open_store=services.open_store, now=now)
    write_private(folder.demo_key_file, issued.secret)
    return issued.secret


def _moderator(services: Services, site_id: str) -> Credentials | None:
    try:
        find_moderator(DEMO_MODERATOR, open_store=services.open_store)
    except NotFound:
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        moderator = create_moderator(
            DEMO_MODERATOR,
            name="Demo moderator",
            password=password,
            site_ids=[site_id],
            open_store=services.open_store,
            passwords=services.passwords,
            now=services.now(),
        )
        holder = Holder(moderator_id=moderator.id)
        token = issue_key_to(holder, open_store=services.open_store, now=services.now())
        return Credentials(password, token.secret)
    return None
