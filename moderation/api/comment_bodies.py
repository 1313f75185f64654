"""What sites send about comments."""

from typing import Any, ClassVar, Final

from pydantic import Field

from moderation.api.fields import (
    Address,
    CommentId,
    Email,
    Id,
    Language,
    Line,
    Name,
    Seconds,
    Text,
    Time,
    Trap,
    Url,
    Version,
)
from moderation.api.reading import Body, Query
from moderation.domain.comment import Article, Status, Submission
from moderation.ports.store import CommentFilter

MAX_BATCH: Final = 100


class ArticleBody(Body):
    """The page commented on."""

    id: Id | None = None
    url: Url | None = None
    title: Line | None = None
    section: Name | None = Field(None, description="policies may differ by section")

    def article(self) -> Article:
        return Article(
            id=self.id, url=self.url or None, title=self.title or None, section=self.section or None
        )


class AuthorBody(Body):
    """Who wrote the comment. The e-mail address is kept only as a keyed hash."""

    id: Id | None = None
    name: Name | None = None
    email: Email | None = None
    url: Url | None = None


class SubmitBody(Body):
    """A comment, as the site got it from the reader."""

    body: Text = Field(description="the reader's text, as written")
    article: ArticleBody | None = None
    author: AuthorBody | None = None
    parent_id: CommentId | None = Field(None, description="our id of the comment answered to")
    external_id: Id | None = Field(None, description="the site's own id, unique within it")
    ip: Address | None = Field(None, description="kept only as a keyed hash")
    user_agent: Url | None = None
    referrer: Url | None = None
    language: Language | None = None
    honeypot: Trap | None = Field(
        None, description="content of a form field that people do not see"
    )
    form_seconds: Seconds | None = Field(None, description="how long the form was open")
    created_at: Time | None = Field(None, description="the site's own time of writing")

    def submission(self) -> Submission:
        author = self.author or _NOBODY
        return Submission(
            body=self.body,
            article=_NOWHERE if self.article is None else self.article.article(),
            author_id=author.id,
            author_name=author.name or None,
            author_email=author.email or None,
            author_url=author.url or None,
            parent_id=self.parent_id,
            external_id=self.external_id,
            ip=self.ip,
            user_agent=self.user_agent,  # an empty one tells of a robot
            referrer=self.referrer or None,
            language=self.language,
            honeypot=self.honeypot,
            form_seconds=self.form_seconds,
            created_at=self.created_at,
        )


_NOBODY: Final = AuthorBody()
_NOWHERE: Final = Article()


class BatchBody(Body):
    """Up to 100 comments, each checked and answered for itself."""

    max_bytes: ClassVar[int] = 4 * 1024 * 1024
    by_item: ClassVar[str | None] = "comments"

    comments: list[Any] = Field(
        min_length=1,
        max_length=MAX_BATCH,
        json_schema_extra={"items": {"$ref": "#/components/schemas/SubmitBody"}},
    )


class EditBody(Body):
    """A new text; the earlier ones are kept."""

    body: Text
    version: Version | None = Field(
        None, description="the version that the site saw; If-Match says the same"
    )


class FeedbackBody(Body):
    """Whether a comment is spam, as the site sees it."""

    spam: bool
    by: Line | None = Field(
        None, description="who says so at the site, for the record: all of a site counts as one"
    )


class ScoreBody(Body):
    """A text to be scored now and not kept."""

    text: Text
    language: Language | None = None


class ListQuery(Query):
    """Which comments to list, newest first."""

    article_id: Id | None = None
    author_id: Id | None = None
    status: Status | None = None
    since: Time | None = Field(None, description="received at this time or later")
    until: Time | None = Field(None, description="received before this time")
    external_id: Id | None = Field(None, description="the one comment under the site's own id")
    site: Id | None = Field(
        None, description="id of one of the moderator's sites; needed only if they have several"
    )
    limit: int = Field(50, ge=1, le=100)
    cursor: str | None = Field(
        None, max_length=1_000, description="`next_cursor` of the page before"
    )

    def filter(self) -> CommentFilter:
        return CommentFilter(
            article_id=self.article_id,
            author_key=None if self.author_id is None else f"id:{self.author_id}",
            status=self.status,
            since=self.since,
            until=self.until,
        )
