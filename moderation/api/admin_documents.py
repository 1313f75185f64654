"""What administrators send and are shown. A secret is shown once, by what made it."""

from typing import Annotated

from pydantic import BaseModel, Field

from moderation.api.fields import Email, Id
from moderation.api.reading import Body
from moderation.usecases.key_ring import LONGEST_OVERLAP
from moderation.usecases.moderators import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS

GivenName = Annotated[str, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(min_length=MIN_PASSWORD_CHARS, max_length=MAX_PASSWORD_CHARS)]
SiteIds = Annotated[list[Id], Field(max_length=1_000)]
Overlap = Annotated[
    int,
    Field(
        ge=0,
        le=int(LONGEST_OVERLAP.total_seconds()),
        description="how long old and new are both valid",
    ),
]


class SiteBody(Body):
    """A new site."""

    name: GivenName


class IssueBody(Body):
    """One more key: there is nothing to say about it, so the body is ``{}``."""


class OverlapBody(Body):
    """A rotation."""

    overlap_seconds: Overlap = 86_400


class ModeratorBody(Body):
    """A new moderator."""

    email: Email
    name: GivenName
    password: Password
    site_ids: SiteIds


class ModeratorChange(Body):
    """What changes of a moderator; what is left out stays."""

    name: GivenName | None = None
    site_ids: SiteIds | None = None
    active: bool | None = None


class PasswordBody(Body):
    """A new password."""

    password: Password


class KeyAnswer(BaseModel):
    """A key; ``prefix`` is how its secret begins."""

    id: str
    prefix: str
    site_id: str | None
    moderator_id: str | None
    created_at: str
    expires_at: str | None


class IssuedAnswer(KeyAnswer):
    """A new key with its secret, which is shown this once."""

    key: str


class KeysAnswer(BaseModel):
    """Keys, newest first, ended ones included."""

    keys: list[KeyAnswer]


class SiteAnswer(BaseModel):
    """A client of the service."""

    id: str
    name: str
    created_at: str


class NewSiteAnswer(SiteAnswer):
    """A new site with its first key, which is shown this once."""

    key: str


class SitesAnswer(BaseModel):
    """Every site, oldest first."""

    sites: list[SiteAnswer]


class ModeratorAnswer(BaseModel):
    """A person who reviews comments of these sites."""

    id: str
    email: str
    name: str
    site_ids: list[str]
    active: bool
    created_at: str


class NewModeratorAnswer(ModeratorAnswer):
    """A new moderator with a token, which is shown this once."""

    token: str


class ModeratorsAnswer(BaseModel):
    """Every moderator, oldest first."""

    moderators: list[ModeratorAnswer]
