"""Functions are short, files are small, names say what things are."""

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("config", "questionnaires", "surveys", "analysis")
SOURCES = [
    ROOT / "app.py",
    *(path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))),
]
MIGRATIONS = ROOT / "surveys" / "migrations"
BANNED_NAMES = {"utils", "helpers", "common", "manager", "base", "misc", "util", "helper"}


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def length(function):
    """Lines of code: from def to end, without docstring and blank lines."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(getattr(body[0], "value", None), ast.Constant):
        docstring = body[0].end_lineno - body[0].lineno + 1
    else:
        docstring = 0
    return function.end_lineno - function.lineno + 1 - docstring


LENGTHS = {
    f"{path.relative_to(ROOT)}:{function.name}": length(function)
    for path in SOURCES
    if not path.is_relative_to(MIGRATIONS)
    for function in functions(path)
}


def test_functions_median_is_at_most_nine_lines():
    assert statistics.median(LENGTHS.values()) <= 9


def test_functions_are_hardly_ever_over_forty_lines():
    ordered = sorted(LENGTHS.values())
    assert ordered[int(len(ordered) * 0.95)] <= 40
    assert {name: lines for name, lines in LENGTHS.items() if lines > 60} == {}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_has_a_purpose_and_a_bound(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert not set(path.relative_to(ROOT).with_suffix("").parts) & BANNED_NAMES
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "say in two or three lines what the file is for"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_public_functions_are_typed_and_say_what_they_promise(path):
    if path.is_relative_to(MIGRATIONS):
        return
    for function in functions(path):
        if function.name.startswith("_") or _is_nested(path, function):
            continue
        arguments = [*function.args.args, *function.args.kwonlyargs]
        named = [argument for argument in arguments if argument.arg not in ("self", "cls")]
        assert all(argument.annotation for argument in named), (
            f"{function.name}: type its arguments"
        )
        assert function.returns is not None, f"{function.name}: type what it returns"
        assert ast.get_docstring(function), f"{function.name}: say what it promises"


def _is_nested(path, function):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tops = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    tops += [node for kind in classes for node in kind.body if isinstance(node, ast.FunctionDef)]
    return function.lineno not in {node.lineno for node in tops}
