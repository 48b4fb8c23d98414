"""The catalogues: no markup, the same placeholders, compilable, and gathered from today's code.

Jinja takes what a catalogue says for HTML that we wrote, so a translation is looked at like code.
"""

import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po"))
MARKUP = re.compile(r"[<>]|&#?\w+;")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?.?", re.S)  # a lone % too: the page would not be shown

each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def read(path):
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def both_forms(text):
    """One text, or its plural forms, as a tuple."""
    return tuple(text) if isinstance(text, tuple | list) else (text,)


def faults(ids, strings):
    """What is wrong with the translations of one message."""
    wanted = [sorted(PLACEHOLDER.findall(text)) for text in ids]  # one thing may go unnumbered
    for text in filter(None, strings):
        if not set(MARKUP.findall(text)) <= set(MARKUP.findall(" ".join(ids))):
            yield f"markup in {text!r}"
        if not any(set(PLACEHOLDER.findall(text)) == set(one) for one in wanted):
            yield f"other placeholders in {text!r} than in {ids[0]!r}"


@each_catalogue
def test_translation_brings_no_markup_and_keeps_the_placeholders(path):
    found = [
        fault
        for message in read(path)
        if message.id
        for fault in faults(both_forms(message.id), both_forms(message.string))
    ]
    assert found == []


@each_catalogue
def test_catalogue_compiles_and_has_the_forms_its_language_needs(path):
    catalogue, compiled = read(path), io.BytesIO()
    assert [error for _, errors in catalogue.check() for error in errors] == []
    write_mo(compiled, catalogue)
    assert compiled.getvalue()


@pytest.mark.parametrize(
    ("ids", "strings", "count"),
    [
        (("Hello",), ("Helo",), 0),
        (("Hello",), ("",), 0),
        (("Hello",), ("<b>Helo</b>",), 1),
        (("Hello",), ("Helo &lt;",), 1),
        (("<b>Hello</b>",), ("<b>Helo</b>",), 0),
        (("%(n)s left",), ("%(n)s ar ôl",), 0),
        (("%(n)s left",), ("ar ôl",), 1),
        (("%(n)s left",), ("%(m)s ar ôl",), 1),
        (("%(n)s left",), ("%(n)d ar ôl",), 1),
        (("all left",), ("100% ar ôl",), 1),
        (("One left", "%(n)s left"), ("Un ar ôl", "%(n)s ar ôl"), 0),
        (("One left", "%(n)s left"), ("Un ar ôl", "%(n)s o %(all)s"), 1),
    ],
)
def test_faults_are_seen(ids, strings, count):
    assert len(list(faults(ids, strings))) == count


def test_template_holds_every_text_of_the_code_and_no_other(tmp_path):
    anew = tmp_path / "messages.pot"
    babel = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract"]
    subprocess.run([*babel, "-F", "translations/babel.cfg", "-o", anew, "."], cwd=ROOT, check=True)
    kept, found = (
        {both_forms(message.id) for message in read(file) if message.id}
        for file in (ROOT / "translations" / "messages.pot", anew)
    )
    assert (sorted(found - kept), sorted(kept - found)) == ([], []), "run: make messages"
