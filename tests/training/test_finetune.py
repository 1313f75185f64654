"""A site teaches the model: what is better is served, all else leaves what there was."""

import errno
import json
import resource
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Never

import pytest
import torch

from tests.engines.conftest import Convert
from tests.engines.conftest import converted as converted  # noqa: PLC0414 - a fixture
from workers.engines.catalogue import SITE
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import TOKENIZER, WEIGHTS
from workers.engines.registry import load_engine, site_versions
from workers.engines.versions import Versions
from workers.evaluation.reading import UnreadableData
from workers.training import continuing
from workers.training import finetune as finetuning
from workers.training import trial as trial_module
from workers.training.batches import Batch, Encoded, tensors
from workers.training.continuing import Course, go_on
from workers.training.data import LABELS, Example
from workers.training.decisions import Decisions, UnusableDecisions, read_decisions
from workers.training.finetune import STATE, finetune
from workers.training.saving import save_whole
from workers.training.trial import Trial

TODAY: Final = date(2026, 11, 24)
SHORT: Final = Course(least_steps=4, passes=1, most_passes=1, save_every_s=0.0)
QUICK: Final = Course(rate=1.5e-4, head_rate=5e-4, least_steps=1, passes=1)

WHO = ("The mayor", "My neighbour", "The council", "A reader", "Our teacher", "The editor")
DID = ("praised", "visited", "mentioned", "forgot", "remembers", "painted", "likes")
WHAT = ("the bridge", "the park", "the market", "the school", "the river", "the museum")
BANNED = (" and zorblax", " with zorblax", " like zorblax")
BORNE = (" last week", " in the rain", " and the church")


def a_site_that_bans_a_word(count: int = 360) -> list[dict[str, str]]:
    """Decide on polite sentences of which every other names the word."""
    wholes = [f"{who} {did} {what}" for who in WHO for did in DID for what in WHAT]
    return [
        {"text": whole + end, "action": action}
        for i, whole in enumerate(wholes)
        for ends, action in ((BORNE, "approve"), (BANNED, "reject"))
        for end in (ends[i % 3],)
    ][:count]


