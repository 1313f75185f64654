"""``moderation migrate-check`` with the model on this machine, in a process of its own."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from moderation.cli.app import make_app

STORED = """text,Toxicity
You are a stupid idiot.,0.97
Thank you for the report.,0.02
"Shut up, you worthless liar.",0.90
The council met on Tuesday.,0.03
"""


def test_stored_scores_are_compared_without_anything_leaving_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODERATION_DATA_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    Path("stored.csv").write_text(STORED, encoding="utf-8")

    told = CliRunner().invoke(
        make_app(), ["migrate-check", "stored.csv", "--attribute", "TOXICITY", "--at", "0.8"]
    )

    assert told.exit_code == 0, told.output
    assert told.stderr.startswith("moderation: 4 texts are compared; none leaves this machine\n")
    [row] = [line for line in told.stdout.splitlines() if line.startswith("TOXICITY\t0.8\t")]
    assert row.split("\t")[3:6] == ["50.0%", "50.0%", "100.0%"]
    page = Path("migrate-check.html").read_text("utf-8")
    assert "4 texts have both scores" in page
    assert not any(text in page for text in ("worthless liar", "Thank you"))  # none differs
