"""How well marked words agree with those that people marked: SemEval-2021 task 5."""

from collections.abc import Iterable, Sequence, Set


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


def marked_characters(spans: Sequence[object]) -> frozenset[int]:
    """Collect the characters that somebody marked.

    Args:
        spans: Offsets, as in SemEval-2021, or ``[start, end]`` or ``[kind, start, end]`` of each
            mark, as in Civil Comments, where several people may have marked the same.

    Raises:
        TypeError: There is something else among them.
        ValueError: Likewise.
    """
    characters: set[int] = set()
    for span in spans:
        *_, start, end = span if isinstance(span, Sequence) else (span, _after(span))
        characters.update(range(_whole(start), _whole(end)))
    return frozenset(characters)


def _after(offset: object) -> int:
    return _whole(offset) + 1


def _whole(offset: object) -> int:
    if not isinstance(offset, int):
        raise TypeError(type(offset).__name__)
    return offset