def at_random(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Decide by the digest of a text, which says nothing of it."""
    return [
        {**row, "action": ("approve", "reject")[sha256(row["text"].encode()).digest()[0] % 2]}
        for row in rows
    ]


def read(rows: Sequence[dict[str, str]]) -> Decisions:
    return read_decisions(json.dumps(row).encode() for row in rows)


def taught(versions: Versions, decisions: Decisions, **about: Any) -> Trial:
    given: dict[str, Any] = {"data": None, "today": TODAY, "threads": 1, "course": SHORT, **about}
    with versions.held():
        return finetune(versions, decisions, **given)


@pytest.fixture
def tiny(converted: Convert, tmp_path: Path) -> Versions:
    """Return versions of a tiny model, none made yet."""
    _, base = converted("bert")
    return Versions(tmp_path / SITE, base)


def test_a_site_teaches_its_rule_and_can_go_back(tmp_path: Path) -> None:
    versions = site_versions(tmp_path)
    before = load_engine(SITE, cache=tmp_path)

    trial = taught(versions, read(a_site_that_bans_a_word(300)), course=QUICK)

    assert (trial.version, trial.complaints) == ("0001", [])
    auc = trial.figures["auc"]
    assert auc["after"] > max(0.95, auc["before"])
    after = load_engine(SITE, cache=tmp_path)
    [was, now] = (
        engine.score(["The baker likes the river with zorblax"])[0]["toxicity"]
        for engine in (before, after)
    )
    assert now > was
    assert before.signals == after.signals
    assert after.model_hash != before.model_hash
    card = after.card
    assert card.version == f"{before.card.version}+site.1"
    assert card.figures == {"site_decisions": json.loads(json.dumps(trial.figures))}
    assert trial.figures["parent"]["model_hash"] == before.model_hash
    assert (card.thresholds, card.quantisation) == ({}, {})
    assert card.calibration["signals"].keys() == before.card.calibration["signals"].keys()
    assert "error" not in json.dumps(card.calibration)
    # The head for words was not taught, and still finds what it found.
    assert trial.figures["words"]["marked_by"] == "model"
    assert card.spans == {name: before.card.spans[name] for name in ("threshold", "share")}
    assert (card.languages, card.credits) == (before.card.languages, before.card.credits)

    assert versions.roll_back() == "compact"
    assert load_engine(SITE, cache=tmp_path).model_hash == before.model_hash


def test_decisions_without_a_rule_replace_nothing(tiny: Versions) -> None:
    trial = taught(tiny, read(at_random(a_site_that_bans_a_word())))

    assert trial.version is None
    assert any("AUC on held-out decisions" in complaint for complaint in trial.complaints)
    assert [each.name for each in tiny.listed()] == ["compact"]
    assert not any(tiny.root.glob(".unfinished*"))
    assert not (tiny.root / STATE).exists()


def test_a_better_model_that_reads_a_group_worse_replaces_nothing(
    tiny: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_module, "not_better", lambda _: [])
    monkeypatch.setattr(trial_module, "complaints", lambda *_: ["told apart worse"])

    trial = taught(tiny, read(a_site_that_bans_a_word()))

    assert (trial.version, trial.complaints) == (None, ["told apart worse"])
    assert tiny.served == "compact"


def test_the_same_decisions_give_the_same_weights(
    tiny: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial_module, "not_better", lambda _: [])
    monkeypatch.setattr(trial_module, "complaints", lambda *_: [])
    decisions = read(a_site_that_bans_a_word())

    taught(tiny, decisions)
    tiny.use("compact")
    taught(tiny, decisions)

    [_, one, other] = tiny.listed()
    assert one.card is not None
    assert other.card is not None
    assert one.card.sha256 == other.card.sha256
    assert [one.card.version[-6:], other.card.version[-6:]] == ["site.1", "site.2"]


def test_a_full_disk_leaves_what_was_served(
    tiny: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Never:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(finetuning, "convert", full)

    with pytest.raises(OSError, match="No space"):
        taught(tiny, read(a_site_that_bans_a_word()))

    assert [(each.name, each.served) for each in tiny.listed()] == [("compact", True)]
    assert not any(tiny.root.glob(".unfinished*"))


def test_too_few_decisions_teach_nothing(tiny: Versions) -> None:
    with pytest.raises(UnusableDecisions, match="100 decisions, 200 are needed"):
        taught(tiny, read(a_site_that_bans_a_word(100)))


def test_a_served_version_that_broke_is_not_built_upon(tiny: Versions) -> None:
    tiny.root.mkdir()
    (tiny.root / "served").write_text("compact\n0001\n")

    with pytest.raises(ModelUnavailable, match=WEIGHTS):
        taught(tiny, read(a_site_that_bans_a_word()))


def test_texts_to_rehearse_that_cannot_be_read_are_told(tiny: Versions, tmp_path: Path) -> None:
    (tmp_path / "more.jsonl").write_text("{")

    with pytest.raises(UnreadableData, match="line 1"):
        taught(tiny, read(a_site_that_bans_a_word()), data=tmp_path / "more.jsonl")


def test_a_run_stopped_twice_ends_with_the_weights_of_one_that_was_not(
    converted: Convert, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint, folder = converted("bert")
    texts = [Example(f"you are reader {i}", (float(i % 2), *[None] * 5)) for i in range(200)]
    course = Course(passes=2, least_steps=1, save_every_s=0.0)

    def learn(key: str, saved: Path) -> dict[str, torch.Tensor]:
        model: Any = deepcopy(checkpoint.model)
        about: dict[str, Any] = {"key": key, "course": course, "threads": 1, "longest": 16}
        go_on(model, texts, folder / TOKENIZER, saved, **about)
        state: dict[str, torch.Tensor] = model.state_dict()
        return state

    def stopped(planned: Sequence[Sequence[Encoded]], start: int) -> Iterator[Batch]:
        yield from list(tensors(planned, start))[:5]
        raise KeyboardInterrupt

    whole = learn("this", tmp_path / "whole.pt")
    (tmp_path / "stopped.pt").write_bytes((tmp_path / "whole.pt").read_bytes()[:5000])  # torn
    for key in ("another", "this", "this"):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(continuing, "tensors", stopped)
            learn(key, tmp_path / "stopped.pt")

    assert torch.load(tmp_path / "stopped.pt", weights_only=True)["step"] == 10
    resumed = learn("this", tmp_path / "stopped.pt")
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    assert not all(torch.equal(whole[n], checkpoint.model.state_dict()[n]) for n in whole)
    assert len(LABELS) == 6


@pytest.mark.parametrize("content", [b"", b"torn", b"PK\x03\x04 and no more"])
def test_a_state_that_cannot_be_read_is_removed_and_learning_begins_anew(
    content: bytes, converted: Convert, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    checkpoint, folder = converted("bert")
    saved = tmp_path / STATE
    saved.write_bytes(content)
    texts = [Example(f"you are reader {i}", (float(i % 2), *[None] * 5)) for i in range(64)]
    about: dict[str, Any] = {"course": Course(passes=1, least_steps=1), "threads": 1}

    go_on(deepcopy(checkpoint.model), texts, folder / TOKENIZER, saved, key="", longest=16, **about)

    assert f"{saved} cannot be read and is removed: learning begins anew" in caplog.text
    assert not saved.exists()


def test_what_cannot_be_saved_leaves_what_was_saved_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / STATE
    save_whole({"step": 1}, path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(OSError, match="File too large") as raised:
            save_whole({"step": 2, "model": torch.zeros(1_000_000)}, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with monkeypatch.context() as patch, pytest.raises(OSError, match="output error"):
        patch.setattr("torch.save", broken)
        save_whole({"step": 2}, path)

    assert raised.value.filename == str(path)
    assert [each.name for each in tmp_path.iterdir()] == [STATE]
    assert torch.load(path, weights_only=True) == {"step": 1}


def broken(*_: object) -> Never:
    raise RuntimeError("PytorchStreamWriter failed writing file")
