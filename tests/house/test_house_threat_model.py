"""docs/threat-model.md: every promise names a test that exists and is collected, or says "no promise"."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "threat-model.md"
TEST = re.compile(r"`(tests/[^`]+)`")
NONE = "no promise"
COLUMNS = 5  # what is guarded, against whom, the promise, how, shown by


def rows(text):
    """The cells of every table row under "What is promised", without the heads."""
    part = text.split("## What is promised", 1)[1].split("\n## ", 1)[0]
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part.splitlines()
        if line.startswith("|")
    ]
    return [cells for cells in found if not set(cells[0]) <= {"-", ":"} and cells[0] != "What"]


ROWS = rows(DOCUMENT.read_text(encoding="utf-8"))


def named_tests():
    return sorted({name for cells in ROWS for name in TEST.findall(cells[-1])})


@pytest.fixture(scope="module")
def collected():
    """Node ids, as pytest itself collects the files that the document names."""
    files = sorted({name.partition("::")[0] for name in named_tests()})
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}


def test_there_are_promises_and_each_row_is_whole():
    assert len(ROWS) > 20
    assert {len(cells) for cells in ROWS} == {COLUMNS}
    assert all(all(cells) for cells in ROWS), "no cell is empty"


@pytest.mark.parametrize("cells", ROWS, ids=lambda cells: f"{cells[0]}, {cells[1]}"[:70])
def test_promise_names_a_test_and_only_no_promise_may_name_none(cells):
    shown = TEST.sub("", cells[-1]).strip()
    if TEST.findall(cells[-1]):
        assert not shown, "tests stand alone in their cell"
    else:
        assert NONE in cells[2].lower() and shown == "–", cells


@pytest.mark.parametrize("name", named_tests())
def test_named_test_exists_and_is_collected(name, collected):
    path, _, test = name.partition("::")
    assert (ROOT / path).exists(), path
    if test:
        assert name in collected, name
    else:
        assert any(one.startswith(path) for one in collected), f"{path} holds no test"


def test_a_row_that_promises_without_a_test_would_be_seen():
    text = "## What is promised\n| What | Whom |\n|---|---|\n| a | b | Kept | c | none |\n## Else\n| x |"
    [cells] = rows(text)
    assert cells == ["a", "b", "Kept", "c", "none"]
    assert not TEST.findall(cells[-1])
