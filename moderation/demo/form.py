"""The form under an article: what a reader wrote, and what is wrong with it."""

from dataclasses import dataclass, field
from typing import Final

from flask import Request

from moderation.demo.articles import Story
from moderation.domain.comment import MAX_TEXT_CHARS, Article, Submission
from moderation.domain.naming import checked_email, checked_name
from moderation.domain.text import fault_in_unicode, visible
from moderation.errors import Invalid
from moderation.identifiers import is_id

_MOST_NAME_CHARS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """As the reader filled it in; ``faults`` says what is wrong, by field."""

    name: str = ""
    email: str = ""
    text: str = ""
    honeypot: str = ""
    opened: str = ""
    parent_id: str = ""
    faults: dict[str, str] = field(default_factory=dict)

    def submission(
        self,
        story: Story,
        *,
        url: str,
        ip: str | None,
        user_agent: str | None,
        form_seconds: float | None,
    ) -> Submission:
        return Submission(
            body=self.text,
            article=Article(id=story.slug, url=url, title=story.title, section=story.section),
            author_name=self.name,
            author_email=self.email,
            parent_id=self.parent_id or None,
            ip=ip,
            user_agent=user_agent,
            honeypot=self.honeypot,
            form_seconds=form_seconds,
        )


def read_form(request: Request) -> Form:
    """Read a sent form; look at its ``faults`` before using it."""
    given = request.form
    text = given.get("text", "").replace("\r\n", "\n").strip()
    parent_id = given.get("parent_id", "")
    form = Form(
        name=given.get("name", ""),
        email=given.get("email", ""),
        text=text,
        honeypot=given.get("website", "")[:MAX_TEXT_CHARS],
        opened=given.get("opened", ""),
        parent_id=parent_id if is_id(parent_id) else "",
    )
    form.faults.update(_faults(form))
    return form


def _faults(form: Form) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        fits = len(checked_name("name", form.name)) <= _MOST_NAME_CHARS
    except Invalid:
        fits = False
    if not fits:
        found["name"] = f"Please give a name of up to {_MOST_NAME_CHARS} plain characters."
    try:
        checked_email("email", form.email)
    except Invalid:
        found["email"] = "Please give an e-mail address, such as reader@mail.example."
    if not visible(form.text):
        found["text"] = "Please write something."
    elif fault_in_unicode(form.text) is not None:
        found["text"] = "The text holds a character that cannot be stored."
    elif len(form.text) > MAX_TEXT_CHARS:
        found["text"] = f"Please keep to {MAX_TEXT_CHARS:,} characters."
    return found
