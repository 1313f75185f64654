"""Comments as rows, and rows as comments."""

from typing import Any

from sqlalchemy import Row

from moderation.domain.comment import Article, Author, Comment, Status


def comment_values(comment: Comment) -> dict[str, Any]:
    """Return the row of a new comment."""
    article, author = comment.article, comment.author
    return {
        "id": comment.id,
        "site_id": comment.site_id,
        "received_at": comment.received_at,
        "external_id": comment.external_id,
        "parent_id": comment.parent_id,
        "article_id": article.id,
        "article_url": article.url,
        "article_title": article.title,
        "article_section": article.section,
        "author_key": author.key,
        "author_id": author.id,
        "author_name": author.name,
        "author_email_hash": author.email_hash,
        "author_url": author.url,
        "ip_hash": comment.ip_hash,
        "user_agent": comment.user_agent,
        "referrer": comment.referrer,
        "language": comment.language,
        "honeypot": comment.honeypot,
        "form_seconds": comment.form_seconds,
        "disposable_email": comment.disposable_email,
        "created_at": comment.created_at,
        "leased_until": None,
        "written_at": comment.received_at,
        **changing_values(comment),
    }


def changing_values(comment: Comment) -> dict[str, Any]:
    """Return what a decision or an edit may change; all else stays as received."""
    return {
        "body": comment.body,
        "status": comment.status.value,
        "version": comment.version,
        "text_version": comment.text_version,
        "updated_at": comment.updated_at,
        "attempts": comment.attempts,
        "risk": comment.risk,
        "review_rank": -(comment.risk or 0.0),
        "moderated": comment.moderated,
        "rejected_by_moderator": comment.rejected_by_moderator,
    }


def comment_from(row: Row[Any]) -> Comment:
    """Return the comment that a whole row holds."""
    return Comment(
        id=row.id,
        site_id=row.site_id,
        body=row.body,
        received_at=row.received_at,
        status=Status(row.status),
        version=row.version,
        text_version=row.text_version,
        external_id=row.external_id,
        parent_id=row.parent_id,
        article=Article(
            id=row.article_id,
            url=row.article_url,
            title=row.article_title,
            section=row.article_section,
        ),
        author=Author(
            id=row.author_id,
            name=row.author_name,
            email_hash=row.author_email_hash,
            url=row.author_url,
        ),
        ip_hash=row.ip_hash,
        user_agent=row.user_agent,
        referrer=row.referrer,
        language=row.language,
        honeypot=row.honeypot,
        form_seconds=row.form_seconds,
        disposable_email=row.disposable_email,
        created_at=row.created_at,
        updated_at=row.updated_at,
        attempts=row.attempts,
        risk=row.risk,
        moderated=row.moderated,
        rejected_by_moderator=row.rejected_by_moderator,
    )
