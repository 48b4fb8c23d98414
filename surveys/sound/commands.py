"""``flask sound ...``: make stand-ins, see what is missing, hand out a script, take recordings in.

In: the site's questionnaires and catalogues. Out: clips in static/audio/, words on the terminal.
A running site lists its clips when it starts, so restart it afterwards.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from surveys.site import Site
from surveys.sound import recordings, report, stand_ins
from surveys.sound.clips import FOLDER, recordings_in
from surveys.sound.encoding import SoundToolMissing
from surveys.sound.fixed_words import FixedWords
from surveys.sound.spoken import Reading, Spoken, names_of, reading_of
from surveys.sound.tongues import Tongue, languages_in, tongue

_FOR_CHILDREN = frozenset({"child", "young"})
_folder = click.option(
    "--audio", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, hidden=True
)
_languages = click.option("--language", "languages", multiple=True, help="May be repeated.")
_surveys = click.option(
    "--survey", "surveys", multiple=True, help="May be repeated; else all that children meet."
)


@click.group()
def sound() -> None:
    """Clips of every text that respondents can hear."""


@sound.command("build")
@_languages
@_surveys
@click.option("--prune", is_flag=True, help="Also remove stand-ins of texts that are no more.")
@_folder
@click.pass_obj
def build(
    site: Site, languages: tuple[str, ...], surveys: tuple[str, ...], prune: bool, audio: Path
) -> None:
    """Make the stand-ins that are missing, in English or the languages named.

    A recording is never overwritten. Restart the site afterwards.
    """
    with _plain_errors():
        for language in languages or ("en",):
            _build_in(site, _tongue(language), surveys, audio)
            if prune:
                gone = stand_ins.prune(audio, language, _all_names(site, language))
                click.echo(f"{language}: {gone} stale stand-ins removed.")


@sound.command("report")
@_languages
@_surveys
@click.option("--list", "listed", is_flag=True, help="Name every missing and stale clip.")
@_folder
@click.pass_obj
def show_report(
    site: Site, languages: tuple[str, ...], surveys: tuple[str, ...], listed: bool, audio: Path
) -> None:
    """How many texts have a clip, by survey, version and language; and what is stale."""
    click.echo(f"{'survey':<22}{'version':<12}{'language':<10}{'texts':>6}{'recorded':>10}"
               f"{'stand-in':>10}{'missing':>9}{'untranslated':>14}")  # fmt: skip
    for spoken_in in _tongues(languages):
        for row in report.rows(_readings(site, spoken_in, surveys), audio):
            click.echo(f"{row.survey:<22}{row.audience:<12}{row.language:<10}{row.texts:>6}"
                       f"{row.recorded:>10}{row.stand_ins:>10}{len(row.missing):>9}"
                       f"{row.untranslated:>14}")  # fmt: skip
            for spoken in row.missing if listed else ():
                click.echo(f"    missing {spoken.name}  {spoken.text}")
    for spoken_in in _tongues(languages):
        _say_of_language(site, spoken_in.language, audio, listed)


@sound.command("script")
@click.option("--language", required=True)
@_surveys
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Else the screen.")
@_folder
@click.pass_obj
def write_script(
    site: Site, language: str, surveys: tuple[str, ...], output: Path | None, audio: Path
) -> None:
    """A reading script (CSV) for those who record: a file name, the text, where it stands."""
    texts = _texts(_readings(site, _tongue(language), surveys))
    done = recordings_in(audio, language)
    if output is None:
        recordings.write_script(texts, done, sys.stdout)
        return
    with output.open("w", encoding="utf-8-sig", newline="") as file:  # so that Excel reads it right
        recordings.write_script(texts, done, file)
    click.echo(f"{len(texts)} texts in {output}.")


@sound.command("import")
@click.argument("source", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--language", required=True)
@click.option("--replace", is_flag=True, help="Take a new recording in place of an earlier one.")
@_folder
@click.pass_obj
def take_in(site: Site, source: Path, language: str, replace: bool, audio: Path) -> None:
    """Take in recordings from a folder: files named after the texts of the script.

    Each is made a small MP3 without tags. What cannot be taken is named, with the reason.
    """
    known = _names(_readings(site, _tongue(language), tuple(site.surveys)))
    with _plain_errors():
        files = recordings.take(source, audio, language, known, replace=replace)
    for one in files:
        click.echo(f"{one.file}: {one.fault or f'taken, {one.seconds:.1f} seconds: {one.text}'}")
    refused = sum(bool(one.fault) for one in files)
    click.echo(f"{len(files) - refused} taken, {refused} not. Restart the site.")
    if refused or not files:
        sys.exit(1)


def _build_in(site: Site, spoken_in: Tongue, surveys: tuple[str, ...], audio: Path) -> None:
    language = spoken_in.language
    if language not in stand_ins.VOICES:
        click.echo(f"{language}: no engine here speaks it. It needs recordings by people.")
        return
    texts = _texts(_readings(site, spoken_in, surveys))
    with click.progressbar(length=len(texts), label=language) as bar:
        built = stand_ins.build(audio, language, texts, lambda: bar.update(1))
    each = f", {built.octets // built.made} bytes each" if built.made else ""
    click.echo(
        f"{language}: {built.made} stand-ins made ({built.seconds:.0f} seconds of sound{each}), "
        f"{built.kept} there already, {built.recorded} recorded by people."
    )


def _say_of_language(site: Site, language: str, audio: Path, listed: bool) -> None:
    if language not in stand_ins.VOICES:
        click.echo(f"{language}: no engine here speaks it; what is missing needs recordings.")
    gone = report.stale(audio, language, _all_names(site, language))
    if gone:
        click.echo(f"{language}: {len(gone)} stale clips belong to no present text.")
        for address in gone if listed else ():
            click.echo(f"    stale {address}")


def _readings(site: Site, spoken_in: Tongue, surveys: Iterable[str]) -> list[Reading]:
    """What can be heard in the surveys named, else in those that children and care leavers meet."""
    fixed = FixedWords()
    return [
        reading_of(survey.id, version, spoken_in, fixed, site.support_lines)
        for survey in site.surveys.values()
        for version in survey.questionnaires
        if survey.id in _named(site, surveys)
    ]


def _named(site: Site, surveys: Iterable[str]) -> set[str]:
    unknown = set(surveys) - set(site.surveys)
    if unknown:
        raise click.ClickException(f"There is no survey called {', '.join(sorted(unknown))}.")
    return set(surveys) or {
        survey.id
        for survey in site.surveys.values()
        if any(version.look in _FOR_CHILDREN for version in survey.questionnaires)
    }


def _texts(readings: Iterable[Reading]) -> list[Spoken]:
    """Each text once, with every survey and version that it stands in."""
    found: dict[str, tuple[Spoken, list[str]]] = {}
    for reading in readings:
        for spoken in reading.texts:
            _, places = found.setdefault(spoken.name, (spoken, []))
            places.append(f"{reading.survey} {reading.audience}: {spoken.where}")
    return [Spoken(one.text, "; ".join(places), one.own) for one, places in found.values()]


def _names(readings: Iterable[Reading]) -> Mapping[str, str]:
    """The text of every name that a recording can have."""
    return {name: spoken.text for reading in readings for spoken in reading.texts
            for name in spoken.names}  # fmt: skip


def _all_names(site: Site, language: str) -> set[str]:
    return names_of(_readings(site, _tongue(language), tuple(site.surveys)))


def _tongues(languages: tuple[str, ...]) -> list[Tongue]:
    return [_tongue(language) for language in languages or languages_in()]


def _tongue(language: str) -> Tongue:
    try:
        return tongue(language)
    except KeyError:
        raise click.ClickException(f"There is no catalogue for the language {language}.") from None


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except (SoundToolMissing, stand_ins.EngineFailed) as error:
        raise click.ClickException(str(error)) from None
