"""How well marked words agree with those that people marked: SemEval-2021 task 5."""

from collections.abc import Iterable, Set


def character_f1(found: Set[int], marked: Set[int]) -> float:
    """Compare two sets of character offsets of one post.

    Empty against empty is 1; empty against anything is 0.
    """
    if not found and not marked:
        return 1.0
    return 2 * len(found & marked) / (len(found) + len(marked))


def spans_f1(posts: Iterable[tuple[Set[int], Set[int]]]) -> float:
    """Average the character F1 over posts, each with its offsets found and marked.

    The measure of Pavlopoulos and others, "SemEval-2021 Task 5: Toxic Spans Detection": a
    long post weighs no more than a short one. NaN when there are no posts.
    """
    each = [character_f1(found, marked) for found, marked in posts]
    return sum(each) / len(each) if each else float("nan")
