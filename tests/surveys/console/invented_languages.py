"""Invented catalogues in a folder, written and compiled as the site's own are.

In: a folder, and what each language says. Out: files, as ``read_catalogues`` reads them.
"""

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DRAFT = "draft, not yet checked by a speaker"
PLURALS = "nplurals=2; plural=(n != 1);"
WELSH = {
    "Care4Me": "Care4Me",
    "Hello.": "Helo.",
    "One": "Un",
    "Are you safe?": "Wyt ti’n ddiogel?",
    "Yes": "Ydw",
    "No": "Nac ydw",
    "Next": "Nesaf",
}
AROUND = {"Next": "surveys/templates/answering/question.html"}


def write_template(folder, around=AROUND, **more):
    """The list of all texts; ``around`` says in which file each stands."""
    blocks = [f'#: {file}:1\nmsgid "{text}"\nmsgstr ""\n' for text, file in around.items()]
    folder.mkdir(exist_ok=True)
    start = (
        'msgid ""\nmsgstr ""\n"POT-Creation-Date: 2026-11-20 15:30+0000\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
    )
    path = folder / "messages.pot"
    path.write_text("\n".join([start, *blocks, *more.get("blocks", ())]), "utf-8")
    return path


def write_language(folder, code, said, *, status=DRAFT, extra="", compiled=True):
    """One language's catalogue. ``extra`` is put at its end as it is."""
    blocks = [f'msgid "{text}"\nmsgstr "{words}"\n' for text, words in said.items()]
    return write_raw(folder, code, "\n".join([header(code, status), *blocks, extra]), compiled)


def header(code, status=DRAFT):
    """The first message of a catalogue."""
    lines = [f"Language: {code}", f"Plural-Forms: {PLURALS}"]
    lines += ["Content-Type: text/plain; charset=utf-8"]
    lines += [f"X-Status: {status}"] if status is not None else []
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines)


def write_raw(folder, code, text, compiled=False):
    """A catalogue with exactly this in it."""
    path = folder / code / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    if compiled:
        compile_language(path)
    return path


def compile_language(path):
    """What ``make translations`` does with one catalogue."""
    with path.open("rb") as written, path.with_suffix(".mo").open("wb") as built:
        write_mo(built, read_po(written))
