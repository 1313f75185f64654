"""Whether naming a group moves the scores: AUCs on parts of the texts.

Borkan and others, "Nuanced Metrics for Measuring Unintended Bias with Real Data for Text
Classification", 2019.
"""

from dataclasses import dataclass

from workers.evaluation.metrics import Numbers, Reached, auc, positive


@dataclass(frozen=True, slots=True)
class Bias:
    """Three AUCs of one group; NaN where a side has no texts.

    ``subgroup``: among the texts that name the group, so low means that they are confused
    with one another. ``bpsn``: harmless texts that name it against toxic ones that do not, so
    low means that the name alone raises the score. ``bnsp``: toxic texts that name it against
    harmless ones that do not, so low means that attacks on the group are missed.
    """

    subgroup: float
    bpsn: float
    bnsp: float


def bias(labels: Numbers, scores: Numbers, named: Reached) -> Bias:
    """Measure the bias of one group.

    Args:
        labels: 0 or 1.
        scores: In [0, 1].
        named: Of each text, whether it names the group.
    """
    positives = positive(labels)
    parts = (
        named,
        (named & ~positives) | (~named & positives),
        (named & positives) | (~named & ~positives),
    )
    return Bias(*(auc(labels[part], scores[part]) for part in parts))
