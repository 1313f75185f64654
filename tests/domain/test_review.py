import pytest

from moderation.domain.policy import Action
from moderation.domain.review import REVIEW_REASONS, review_reason
from moderation.errors import Invalid


@pytest.mark.parametrize("code", REVIEW_REASONS)
def test_every_reason_serves_at_least_one_action(code: str) -> None:
    for action in REVIEW_REASONS[code].actions:
        reason = review_reason(action, code, "because")

        assert (reason.code, reason.action) == (code, action)
        assert reason.text == REVIEW_REASONS[code].text


def test_the_refusal_of_a_reason_names_those_that_would_do() -> None:
    with pytest.raises(Invalid, match=r"must be one of acceptable, mistaken, other$"):
        review_reason(Action.APPROVE, "spam", None)


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_another_reason_must_be_told(action: Action) -> None:
    with pytest.raises(Invalid, match="note: is needed"):
        review_reason(action, "other", None)
    assert review_reason(action, "other", "we know him").code == "other"
