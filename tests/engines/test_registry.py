"""From a name to an engine, or to one clear line about what is missing."""

import hashlib
import json
import pickle
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Never

import pytest

from tests.engines.conftest import Convert
from workers.engines import registry
from workers.engines.catalogue import PUBLISHED, Published
from workers.engines.errors import ModelUnavailable
from workers.engines.folder import CARD, CONFIG, SUMS, TOKENIZER, WEIGHTS, ModelFolder, seal
from workers.engines.onnx import OnnxEngine
from workers.engines.registry import load_engine, resolve
from workers.training.checkpoint import convert_named, obtain
from workers.training.library import build, read_checkpoint


def offline(url: str, path: Path) -> None:
    raise OSError(f"no network to fetch {url} to {path}")


class Trap:
    """Ends the test when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("the pickle was run",))


@pytest.fixture
def copied(converted: Convert, tmp_path: Path) -> Path:
    """Return a model folder that a test may spoil."""
    _, folder = converted("bert")
    return Path(shutil.copytree(folder, tmp_path / "copied"))


def test_an_unknown_name_is_told_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="compact, site, original, unbiased, multilingual"):
        resolve("orig1nal", tmp_path)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_model_offline_names_all_files_to_bring(name: str, tmp_path: Path) -> None:
    published = PUBLISHED[name]

    with pytest.raises(ModelUnavailable) as raised:
        convert_named(name, tmp_path / "model", tmp_path, offline)

    message = str(raised.value)
    assert "\n" not in message
    assert published.url in message
    assert f"put it into {tmp_path};" in message
    for file in (CONFIG, "tokenizer.json", "tokenizer_config.json"):
        assert file in message
    assert message.endswith(f"put them into {tmp_path / published.configured_by}")
    assert not (tmp_path / "model").exists()


def test_a_published_model_offline_asks_for_no_files_that_were_brought(tmp_path: Path) -> None:
    original = PUBLISHED["original"]
    (tmp_path / original.configured_by).mkdir()

    with pytest.raises(ModelUnavailable) as raised:
        obtain(original, tmp_path, offline)

    assert original.url in str(raised.value)
    assert CONFIG not in str(raised.value)


def test_another_file_than_the_published_one_is_refused_unopened(tmp_path: Path) -> None:
    original = PUBLISHED["original"]
    (tmp_path / original.file).write_bytes(pickle.dumps(Trap(), protocol=2))

    with pytest.raises(ModelUnavailable, match="not the file that was published"):
        obtain(original, tmp_path, offline)


def test_a_checkpoint_that_holds_code_is_refused_unrun(tmp_path: Path) -> None:
    path = tmp_path / "given.ckpt"
    path.write_bytes(pickle.dumps(Trap(), protocol=2))

    with pytest.raises(ModelUnavailable):
        read_checkpoint(path)


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "given.ckpt"
    path.write_bytes(b"")

    with pytest.raises(ModelUnavailable, match="not a Detoxify checkpoint"):
        read_checkpoint(path)


def test_a_checkpoint_without_its_configuration_says_what_is_missing(
    converted: Convert, tmp_path: Path
) -> None:
    checkpoint, _ = converted("bert")
    alone = shutil.copy(checkpoint.path, tmp_path / "alone.ckpt")

    with pytest.raises(ModelUnavailable, match=r"config\.json"):
        convert_named(str(alone), tmp_path / "model", tmp_path)


def test_a_checkpoint_beside_the_configuration_of_another_is_refused(
    converted: Convert, tmp_path: Path
) -> None:
    small = json.loads((converted("bert")[0].files / CONFIG).read_text("utf-8"))
    shutil.copytree(converted("bert")[0].files, tmp_path / "mixed")
    (tmp_path / "mixed" / CONFIG).write_text(json.dumps({**small, "hidden_size": 24}), "utf-8")

    with pytest.raises(ModelUnavailable, match="does not fit the configuration"):
        convert_named(str(tmp_path / "mixed" / "tiny.ckpt"), tmp_path / "model", tmp_path)


def test_weights_without_a_classifier_are_refused(converted: Convert) -> None:
    checkpoint = converted("bert")[0]
    read = read_checkpoint(checkpoint.path)
    encoder = {name: read.state[name] for name in read.state if "classifier" not in name}

    with pytest.raises(ModelUnavailable, match="no classifier"):
        build(replace(read, state=encoder), checkpoint.files)


@pytest.fixture
def brought(converted: Convert, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Published:
    """Return a published model whose checkpoint was brought to the cache by hand."""
    checkpoint, _ = converted("bert")
    digest = hashlib.sha256(checkpoint.path.read_bytes()).hexdigest()
    made = replace(PUBLISHED["original"], url=f"https://example.org/toxic_tiny-{digest[:8]}.ckpt")
    shutil.copy(checkpoint.path, tmp_path / made.file)
    monkeypatch.setitem(PUBLISHED, "original", made)
    return made


def test_a_published_model_brought_by_hand_is_converted_offline(
    brought: Published, converted: Convert, tmp_path: Path
) -> None:
    shutil.copytree(converted("bert")[0].files, tmp_path / brought.configured_by)

    card = convert_named("original", tmp_path / "model", tmp_path, offline)

    assert card.languages == ("en",)
    assert OnnxEngine(tmp_path / "model").model_hash == card.sha256


def test_a_published_model_without_tokenizer_names_the_folder_to_fill(
    brought: Published, tmp_path: Path
) -> None:
    (tmp_path / brought.configured_by).mkdir()

    with pytest.raises(ModelUnavailable, match=str(tmp_path / "bert-base-uncased")):
        convert_named("original", tmp_path / "model", tmp_path, offline)


def test_a_published_model_is_converted_once(converted: Convert, tmp_path: Path) -> None:
    asked = []

    def run(arguments: Sequence[str]) -> None:
        asked.append(arguments)
        shutil.copytree(converted("bert")[1], tmp_path / "original")

    first = resolve("original", tmp_path, run)

    assert resolve("original", tmp_path, run) == first
    assert len(asked) == 1


def test_what_an_interrupted_conversion_left_is_made_anew(
    converted: Convert, tmp_path: Path
) -> None:
    shutil.copytree(converted("bert")[1], tmp_path / "original")
    (tmp_path / "original" / WEIGHTS).write_bytes(b"half")

    def run(arguments: Sequence[str]) -> None:
        shutil.copytree(converted("bert")[1], arguments[arguments.index("--into") + 1])

    assert ModelFolder.open(resolve("original", tmp_path, run))


@pytest.mark.parametrize("wanted", ["original", "given.ckpt"])
def test_conversion_without_the_extra_says_how_to_get_it(
    wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "find_spec", {}.get)
    (tmp_path / "given.ckpt").touch()
    model = wanted if wanted in PUBLISHED else str(tmp_path / wanted)

    with pytest.raises(ModelUnavailable, match=r"docs/scorers/detoxify\.md"):
        resolve(model, tmp_path)


def test_the_library_without_the_extra_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "find_spec", {}.get)

    with pytest.raises(ModelUnavailable, match="MODERATION_ENGINE=detoxify needs the extra"):
        load_engine("compact", cache=tmp_path, engine="detoxify")


def test_what_the_conversion_said_last_is_the_error(tmp_path: Path) -> None:
    (tmp_path / "given.ckpt").write_bytes(b"no checkpoint")

    with pytest.raises(ModelUnavailable) as raised:
        resolve(str(tmp_path / "given.ckpt"), tmp_path)

    assert "given.ckpt" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_conversion_that_never_ends_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(command: Sequence[str], *, timeout: float, **_: object) -> Never:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(subprocess, "run", stuck)
    (tmp_path / "given.ckpt").touch()

    with pytest.raises(ModelUnavailable, match="could not be converted in half an hour"):
        resolve(str(tmp_path / "given.ckpt"), tmp_path)


def test_a_model_folder_is_used_where_it_lies(copied: Path, tmp_path: Path) -> None:
    assert resolve(str(copied), tmp_path) == copied


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, CARD, SUMS])
def test_a_folder_that_lacks_a_file_is_refused(name: str, copied: Path) -> None:
    (copied / name).unlink()

    with pytest.raises(ModelUnavailable, match=f"lacks {name}"):
        OnnxEngine(copied)


@pytest.mark.parametrize("name", [WEIGHTS, TOKENIZER, CARD])
def test_an_altered_file_is_refused(name: str, copied: Path) -> None:
    with (copied / name).open("ab") as file:
        file.write(b" ")

    with pytest.raises(ModelUnavailable, match=name):
        OnnxEngine(copied)


def test_a_card_of_other_weights_is_refused(copied: Path) -> None:
    card = (copied / CARD).read_text("utf-8")
    digest = ModelFolder.open(copied).card.sha256
    (copied / CARD).write_text(card.replace(digest, "0" * 64), "utf-8")
    seal(copied)

    with pytest.raises(ModelUnavailable, match="other weights"):
        OnnxEngine(copied)


@pytest.mark.parametrize("card", ["", "[]", '{"name": "x"}'])
def test_a_file_that_is_no_card_is_refused(card: str, copied: Path) -> None:
    (copied / CARD).write_text(card, "utf-8")
    seal(copied)

    with pytest.raises(ModelUnavailable, match="not a scorer card"):
        OnnxEngine(copied)


def test_a_tokenizer_that_cannot_be_read_is_refused(copied: Path) -> None:
    (copied / TOKENIZER).write_text("{}", "utf-8")
    seal(copied)

    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        OnnxEngine(copied)
