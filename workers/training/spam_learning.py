"""How much a site's decisions teach its spam score, and how little lies do.

The texts of one origin play a site. The text model is fitted without them, and the examples are
drawn without them, so the site is new to both.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from workers.spam.correction import MOST, SiteCorrection, largest, text_shifts
from workers.spam.learning import Examples, Lessons, learn
from workers.spam.text_model import TextModel
from workers.training.spam_examples import draw_examples
from workers.training.spam_texts import SpamText, spam_texts

SITES: Final = ("youtube:Psy", "youtube:KatyPerry", "youtube:LMFAO", "youtube", "telegram", "sms")
DECISIONS: Final = (0, 10, 50, 200)
HISTORIES: Final = (0, 100)
_LIES: Final = 200
_OTHERS: Final = 500
_STRENGTH: Final = 20.0

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Said:
    """Opinions in order: which text, spam or not, who says it, whose comment it is."""

    which: npt.NDArray[np.int64]
    spam: Flags
    sources: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)

    def then(self, later: "Said") -> "Said":
        return Said(
            np.concatenate([self.which, later.which]),
            np.concatenate([self.spam, later.spam]),
            self.sources + later.sources,
            self.authors + later.authors,
        )


@dataclass(frozen=True, slots=True)
class Town:
    """All texts as the model reads them, with the logits that it has for them."""

    model: LogisticRegression
    features: csr_matrix
    base: Numbers
    spam: Flags
    examples: Examples
    taught: npt.NDArray[np.int64]
    """Texts of the site that its moderators decide, in order."""

    tested: npt.NDArray[np.int64]
    """Texts of the site that come later."""

    elsewhere: npt.NDArray[np.int64]
    """Harmless texts of other origins."""

    def teach(self, said: Said) -> SiteCorrection | None:
        """Return what they teach, as it would be kept."""
        if not len(said.which):
            return None
        lessons = Lessons(
            features=self.features[said.which],
            base=self.base[said.which],
            spam=said.spam,
            sources=said.sources,
            authors=said.authors,
            signals=np.zeros((len(said.which), 0)),
        )
        found = learn(lessons, self.examples)
        if found is None:
            return None
        columns, weights = largest(found.text)
        raw = SiteCorrection(0, "1", columns, weights, {}).to_bytes()
        return SiteCorrection.from_bytes(raw, version=1)

    def flagged(self, which: npt.NDArray[np.int64], correction: SiteCorrection | None) -> Flags:
        """Return which texts are spam to the corrected model, at a probability of a half."""
        logits = self.base[which]
        if correction is not None:
            moved = text_shifts(self.features[which], correction.columns, correction.weights)
            logits = logits + np.clip(moved, -MOST, MOST)
        return np.asarray(logits > 0)

    def honest(self, which: npt.NDArray[np.int64], *sources: str) -> Said:
        names = [sources[n % len(sources)] for n in range(len(which))]
        return Said(which, self.spam[which], names, [f"reader {each}" for each in which])


class Towns:
    """Makes towns; texts are turned into features once."""

    def __init__(self, data: Path) -> None:
        self._texts = spam_texts(data)
        self._model = TextModel.untaught()
        self._features = self._model.features([each.text for each in self._texts])
        self._spam = np.array([each.spam for each in self._texts])

    def town(self, site: str, seed: int) -> Town:
        """Return the town in which the texts of *site* are a site's."""
        of_site = np.array([_is_of(each, site) for each in self._texts])
        model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=200)
        model.fit(self._features[~of_site], self._spam[~of_site])
        known = draw_examples([e for e in self._texts if not _is_of(e, site)], seed=seed)
        shown = self._model.features([each.text for each in known])
        examples = Examples(
            shown, model.decision_function(shown), np.array([each.spam for each in known])
        )
        chance = np.random.default_rng(seed)
        theirs = chance.permutation(_halved(np.flatnonzero(of_site), self._spam))
        others = chance.permutation(np.flatnonzero(~of_site & ~self._spam))
        return Town(
            model=model,
            features=self._features,
            base=model.decision_function(self._features),
            spam=self._spam,
            examples=examples,
            taught=theirs[: len(theirs) // 2],
            tested=theirs[len(theirs) // 2 :],
            elsewhere=others[:_OTHERS],
        )

    def with_salad(self, town: Town, seed: int) -> tuple[Town, npt.NDArray[np.int64]]:
        """Return the town with comments put together from the words of honest ones, and which."""
        chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
        honest = [self._texts[each].text for each in town.taught if not self._spam[each]]
        words = [word for text in honest for word in text.split()]
        salad = [" ".join(chance.choices(words, k=12)) for _ in range(_LIES)]
        features = self._model.features(salad)
        wider = replace(
            town,
            features=vstack([town.features, features], format="csr"),
            base=np.concatenate([town.base, town.model.decision_function(features)]),
            spam=np.concatenate([town.spam, np.zeros(_LIES, dtype=bool)]),
        )
        return wider, np.arange(len(town.spam), len(town.spam) + _LIES)


def _is_of(text: SpamText, site: str) -> bool:
    return text.origin == site or text.origin.split(":")[0] == site


def _halved(which: npt.NDArray[np.int64], spam: Flags) -> npt.NDArray[np.int64]:
    """Return at most as much of the rarer kind twice over, so that no site is all one kind."""
    kinds = [which[spam[which]], which[~spam[which]]]
    most = 2 * min(map(len, kinds))
    return np.concatenate([kind[:most] for kind in kinds])[: 4 * 400]


# -- lies ------------------------------------------------------------------------------------


def _lies(which: npt.NDArray[np.int64], spam: Flags, sources: int = 1, authors: int = 0) -> Said:
    return Said(
        which,
        ~spam,
        [f"liar {n % sources}" for n in range(len(which))],
        [f"sock {n % authors}" if authors else f"reader {each}" for n, each in enumerate(which)],
    )


def _attacks(
    town: Town, pool: npt.NDArray[np.int64], salad: npt.NDArray[np.int64]
) -> Iterator[tuple[str, Said]]:
    """Yield 200 lies each, or as many as the site has comments left to lie about."""
    spam = town.spam
    some, harmless, bad = pool[:_LIES], pool[~spam[pool]][:_LIES], pool[spam[pool]][:_LIES]
    yield "everything the wrong way round", _lies(some, spam[some])
    yield "harmless called spam", _lies(harmless, spam[harmless])
    yield "spam called harmless", _lies(bad, spam[bad])
    yield "all about one author", _lies(some, spam[some], authors=1)
    yield "honest words in a salad, called spam", _lies(salad, spam[salad])
    yield (
        "the site's key, many authors",
        replace(_lies(some, spam[some]), sources=["site"] * len(some)),
    )
    yield "two liars together", _lies(some, spam[some], sources=2)
    rest = pool[_LIES : 2 * _LIES]
    truths = replace(town.honest(rest, "liar 0"), authors=[f"reader {each}" for each in rest])
    mixed = _lies(some, spam[some]).then(truths)
    order = np.random.default_rng(0).permutation(len(mixed.which))
    yield (
        "200 lies among as many truths",
        Said(
            mixed.which[order],
            mixed.spam[order],
            mixed.sources,
            [mixed.authors[each] for each in order],
        ),
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """Shares of decisions changed by an attack, the worst of all draws."""

    site: str
    attack: str
    history: int
    share: float


def poisoned(towns: Towns, sites: Sequence[str], seeds: Sequence[int]) -> list[Moved]:
    """Return how much each attack moves, on new sites and on ones with honest decisions."""
    worst: dict[tuple[str, str, int], float] = {}
    for site in sites:
        for seed in seeds:
            town, salad = towns.with_salad(towns.town(site, seed), seed)
            tested = np.concatenate([town.tested, town.elsewhere])
            for history in HISTORIES:
                if history >= len(town.taught):
                    continue
                before = town.honest(town.taught[:history], "ann", "bob")
                as_was = town.flagged(tested, town.teach(before))
                for name, lies in _attacks(town, town.taught[history:], salad):
                    then = town.flagged(tested, town.teach(before.then(lies)))
                    key = (site, name, history)
                    worst[key] = max(worst.get(key, 0.0), float(np.mean(as_was != then)))
    return [Moved(*key, share) for key, share in worst.items()]


@dataclass(frozen=True, slots=True)
class Errors:
    """Shares of later comments of a site decided wrongly, means of all draws."""

    site: str
    decisions: int
    wrong: float
    missed: float
    false_alarms: float
    taken: int


def learning_curve(towns: Towns, sites: Sequence[str], seeds: Sequence[int]) -> list[Errors]:
    """Return what 0, 10, 50 and 200 decisions of one moderator leave wrong."""
    found = []
    for site in sites:
        drawn = [towns.town(site, seed) for seed in seeds]
        for decisions in DECISIONS:
            some = [town.taught[:decisions] for town in drawn]
            rates = [
                _rates(town, town.teach(town.honest(which, "ann")))
                for town, which in zip(drawn, some, strict=True)
            ]
            wrong, missed, false = (float(np.mean(each)) for each in zip(*rates, strict=True))
            taken = max(map(len, some))
            found.append(Errors(site, decisions, wrong, missed, false, taken))
    return found


def _rates(town: Town, correction: SiteCorrection | None) -> tuple[float, float, float]:
    spam = town.spam[town.tested]
    flagged = town.flagged(town.tested, correction)
    return (
        float(np.mean(flagged != spam)),
        float(np.mean(~flagged[spam])),
        float(np.mean(flagged[~spam])),
    )


def as_markdown(errors: Sequence[Errors], moved: Sequence[Moved]) -> str:
    """Return both tables."""
    lines = ["| Site | Decisions | Wrong | Spam missed | False alarms |", "|---|--:|--:|--:|--:|"]
    lines += [
        f"| {e.site} | {e.taken} | {e.wrong:.1%} | {e.missed:.1%} | {e.false_alarms:.1%} |"
        for e in errors
    ]
    attacks = list(dict.fromkeys(each.attack for each in moved))
    sites = list(dict.fromkeys(each.site for each in moved))
    share: Callable[[str, str, int], str] = lambda site, attack, history: next(  # noqa: E731
        (
            f"{m.share:.2%}"
            for m in moved
            if (m.site, m.attack, m.history) == (site, attack, history)
        ),
        "",
    )
    lines += ["", f"| 200 lies | Decisions before | {' | '.join(sites)} |"]
    lines += [f"|---|--:|{'--:|' * len(sites)}"]
    for attack in attacks:
        for history in HISTORIES:
            cells = (share(site, attack, history) for site in sites)
            lines.append(f"| {attack} | {history} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
