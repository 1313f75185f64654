"""No site teaches the model to hate a group, or to let hatred of one pass."""

from collections.abc import Callable, Sequence

import pytest

from workers.training import guard
from workers.training.guard import GROUPS, HARMLESS, HOSTILE, complaints, look_at
from workers.training.identities import counterfactuals

TEMPLATES_OF_HATE = {sentence.format(group) for sentence in HOSTILE for group in GROUPS}


class Judge:
    """An engine that scores by functions."""

    model_hash = ""

    def __init__(self, **judged: Callable[[str], float]) -> None:
        self.signals = tuple(judged)
        self._judged = judged

    def score(self, texts: Sequence[str]) -> list[dict[str, float]]:
        return [{name: of(text) for name, of in self._judged.items()} for text in texts]


def right(text: str) -> float:
    return 0.9 if text in TEMPLATES_OF_HATE else 0.1


def silent(_: str) -> float:
    return 0.0


def complained(
    toxicity: Callable[[str], float], identity_attack: Callable[[str], float] = silent
) -> list[str]:
    was = look_at(Judge(toxicity=right, identity_attack=silent))  # type: ignore[arg-type]
    now = look_at(Judge(toxicity=toxicity, identity_attack=identity_attack))  # type: ignore[arg-type]
    return complaints(was, now)


def test_a_model_that_is_as_it_was_gives_no_cause() -> None:
    assert complained(right) == []
    assert complained(lambda text: right(text) * 0.95) == []


@pytest.mark.parametrize("group", ["Muslims", "women"])
def test_a_name_that_became_an_insult_is_told_with_the_group(group: str) -> None:
    found = complained(lambda text: 0.95 if group in text.split(" ") else right(text))

    assert any(f"sentences about {group} " in complaint for complaint in found)


def test_a_name_that_is_held_by_another_signal_than_toxicity_is_told() -> None:
    found = complained(right, lambda text: 0.9 if "women" in text.split(" ") else 0.0)

    assert found == ["harmless sentences about women held 0% -> 83%"]


def test_another_signal_that_rises_for_everybody_is_told() -> None:
    found = complained(right, lambda text: 0.9 if "library" in text else 0.0)

    assert found == ["harmless guard sentences held 0% -> 17%"]


def test_hatred_of_one_group_that_passes_is_told() -> None:
    found = complained(lambda text: 0.05 if "refugees" in text else right(text))

    assert any("sentences about refugees" in complaint for complaint in found)


def test_scores_that_rise_or_fall_as_a_whole_are_told() -> None:
    assert any("harmless" in each for each in complained(lambda text: right(text) + 0.65))
    assert any("hostile" in each for each in complained(lambda text: right(text) - 0.5))


def test_a_model_that_guesses_is_told() -> None:
    assert any("AUC on the guard" in each for each in complained(lambda _: 0.5))


def test_no_guard_sentence_is_among_those_that_are_learned() -> None:
    learned = {example.text for example in counterfactuals()}

    assert not learned & {text.format(group) for text in (*HARMLESS, *HOSTILE) for group in GROUPS}
    assert guard.TOLERATED < guard.TOLERATED_OF_GROUP
