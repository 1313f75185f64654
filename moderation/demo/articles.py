"""What the made-up newspaper prints. Countries, people and events were invented for this."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

PAPER: Final = "The Larkhaven Courier"
_FILE: Final = Path(__file__).with_name("stories.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article. Only one with a ``caption`` has a picture."""

    slug: str
    section: str
    title: str
    standfirst: str
    byline: str
    published_at: datetime
    paragraphs: tuple[str, ...]
    caption: str | None = None


@cache
def stories() -> tuple[Story, ...]:
    """Return all articles, the lead first."""
    return tuple(
        Story(
            **{
                **told,
                "published_at": datetime.fromisoformat(told["published_at"]),
                "paragraphs": tuple(told["paragraphs"]),
            }
        )
        for told in json.loads(_FILE.read_text(encoding="utf-8"))
    )


def lead() -> Story:
    """Return the article on the front page."""
    return stories()[0]


def story_of(slug: str) -> Story | None:
    """Return the article of this name, if the paper has it."""
    return next((story for story in stories() if story.slug == slug), None)


def related_to(story: Story) -> tuple[Story, ...]:
    """Return the paper's other articles."""
    return tuple(other for other in stories() if other.slug != story.slug)
