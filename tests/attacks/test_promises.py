"""No attack without a promise: each file here is named in the threat model, which says what it shows."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.attack

HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "docs" / "threat-model.md"


def test_every_file_of_attacks_is_named_in_the_threat_model():
    text = MODEL.read_text(encoding="utf-8")
    ours = {path.name for path in HERE.glob("test_*.py")} - {Path(__file__).name}
    assert {name for name in ours if f"tests/attacks/{name}" not in text} == set()
