"""Every command either leaves a line in the audit log or is named here with why it leaves none.

A new command belongs into one of the tables. Whether a command can reach the log is read from its
own code and from that of every function of the project that it names.
"""

import ast
import inspect
import sys
import textwrap
from types import FunctionType, ModuleType

import click
import pytest
from flask import Flask

from analysis.__main__ import main as analysis
from surveys import commands

WRITERS = {"record", "record_about_all"}
RECORDED = {
    "analysis make-publisher", "analysis publish",
    "audit checkpoint",
    "backup key", "backup make",
    "contact keys", "contact open", "contact tidy",
    "inspections ask-list", "inspections decide", "inspections import-cohort",
    "inspections import-list", "inspections open", "inspections prepare-wave",
    "invitations bounces", "invitations cards", "invitations contacts", "invitations issue",
    "invitations letters", "invitations remind", "invitations reprint", "invitations seed",
    "invitations send", "invitations stop", "invitations withdraw",
    "keys certificate", "keys create", "keys destroy", "keys drill", "keys escrow-custodian",
    "keys recover", "keys rewrap", "keys rotate", "keys try",
    "languages accept", "languages check", "languages withdraw",
    "nightly",
    "paper print",
    "questionnaires correct",
    "retention run", "retention set", "retention withdraw",
    "staff add", "staff close", "staff invite", "staff new-password",
    "waves close", "waves open", "waves release",
}  # fmt: skip
ONLY_READS = {
    "analysis plan", "analysis verify",
    "audit show", "audit verify",
    "contact list",
    "database check",
    "inspections calendar",
    "keys list",
    "languages list",
    "questionnaires check", "questionnaires codebook", "questionnaires export",
    "retention list",
    "sound report",
    "staff list",
    "waves list", "waves manifest",
}  # fmt: skip
NO_LINE = {
    "audit key": "makes a key that signs lines, before there need be any",
    "backup check": "runs off the server, on a copy that is thrown away",
    "backup restore": "runs where there is no site",
    "contact remind": "who was told on which day stands with each message, and the night does it",
    "database upgrade": "tables, not people; it has to run before there is a log",
    "invitations helper-sheet": "prints a page without a code or a name",
    "languages sheet": "prints the texts that everybody is shown",
    "questionnaires freeze": "files of an author, away from a site",
    "questionnaires new": "files of an author, away from a site",
    "questionnaires import": "files of an author, away from a site",
    "preview": "a demonstration that is thrown away",
    "questionnaires preview": "the same",
    "rehearsal": "invented people only",
    "sound build": "files of the release, away from people",
    "sound script": "prints the texts that everybody is shown",
    "sound import": "files of the release, away from people",
}


def flattened(group, before=()):
    for name, command in group.commands.items():
        words = (*before, name)
        if isinstance(command, click.Group):
            yield from flattened(command, words)
        else:
            yield " ".join(words), command


def all_commands():
    app = Flask("commands")
    app.extensions["heard"] = None
    commands.register(app)
    commands.register_authors(app, None)
    own = {n: c for n, c in flattened(app.cli) if n not in ("run", "shell", "routes")}
    return own | {f"analysis {name}": command for name, command in flattened(analysis)}


COMMANDS = all_commands()


def code_of(function):
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def named_by(function):
    """Every function of the project that this one names, also by an import of its own."""
    names = dict(function.__globals__)
    tree = code_of(function)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            __import__(node.module)
            for one in node.names:
                names[one.asname or one.name] = getattr(sys.modules[node.module], one.name, None)
    for node in ast.walk(tree):
        found = None
        if isinstance(node, ast.Name):
            found = names.get(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = names.get(node.value.id)
            found = vars(owner).get(node.attr) if isinstance(owner, ModuleType | type) else None
        if isinstance(found, (tuple, list)):  # a table of steps
            yield from (one for row in found for one in (row if isinstance(row, tuple) else (row,)))
        yield found


def reaches_the_log(function, seen=None):
    seen = set() if seen is None else seen
    if isinstance(function, click.Command):
        function = function.callback
    if not isinstance(function, FunctionType):
        return False
    function = inspect.unwrap(function)
    if function in seen:
        return False
    if not function.__module__.startswith(("surveys", "analysis", "questionnaires")):
        return False
    if function.__module__ == "surveys.audit.log":
        return function.__name__ in WRITERS
    seen.add(function)
    return any(reaches_the_log(one, seen) for one in named_by(function))


def test_every_command_is_in_one_of_the_tables():
    tables = [RECORDED, ONLY_READS, NO_LINE.keys()]
    named = [name for table in tables for name in table]
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_command_that_does_something_reaches_the_log(name):
    assert reaches_the_log(COMMANDS[name])


@pytest.mark.parametrize("name", sorted(ONLY_READS))
def test_command_that_only_reads_never_writes_to_the_log(name):
    assert not reaches_the_log(COMMANDS[name])
