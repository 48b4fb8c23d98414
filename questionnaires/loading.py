"""Load surveys from their YAML files; refuse with every fault at once, or hand out the models.

In: a folder per survey (survey.yaml and one file per version) beside a scales.yaml.
Out: Survey models in which every option is filled in, so that nobody else looks scales up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import Field

from questionnaires import messages
from questionnaires.faults import Fault, QuestionnaireError, Severity
from questionnaires.fitting import fit
from questionnaires.model import Frozen, Identifier, Questionnaire, Scale, Survey
from questionnaires.structure import OFFERABLE, PlacedPage, option_faults, unofferable
from questionnaires.version_file import VersionFile, read_version
from questionnaires.yaml_source import Source, read_source

__all__ = ["Fault", "LoadedSurvey", "QuestionnaireError", "Severity", "load_survey", "load_surveys"]

SURVEY_FILE = "survey.yaml"
SCALES_FILE = "scales.yaml"
LOCK_FILE = "codes.lock.yaml"


class _SurveyFile(Frozen):
    """What survey.yaml says."""

    survey: Identifier
    title: str = Field(min_length=1)
    respondents: str = Field(min_length=1)
    versions: tuple[str, ...]


@dataclass(frozen=True)
class LoadedSurvey:
    """A survey together with the places its parts are written, for checks that point at them."""

    survey: Survey
    folder: Path
    pages: Mapping[str, tuple[PlacedPage, ...]] = field(default_factory=dict)
    """By questionnaire id, in order."""
    sources: Mapping[str, Source] = field(default_factory=dict)
    """The file of each questionnaire, by its id."""


def load_survey(folder: Path) -> Survey:
    """The survey in a folder. Raises QuestionnaireError with every fault of all its files."""
    return load_with_places(folder).survey


def load_surveys(root: Path) -> dict[str, Survey]:
    """Every survey below a folder, by id. Raises QuestionnaireError with every fault of all."""
    return {name: loaded.survey for name, loaded in load_all_with_places(root).items()}


def load_with_places(folder: Path) -> LoadedSurvey:
    """As load_survey, keeping the places. Raises QuestionnaireError."""
    faults: list[Fault] = []
    scales = _load_scales(folder.parent / SCALES_FILE, faults)
    loaded = _load(folder, scales, faults)
    if loaded is None or faults:
        raise QuestionnaireError(faults)
    return loaded


def load_all_with_places(root: Path) -> dict[str, LoadedSurvey]:
    """As load_surveys, keeping the places. Raises QuestionnaireError."""
    faults: list[Fault] = []
    scales = _load_scales(root / SCALES_FILE, faults)
    surveys: dict[str, LoadedSurvey] = {}
    for folder in sorted(file.parent for file in root.glob(f"*/{SURVEY_FILE}")):
        loaded = _load(folder, scales, faults)
        if loaded is None:
            continue
        name = loaded.survey.id
        if name in surveys:
            file, other = folder / SURVEY_FILE, surveys[name].folder / SURVEY_FILE
            faults.append(
                Source(file).fault((), name, messages.REPEATED_SURVEY, survey=name, other=other)
            )
        surveys[name] = loaded
    if not surveys and not faults:
        faults.append(Source(root).fault((), root.name, messages.NO_SURVEYS))
    if faults:
        raise QuestionnaireError(faults)
    return surveys


def _load_scales(file: Path, faults: list[Fault]) -> dict[str, Scale | None]:
    """Every scale by name, None for one with a fault. No file means that none are shared."""
    if not file.exists():
        return {}
    source = read_source(file)
    scales = {name: _fit_scale(source, name, values) for name, values in source.mapping.items()}
    faults.extend(source.faults)
    return scales


def _fit_scale(source: Source, name: str, values: object) -> Scale | None:
    element = f"scale {name}"
    if not isinstance(values, dict):
        source.faults.append(
            source.fault(
                (name,), element, messages.NOT_NAMES_AND_VALUES, field=name, help="Give it options."
            )
        )
        return None
    scale = fit(Scale, source, (name,), {**values, "id": name}, element=element)
    if scale is None:
        return None
    for saying, place, words in option_faults(scale.options):
        source.faults.append(source.fault((name, "options", place), element, saying, **words))
    for code in unofferable(scale.non_answers):
        source.faults.append(
            source.fault(
                (name, "non_answers", code),
                element,
                messages.NOT_OFFERABLE,
                code=code,
                choices=", ".join(OFFERABLE),
            )
        )
    return scale


def _load(
    folder: Path, scales: Mapping[str, Scale | None], faults: list[Fault]
) -> LoadedSurvey | None:
    source = read_source(folder / SURVEY_FILE)
    described = None
    if not source.faults:
        described = fit(_SurveyFile, source, (), source.mapping, element="survey")
    if described is None:
        faults.extend(source.faults)
        return None
    _check_versions(source, described)
    files = [
        read_version(folder / f"{audience}.yaml", audience, scales)
        for audience in dict.fromkeys(described.versions)
    ]
    _check_names(files)
    faults.extend(source.faults)
    for file in files:
        faults.extend(file.source.faults)
    return _assemble(folder, described, files)


def _check_versions(source: Source, described: _SurveyFile) -> None:
    """The list of versions and the files in the folder must agree."""
    if not described.versions:
        source.faults.append(source.fault(("versions",), "versions", messages.NO_VERSIONS))
    for place, audience in enumerate(described.versions):
        if audience in described.versions[:place]:
            source.faults.append(
                source.fault(
                    ("versions", place), "versions", messages.REPEATED_VERSION, version=audience
                )
            )
    expected = {SURVEY_FILE, LOCK_FILE, *(f"{name}.yaml" for name in described.versions)}
    for file in sorted(source.file.parent.glob("*.yaml")):
        if file.name not in expected:
            source.faults.append(Source(file).fault((), file.name, messages.STRAY_FILE))


def _check_names(files: list[VersionFile]) -> None:
    first: dict[str, Path] = {}
    for file in files:
        if file.questionnaire is None:
            continue
        name = file.questionnaire.id
        if name in first:
            file.source.faults.append(
                file.source.fault(
                    ("questionnaire",),
                    "questionnaire",
                    messages.REPEATED_QUESTIONNAIRE,
                    questionnaire=name,
                    other=first[name].name,
                )
            )
        first.setdefault(name, file.source.file)


def _assemble(
    folder: Path, described: _SurveyFile, files: list[VersionFile]
) -> LoadedSurvey | None:
    questionnaires: tuple[Questionnaire, ...] = tuple(
        file.questionnaire for file in files if file.questionnaire is not None
    )
    if not questionnaires:
        return None
    survey = Survey(
        id=described.survey,
        title=described.title,
        respondents=described.respondents,
        questionnaires=questionnaires,
    )
    built = [(file.questionnaire.id, file) for file in files if file.questionnaire is not None]
    return LoadedSurvey(
        survey,
        folder,
        {name: file.pages for name, file in built},
        {name: file.source for name, file in built},
    )
