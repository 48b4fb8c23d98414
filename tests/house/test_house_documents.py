"""Every command that a document tells somebody to type exists, with every option it is given."""

import re
import shlex
from pathlib import Path

import click
import pytest

from questionnaires.commands import questionnaires
from surveys import commands
from surveys.preview.commands import correct, preview

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = (
    "audit", "backup", "contact", "database", "inspections", "invitations", "keys", "languages",
    "nightly", "paper", "rehearsal", "retention", "sound", "staff", "waves",
)  # fmt: skip
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.S)
BEFORE = re.compile(r"^(?:\S*/)?flask(?: --app \S+)? ")


def authors():
    return {**questionnaires.commands, "preview": preview, "correct": correct}


def rooms():
    known = {name: getattr(commands, name) for name in ROOMS}
    for command in commands.OUTBOX_COMMANDS:
        known["invitations"].add_command(command)
    return known | {"questionnaires": click.Group("questionnaires", commands=authors())}


KNOWN = rooms()


def told(path):
    """Every line of code in a document that begins with a room's command."""
    for block, span in CODE.findall(path.read_text(encoding="utf-8")):
        for line in (block or span).replace("\\\n", " ").splitlines():
            words = BEFORE.sub("", line.strip())
            if words.split(" ")[0] in KNOWN and re.match(r"[a-z]+ [a-z-]", words + " -"):
                yield words, bool(BEFORE.match(line.strip())) or bool(block)


def typed(words):
    try:
        return shlex.split(words, comments=True)
    except ValueError:
        return words.split()


def fault_of(words, is_surely_one):
    """What is wrong with a command as it is written; nothing, or not one at all: empty."""
    name, *rest = typed(words)
    command, done = KNOWN[name], [name]
    while isinstance(command, click.Group) and rest:
        part = rest[0]
        if part not in command.commands:
            looks_like_one = is_surely_one or any(word.startswith("--") for word in rest)
            return f"there is no {' '.join([*done, part])}" if looks_like_one else ""
        command, done, rest = command.commands[part], [*done, part], rest[1:]
    options = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    given = {word.split("=")[0] for word in rest if re.fullmatch(r"--[a-z][a-z0-9=-]*", word)}
    return (
        f"{' '.join(done)} has no {', '.join(sorted(given - options))}" if given - options else ""
    )


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_in_a_document_exists(path):
    found = [(words, fault_of(words, surely)) for words, surely in told(path)]
    assert [f"{words}: {fault}" for words, fault in found if fault] == []


def test_the_search_finds_what_it_is_for():
    assert len([one for path in DOCUMENTS for one in told(path)]) > 60
    assert fault_of("keys nonsense WAVE --role mix", False) == "there is no keys nonsense"
    assert fault_of("keys list WAVE --nonsense", False) == "keys list has no --nonsense"
    assert fault_of("keys list WAVE", True) == ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_target_of_make_in_a_document_exists(path):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:[A-Z_]+=\S+ )?make\s+([a-z-]+)", text))
    named |= set(re.findall(r"^make ([a-z-]+)", text, re.M))
    assert named <= targets
