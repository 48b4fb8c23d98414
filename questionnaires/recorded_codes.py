"""Option codes as they were when a survey was frozen, and what has changed since.

In: codes.lock.yaml in a survey's folder, and the survey as it is now. Out: faults where stored
answers would come to mean something else; or the file, written anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO

from ruamel.yaml import YAML

from questionnaires import messages
from questionnaires.faults import Fault, QuestionnaireError, Severity
from questionnaires.fitting import fit
from questionnaires.loading import LOCK_FILE, SURVEY_FILE, LoadedSurvey
from questionnaires.model import Frozen, Question, QuestionType
from questionnaires.structure import PlacedPage
from questionnaires.yaml_source import Source, read_source

_HEADING = """\
# Written by `flask questionnaires freeze`. Stored answers carry these codes: a label may change,
# a code may not. Questions that are no longer asked stay recorded, so that their names stay taken.
"""


class RecordedQuestion(Frozen):
    """A question as frozen: what kind it was, what it was about, and its codes with labels."""

    type: QuestionType
    topic: str | None = None
    options: dict[str, str] = {}


class _LockFile(Frozen):
    recorded: dict[str, dict[str, RecordedQuestion]]


Recorded = Mapping[str, Mapping[str, RecordedQuestion]]
"""By questionnaire id, then question id."""


def read_recorded(loaded: LoadedSurvey) -> Recorded | None:
    """What was frozen; None when nothing was. Raises QuestionnaireError on a damaged file."""
    file = loaded.folder / LOCK_FILE
    if not file.exists():
        return None
    source = read_source(file)
    lock = None if source.faults else fit(_LockFile, source, (), source.mapping, element=file.name)
    if lock is None:
        raise QuestionnaireError(source.faults)
    return lock.recorded


def changes_since(loaded: LoadedSurvey, recorded: Recorded | None) -> Iterator[Fault]:
    """Every difference from what was frozen that stored answers would suffer from."""
    if recorded is None:
        source = Source(loaded.folder / SURVEY_FILE)
        yield source.fault((), f"survey {loaded.survey.id}", messages.NOT_RECORDED)
        return
    for name, pages in loaded.pages.items():
        known = recorded.get(name, {})
        for placed in pages:
            question = placed.page.question
            if question and question.id in known:
                yield from _changes(placed, question, known[question.id])


def _changes(placed: PlacedPage, question: Question, was: RecordedQuestion) -> Iterator[Fault]:
    for field, before, now in (
        ("type", f"a {was.type} question", f"a {question.type} question"),
        ("topic", f"about {was.topic}", f"about {question.topic}"),
    ):
        if before != now:
            yield placed.fault(
                messages.MEANING_CHANGED, field, page=question.id, recorded=before, now=now
            )
    if question.type is was.type:
        yield from _code_changes(placed, question, was.options)


def _code_changes(
    placed: PlacedPage, question: Question, was: Mapping[str, str]
) -> Iterator[Fault]:
    code_of_label = {label: code for code, label in was.items()}
    renamed = set()
    for place, option in enumerate(question.options):
        before = code_of_label.get(option.label, option.code)
        if before != option.code:
            renamed.add(before)
            yield placed.fault(
                messages.CODE_CHANGED,
                "options",
                place,
                label=option.label,
                recorded=before,
                code=option.code,
            )
        elif option.code not in was:
            yield placed.fault(messages.OPTION_NEW, "options", place, code=option.code)
    now = {option.code for option in question.options}
    for code in was.keys() - now - renamed:
        yield placed.fault(messages.OPTION_MISSING, "options", code=code, label=was[code])


def freeze(loaded: LoadedSurvey) -> None:
    """Write the lock file. Raises QuestionnaireError when a recorded code would be lost.

    A survey that is already frozen keeps everything recorded and gains what is new.
    """
    before = read_recorded(loaded) or {}
    faults = [f for f in changes_since(loaded, before) if f.severity is Severity.ERROR]
    if faults:
        raise QuestionnaireError(faults)
    (loaded.folder / LOCK_FILE).write_text(_as_yaml(_merged(loaded, before)), encoding="utf-8")


def _merged(loaded: LoadedSurvey, before: Recorded) -> dict[str, object]:
    recorded = {name: dict(questions) for name, questions in before.items()}
    for questionnaire in loaded.survey.questionnaires:
        known = recorded.setdefault(questionnaire.id, {})
        for question in questionnaire.questions:
            labels = {option.code: option.label for option in question.options}
            known[question.id] = RecordedQuestion(
                type=question.type, topic=question.topic, options=labels
            )
    return {
        "recorded": {
            name: {key: _plain(question) for key, question in questions.items()}
            for name, questions in recorded.items()
        }
    }


def _plain(question: RecordedQuestion) -> dict[str, object]:
    return question.model_dump(mode="json", exclude_defaults=True)


def _as_yaml(document: Mapping[str, object]) -> str:
    yaml = YAML()
    yaml.width = 10_000
    out = StringIO(_HEADING)
    out.seek(0, 2)
    yaml.dump(document, out)
    return out.getvalue()
