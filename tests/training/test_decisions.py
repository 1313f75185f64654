"""A site's decisions as labels: what counts, what does not, and what is held out."""

import json
from typing import Any

import pytest

from moderation.domain.policy import Action
from moderation.domain.review import REVIEW_REASONS
from workers.training.data import LABELS
from workers.training.decisions import (
    PASSED_OVER,
    TEACHES,
    Decisions,
    UnusableDecisions,
    read_decisions,
)


def read(*rows: dict[str, Any], most: int = 1000) -> Decisions:
    return read_decisions([json.dumps(row).encode() for row in rows], most=most)


def labels(*rows: dict[str, Any]) -> list[dict[str, float]]:
    """Return the labels that were given, of all texts."""
    found = read(*rows)
    return [
        {name: each for name, each in zip(LABELS, one.targets, strict=True) if each is not None}
        for one in (*found.taught, *found.held_out)
    ]


CALM = dict.fromkeys(LABELS, 0.0)


@pytest.mark.parametrize(
    ("row", "taught"),
    [
        ({"text": "Well said", "action": "approve"}, CALM),
        ({"body": "Well said", "decision": "approve", "decided_by": "moderator"}, CALM),
        ({"body": "Well said", "status": "approved"}, CALM),
        ({"text": "You fool", "action": "reject"}, {"toxicity": 1.0}),
        ({"text": "You fool", "action": "reject", "reason": "rude"}, {"toxicity": 1.0}),
        ({"text": "You fool", "action": "reject", "reason": "other"}, {"toxicity": 1.0}),
        (
            {"text": "You fool", "status": "rejected", "reason": "insult"},
            {"toxicity": 1.0, "insult": 1.0},
        ),
        ({"text": "You fool", "toxicity": 0.7, "threat": 0}, {"toxicity": 0.7, "threat": 0.0}),
    ],
)
def test_a_decision_becomes_labels(row: dict[str, Any], taught: dict[str, float]) -> None:
    assert labels(row) == [taught]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"text": "Hm", "action": "hold"}, "held"),
        ({"text": "Hm", "action": "reject", "decided_by": "policy"}, "decided by the policy"),
        ({"text": "Hm", "action": "reject", "reason": "spam"}, "for other reasons"),
        ({"text": "Hm", "action": "reject", "reason": "off_topic"}, "for other reasons"),
        ({"text": "Hm", "status": "rejected", "reason": "SPAM_LINKS"}, "for other reasons"),
        ({"text": "Hm", "status": "rejected", "reason": "Advertising"}, "for other reasons"),
    ],
)
def test_nothing_is_learned_from_what_says_nothing_of_the_tone(
    row: dict[str, Any], why: str
) -> None:
    found = read(row)

    assert (found.taught, found.held_out, found.passed_over) == ([], [], {why: 1})


def test_every_reason_that_a_moderator_may_give_for_a_rejection_is_known() -> None:
    given = {code for code, each in REVIEW_REASONS.items() if Action.REJECT in each.actions}

    assert {*TEACHES, *PASSED_OVER} == given


def test_the_last_decision_on_a_text_counts_by_its_time_whatever_the_order() -> None:
    rows = [
        {"text": "You fool!", "action": "approve", "decided_at": "2026-11-02T10:00:00+01:00"},
        {"text": "you fool", "action": "reject", "decided_at": "2026-11-02T08:59:59Z"},
    ]

    assert labels(*rows) == [CALM]
    assert labels(*reversed(rows)) == [CALM]


def test_without_times_the_later_line_counts() -> None:
    assert labels({"text": "Hm", "action": "reject"}, {"text": "Hm", "action": "approve"}) == [CALM]


def test_a_rejection_as_spam_takes_an_earlier_approval_back() -> None:
    rejected = {"text": "Hm", "action": "reject", "reason": "spam"}

    assert labels({"text": "Hm", "action": "approve"}, rejected) == []


def test_a_text_and_its_disguises_are_never_on_both_sides() -> None:
    plain = [{"text": f"reader number {i} is a fool", "action": "reject"} for i in range(100)]
    shouted = [
        {"text": f"READER number {i} is a f\u043eol!!", "action": "approve"} for i in range(100)
    ]

    found = read(*plain, *shouted)

    assert len(found.taught) + len(found.held_out) == 100
    assert 8 <= len(found.held_out) <= 35


def test_what_is_held_out_does_not_depend_on_what_else_there_is() -> None:
    rows = [{"text": f"comment {i}", "action": "approve"} for i in range(60)]

    some, all_of_them = read(*rows[:30]), read(*reversed(rows))

    held_out = {each.text for each in all_of_them.held_out}
    assert {each.text for each in some.held_out} <= held_out
    assert not {each.text for each in some.taught} & held_out


def test_of_too_many_the_same_ones_are_drawn_in_any_order() -> None:
    rows = [{"text": f"comment {i}", "action": "approve"} for i in range(100)]

    one, other = read(*rows, most=10), read(*reversed(rows), most=10)

    assert (one.taught, one.held_out) == (other.taught, other.held_out)
    assert len(one.taught) + len(one.held_out) == 10


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{", "not JSON"),
        (b'"secret"', "not a JSON object"),
        (b'{"text": "secret\xff"}', "not JSON in UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"words": "secret", "action": "approve"}', "no text"),
        (b'{"text": "\\u200b", "action": "approve"}', "no text"),
        (b'{"text": "secret"}', "neither an action nor a toxicity"),
        (b'{"text": "secret", "action": "publish"}', "none of approve, hold and reject"),
        (b'{"text": "secret", "action": ["secret"]}', "none of approve, hold and reject"),
        (b'{"text": "secret", "action": "reject", "reason": 3}', "the reason is no text"),
        (b'{"text": "secret", "insult": 1}', "without a toxicity"),
        (b'{"text": "secret", "toxicity": 2}', "toxicity is no number in"),
        (b'{"text": "secret", "toxicity": true}', "toxicity is no number in"),
        (b'{"text": "secret", "toxicity": NaN}', "toxicity is no number in"),
        (b'{"text": "secret", "action": "approve", "decided_at": "secret"}', "decided_at"),
    ],
)
def test_a_broken_line_is_named_and_not_quoted(line: bytes, fault: str) -> None:
    with pytest.raises(UnusableDecisions, match=f"line 3: .*{fault}") as raised:
        read_decisions([b'{"text": "Well said", "action": "approve"}\n', b"\n", line])

    assert "secret" not in str(raised.value)


def test_too_few_are_refused_with_what_is_needed() -> None:
    found = read(
        {"text": "You fool", "action": "reject"}, {"text": "Well said", "action": "approve"}
    )

    with pytest.raises(UnusableDecisions) as raised:
        found.need_enough()

    message = str(raised.value)
    assert "2 decisions, 200 are needed" in message
    assert "about 100 rejected in all" in message


def test_enough_of_both_is_enough() -> None:
    rows = [
        {"text": f"comment number {i}", "action": ("approve", "reject")[i % 2]} for i in range(400)
    ]

    read(*rows).need_enough()
