"""What may lie in the repository: our own text, no third party's files, no inline script or style."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATES = [*ROOT.glob("surveys/templates/**/*.html"), *ROOT.glob("analysis/templates/**/*.html")]
STATIC = [
    path for path in (ROOT / "static").rglob("*") if path.is_file() and "vendor" not in path.parts
]
TOP_LEVEL = {
    "app.py", "surveys", "questionnaires", "analysis", "translations", "static", "config", "tests",
    "README.md", "SECURITY.md", "LICENSE", "Makefile", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", "docs", "benchmarks", ".ci", ".gitignore", ".gitattributes",
}  # fmt: skip


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [Path(line) for line in listed.stdout.splitlines()]


def test_top_level_is_the_design():
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_third_party_file_is_tracked():
    suspicious = re.compile(
        r"(\.min\.|vendor|node_modules|bootstrap|jquery|plotly.*\.js$|\.woff2?$|\.ttf$)"
    )
    assert [
        path for path in tracked() if suspicious.search(str(path)) and path.suffix != ".py"
    ] == []


def test_nothing_tracked_is_large_or_secret():
    for path in tracked():
        file = ROOT / path
        if file.is_file():
            assert file.stat().st_size < 2_000_000, path
    assert not [path for path in tracked() if path.suffix in (".sqlite3", ".db", ".key", ".mo")]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_script_style_or_handler(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", text)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)
    assert "|safe" not in text.replace(" ", "") or "|safe" in ALLOWED_SAFE.get(path.name, ""), path


ALLOWED_SAFE: dict[str, str] = {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_words_go_through_gettext(path):
    """Words that stand between tags, outside {{ }} and {% %}, would never be translated."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{#.*?#}", "", text, flags=re.S)
    text = re.sub(r"{%-?\s*trans.*?endtrans\s*-?%}", "", text, flags=re.S)
    text = re.sub(r"{%.*?%}|{{.*?}}|<!--.*?-->|<(svg|script)\b.*?</\1>", "", text, flags=re.S)
    text = re.sub(r"<[^>]*>", "\n", text, flags=re.S)
    words = [line.strip() for line in text.splitlines() if re.search(r"[A-Za-z]{3}", line)]
    assert [word for word in words if word not in ("Heard", "html")] == []


@pytest.mark.parametrize(
    "path", [path for path in STATIC if path.suffix in (".css", ".js")], ids=lambda path: path.name
)
def test_static_file_fetches_nothing_from_elsewhere(path):
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|//[a-z]+\.|@import|eval\(|innerHTML", text)


def test_no_file_tells_of_a_machine():
    for path in tracked():
        file = ROOT / path
        if (
            file.suffix
            in (".py", ".md", ".html", ".yaml", ".toml", ".sh", ".js", ".css", ".txt", "")
            and file.is_file()
        ):
            text = file.read_text(encoding="utf-8", errors="ignore")
            assert "/" + "work/" not in text and "/" + "root/" not in text, path
