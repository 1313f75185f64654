from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from moderation.domain.comment import Comment
from moderation.errors import EditConflict
from moderation.ports.store import OpenStore, Store
from moderation.usecases.edit import edit_comment
from moderation.usecases.idempotency import Reply, Request
from tests.builders import NOW
from tests.fakes import RecordedJobs
from tests.usecases.given import a_comment, a_site


class _Raced:
    """Opens a store in which somebody saves the comment first, *times* times."""

    def __init__(self, open_store: OpenStore, times: int) -> None:
        self._open_store = open_store
        self.left = times

    @contextmanager
    def __call__(self, *, reading: bool = False) -> Iterator[Store]:
        with self._open_store(reading=reading) as store:
            yield store
            if self.left:
                self.left -= 1
                raise EditConflict("raced")


def _edit(open_store: OpenStore, raced: _Raced, version: int | None) -> Comment:
    site = a_site(open_store).site
    comment = a_comment(open_store, site.id, risk=None)
    edit_comment(
        comment.id,
        "new",
        Request(site_id=site.id, now=NOW),
        version=version,
        reply=lambda edited: Reply(202, edited.body),
        open_store=raced,
        jobs=RecordedJobs(),
    )
    with open_store(reading=True) as store:
        return store.comment(site.id, comment.id)


def test_an_edit_that_lost_a_race_is_made_on_what_won(sqlite_store: OpenStore) -> None:
    assert _edit(sqlite_store, _Raced(sqlite_store, 4), None).body == "new"


@pytest.mark.parametrize(("races", "version"), [(5, None), (1, 1)])
def test_an_edit_gives_up_when_it_keeps_losing_or_meant_one_version(
    sqlite_store: OpenStore, races: int, version: int | None
) -> None:
    with pytest.raises(EditConflict):
        _edit(sqlite_store, _Raced(sqlite_store, races), version)
