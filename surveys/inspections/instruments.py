"""The questionnaires as they were when a wave was prepared, and whether they still are.

In: the site's folder, its waves, and the questionnaires as they lie on the disk. Out: copies of
instruments by fingerprint, recorded corrections, and a refusal when something was changed under
people's hands. See docs/decisions/0010-correcting-a-live-question.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from questionnaires import change_messages
from questionnaires.correction_record import Correction, add_corrections, read_corrections
from questionnaires.corrections import (
    Change,
    Kind,
    Verdict,
    change_faults,
    classify,
    snapshot_of,
    survey_from_snapshot,
)
from questionnaires.faults import Fault
from questionnaires.fingerprint import instrument_hash
from questionnaires.loading import SURVEY_FILE, LoadedSurvey, load_all_with_places
from questionnaires.messages import Saying
from questionnaires.model import Survey
from questionnaires.yaml_source import Source
from surveys.site import Site
from surveys.vault.waves import Wave, WaveStatus, all_waves, wave_table

FOLDER_NAME = "instruments"
RECORD_NAME = "corrections.jsonl"


class ChangedWhileOpen(Exception):
    """A questionnaire that people are answering is not as it was. The message says where."""


class CannotCorrect(Exception):
    """The correction was not recorded; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a wave's questionnaires on the disk stand to those that were prepared."""

    wave: Wave
    verdict: Verdict | None
    """None when they differ and no copy was kept."""
    recorded: bool

    @property
    def is_fine(self) -> bool:
        """Whether they are the same, or differ only by corrections that were recorded."""
        return self.recorded or (self.verdict is not None and self.verdict.kind is Kind.NOTHING)


def _home(site: Site) -> Path:
    return site.summaries.parent


def folder_of(site: Site) -> Path:
    """Where a site keeps copies of its instruments: in its own folder, beside the summaries."""
    return _home(site) / FOLDER_NAME


def record_of(site: Site) -> Path:
    """A site's record of corrections, beside the summaries."""
    return _home(site) / RECORD_NAME


def keep_copy(folder: Path, survey: Survey) -> Path:
    """Keep a copy of a survey under its fingerprint. Keeping it again changes nothing."""
    file = folder / f"{instrument_hash(survey).hex()}.json"
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")  # several workers may start at once
        unfinished.write_text(snapshot_of(survey), encoding="utf-8")
        os.replace(unfinished, file)
    return file


def kept_copy(folder: Path, fingerprint: bytes) -> Survey | None:
    """The survey with this fingerprint; None when no copy was kept, or it is damaged."""
    try:
        text = (folder / f"{fingerprint.hex()}.json").read_text(encoding="utf-8")
        return survey_from_snapshot(text, fingerprint)
    except (OSError, ValueError):
        return None


def standing_of(home: Path, wave: Wave, survey: Survey) -> Standing:
    """Compare a wave with its survey as it is now. ``home`` is the site's own folder."""
    now = instrument_hash(survey)
    if now == wave.instrument_hash:
        return Standing(wave, Verdict(Kind.NOTHING), recorded=False)
    prepared = kept_copy(home / FOLDER_NAME, wave.instrument_hash)
    verdict = classify(prepared, survey) if prepared else None
    states = {one.hash_after for one in _corrections(home, wave)}
    slips = verdict is not None and verdict.kind is Kind.TYPO
    return Standing(wave, verdict, recorded=slips and now.hex() in states)


def refuse_changes_while_open(site: Site, questionnaires: Path) -> None:
    """Raise ChangedWhileOpen when an open wave's questionnaires changed and nobody recorded it.

    Copies of those that are as they were prepared are kept, for waves of an earlier release.
    """
    faults: list[Fault] = []
    for wave in _open_waves(site):
        survey = site.surveys.get(wave.survey)
        if survey is None:
            source = Source(questionnaires / wave.survey / SURVEY_FILE)
            faults.append(_fault(source, wave, change_messages.SURVEY_GONE))
            continue
        standing = standing_of(_home(site), wave, survey)
        if instrument_hash(survey) == wave.instrument_hash:
            keep_copy(folder_of(site), survey)
        elif not standing.is_fine:
            faults += _faults(standing, load_all_with_places(questionnaires)[wave.survey])
    if faults:
        lines = "\n".join(str(fault) for fault in dict.fromkeys(sorted(faults)))
        raise ChangedWhileOpen(lines)


