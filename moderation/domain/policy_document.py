"""Policies as JSON documents: read, checked, written. Round trips exactly."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from moderation.domain.base_rate import LEAST, MOST
from moderation.domain.policy import Action, Checking, Policy, Rule, Section, WordList
from moderation.errors import Invalid

_ACTIONS: Final = {"hold": Action.HOLD, "reject": Action.REJECT}
_NAMES: Final = {action: name for name, action in _ACTIONS.items()}
_MAX_WORDS: Final = 20_000
_LANGUAGE: Final = r"^([a-z]{2,3}|\*)$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Rule(_Strict):
    signal: str = Field(min_length=1, max_length=64)
    at_least: float = Field(ge=0, le=1, allow_inf_nan=False)
    action: Literal["hold", "reject"]

    def rule(self) -> Rule:
        return Rule(self.signal, self.at_least, _ACTIONS[self.action])


class _WordList(_Strict):
    name: str = Field(min_length=1, max_length=64)
    action: Literal["hold", "reject"]
    words: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(max_length=_MAX_WORDS)


class _Section(_Strict):
    rules: list[_Rule] = Field(default_factory=list, max_length=100)
    premoderate: bool | None = None


class _Akismet(_Strict):
    keep: bool = False
    pass_late: bool = False


class _Document(_Strict):
    rules: list[_Rule] = Field(default_factory=list, max_length=100)
    required: list[str] | None = Field(default=None, max_length=100)
    sections: dict[str, _Section] = Field(default_factory=dict, max_length=1000)
    premoderate: bool = False
    word_lists: list[_WordList] = Field(default_factory=list, max_length=100)
    max_links: int | None = Field(default=None, ge=0, le=1000)
    hold_first: int = Field(default=0, ge=0, le=1000)
    trusted_authors: list[str] = Field(default_factory=list, max_length=100_000)
    languages: list[Annotated[str, Field(pattern=_LANGUAGE)]] = Field(
        default_factory=list, max_length=200
    )
    base_rates: dict[
        Annotated[str, Field(min_length=1, max_length=64)],
        Annotated[float, Field(ge=LEAST, le=MOST, allow_inf_nan=False)],
    ] = Field(default_factory=dict, max_length=100)
    akismet: _Akismet = _Akismet()


def read_policy(document: Mapping[str, Any], *, version: int) -> Policy:
    """Build a policy from its JSON document.

    Raises:
        Invalid: The document is not a policy; the field is named, dotted.
    """
    try:
        parsed = _Document.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise Invalid(".".join(map(str, first["loc"])) or "policy", first["msg"]) from None
    names = [words.name for words in parsed.word_lists]
    if len(names) != len(set(names)):
        raise Invalid("word_lists", "two lists have the same name")
    return Policy(
        version=version,
        rules=tuple(rule.rule() for rule in parsed.rules),
        required=None if parsed.required is None else frozenset(parsed.required),
        sections={
            name: Section(tuple(rule.rule() for rule in section.rules), section.premoderate)
            for name, section in parsed.sections.items()
        },
        premoderate=parsed.premoderate,
        word_lists=tuple(
            WordList(words.name, _ACTIONS[words.action], tuple(words.words))
            for words in parsed.word_lists
        ),
        max_links=parsed.max_links,
        hold_first=parsed.hold_first,
        trusted_authors=frozenset(parsed.trusted_authors),
        languages=frozenset(parsed.languages),
        base_rates=parsed.base_rates,
        akismet=Checking(keep=parsed.akismet.keep, pass_late=parsed.akismet.pass_late),
    )


def write_policy(policy: Policy) -> dict[str, Any]:
    """Return the JSON document of a policy, without its version."""
    return {
        "rules": [_rule(rule) for rule in policy.rules],
        "required": None if policy.required is None else sorted(policy.required),
        "sections": {
            name: {"rules": [_rule(r) for r in section.rules], "premoderate": section.premoderate}
            for name, section in policy.sections.items()
        },
        "premoderate": policy.premoderate,
        "word_lists": [
            {"name": words.name, "action": _NAMES[words.action], "words": list(words.words)}
            for words in policy.word_lists
        ],
        "max_links": policy.max_links,
        "hold_first": policy.hold_first,
        "trusted_authors": sorted(policy.trusted_authors),
        "languages": sorted(policy.languages),
        "base_rates": dict(policy.base_rates),
        "akismet": {"keep": policy.akismet.keep, "pass_late": policy.akismet.pass_late},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {"signal": rule.signal, "at_least": rule.at_least, "action": _NAMES[rule.action]}


DEFAULT_DOCUMENT: Final[dict[str, Any]] = {
    "rules": [
        {"signal": "toxicity", "at_least": 0.5, "action": "hold"},
        {"signal": "severe_toxicity", "at_least": 0.1, "action": "hold"},
        {"signal": "obscene", "at_least": 0.05, "action": "hold"},
        {"signal": "threat", "at_least": 0.02, "action": "hold"},
        {"signal": "insult", "at_least": 0.4, "action": "hold"},
        {"signal": "identity_attack", "at_least": 0.12, "action": "hold"},
        {"signal": "severe_toxicity", "at_least": 0.15, "action": "reject"},
        {"signal": "spam", "at_least": 0.6, "action": "hold"},
        {"signal": "spam", "at_least": 0.98, "action": "reject"},
        {"signal": "honeypot", "at_least": 1.0, "action": "reject"},
        {"signal": "near_duplicates", "at_least": 0.5, "action": "hold"},
        {"signal": "bad_domain", "at_least": 0.5, "action": "hold"},
        {"signal": "author_rate", "at_least": 1.0, "action": "hold"},
    ],
    "required": ["toxicity", "spam"],
    "max_links": 2,
}
"""The policy of a new site. Each threshold's numbers stand in docs/policies.md."""
