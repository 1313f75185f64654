"""Fit a correction of given logits: scikit-learn's stochastic gradient descent, pass by pass."""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import SGDClassifier

Numbers = npt.NDArray[np.float64]

_PASSES: Final = 5
_RATE: Final = 1.0
_SHRINKING: Final = 1e-4
_AT_ONCE: Final = 100
_NOTHING: Final = 1e-6
_HELD: Final = 100.0
"""The weight of the column that holds the given logits, which is put back after every step: so
what is learnt is only how to correct them."""


def correcting_weights(
    features: csr_matrix, base: Numbers, targets: Numbers, weights: Numbers
) -> Numbers:
    """Return a weight for each column, which added to *base* comes nearer to *targets*.

    The same lessons give the same weights, whenever they are learnt.

    Args:
        features: Of shape (n, width).
        base: Logits without any correction, of shape (n,).
        targets: Probabilities of spam that are to come out, of shape (n,).
        weights: How much each counts; one of 0 does not.
    """
    # A target between 0 and 1 is two lessons that weigh as much together as it does.
    lesson = np.concatenate([np.arange(len(targets))] * 2)
    spam = np.repeat([1, 0], len(targets))
    weighs = np.concatenate([weights * targets, weights * (1.0 - targets)])
    counts = np.flatnonzero(weighs > _NOTHING)
    table = hstack([features, csr_matrix((base / _HELD)[:, None])], format="csr")
    learner = SGDClassifier(
        loss="log_loss",
        alpha=_SHRINKING,
        learning_rate="constant",
        eta0=_RATE,
        fit_intercept=False,  # it would move every comment, whatever it says
        random_state=0,
    )
    learner.partial_fit(
        table[:1], [0], classes=[0, 1], sample_weight=[_NOTHING]
    )  # makes its arrays
    learner.coef_[:] = 0.0
    order = np.random.default_rng(0)
    for number in range(_PASSES):
        learner.set_params(eta0=_RATE / (1 + number))  # late passes settle what early ones found
        shuffled = order.permutation(counts)
        for start in range(0, len(shuffled), _AT_ONCE):
            some = shuffled[start : start + _AT_ONCE]
            learner.coef_[0, -1] = _HELD
            learner.partial_fit(table[lesson[some]], spam[some], sample_weight=weighs[some])
    return np.asarray(learner.coef_[0, :-1])