def record_corrections(
    site: Site, loaded: LoadedSurvey, by: str, day: date
) -> tuple[Correction, ...]:
    """Record what differs from every open wave of a survey, when all of it is slips of the pen.

    Raises CannotCorrect for a change of meaning, and when there is nothing to record.
    """
    waves = [wave for wave in _open_waves(site) if wave.survey == loaded.survey.id]
    standings = [standing_of(_home(site), wave, loaded.survey) for wave in waves]
    unrecorded = [standing for standing in standings if not standing.is_fine]
    if not unrecorded:
        raise CannotCorrect(
            f"{loaded.survey.id}: there is nothing to record. Correct the words in the file first; "
            "only waves that are open need a record."
        )
    for standing in unrecorded:
        if standing.verdict is None or standing.verdict.kind is not Kind.TYPO:
            raise CannotCorrect("\n".join(map(str, _faults(standing, loaded))))
    made = [one for each in unrecorded for one in _made(site, each.wave, loaded.survey, by, day)]
    keep_copy(folder_of(site), loaded.survey)
    add_corrections(record_of(site), made)
    return tuple(made)


def changes_to_record(site: Site, survey: Survey) -> tuple[Change, ...]:
    """What differs from what was last recorded for the open waves of a survey, each once."""
    found: dict[Change, None] = {}
    for wave in _open_waves(site):
        if wave.survey == survey.id and not standing_of(_home(site), wave, survey).is_fine:
            found.update(dict.fromkeys(_changes_since_last(site, wave, survey)))
    return tuple(found)


def corrections_of(site: Site, wave: Wave) -> tuple[Correction, ...]:
    """What was corrected in a wave, oldest first."""
    return tuple(_corrections(_home(site), wave))


def _open_waves(site: Site) -> list[Wave]:
    with site.engine.connect() as connection:
        if not site.engine.dialect.has_table(connection, wave_table.name):
            return []  # a new site: its tables come with `flask database upgrade`
    return [wave for wave in all_waves(site.engine) if wave.status is WaveStatus.OPEN]


def _corrections(home: Path, wave: Wave) -> Iterator[Correction]:
    for one in read_corrections(home / RECORD_NAME):
        if one.wave == wave.id.hex():
            yield one


def _faults(standing: Standing, loaded: LoadedSurvey) -> list[Fault]:
    if standing.verdict is None:
        source = Source(loaded.folder / SURVEY_FILE)
        return [_fault(source, standing.wave, change_messages.NOT_AS_PREPARED)]
    return list(change_faults(loaded, standing.verdict))


def _fault(source: Source, wave: Wave, saying: Saying) -> Fault:
    return source.fault((), f"wave {wave.survey} {wave.number}", saying, survey=wave.survey)


def _changes_since_last(site: Site, wave: Wave, survey: Survey) -> tuple[Change, ...]:
    """What differs from the state last recorded; the whole is judged by what was prepared."""
    states = [wave.instrument_hash.hex(), *(one.hash_after for one in corrections_of(site, wave))]
    copies = (kept_copy(folder_of(site), bytes.fromhex(state)) for state in reversed(states))
    last = next((copy for copy in copies if copy is not None), survey)
    return classify(last, survey).changes


def _made(site: Site, wave: Wave, survey: Survey, by: str, day: date) -> Iterator[Correction]:
    earlier = corrections_of(site, wave)
    last = earlier[-1] if earlier else None
    for change in _changes_since_last(site, wave, survey):
        yield Correction(
            wave=wave.id.hex(),
            survey=survey.id,
            version=last.version + 1 if last else 1,
            on=date(day.year, day.month, day.day),
            by=by,
            audience=change.audience,
            question=change.page,
            field=change.field,
            before=change.before,
            after=change.after,
            hash_before=last.hash_after if last else wave.instrument_hash.hex(),
            hash_after=instrument_hash(survey).hex(),
        )
