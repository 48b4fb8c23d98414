"""Read the file of one version: its head, its sections, its pages, with scales filled in.

In: a YAML file, the audience it is named after, and the shared scales.
Out: a VersionFile with the Questionnaire, or with the faults that prevented it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from questionnaires import messages
from questionnaires.fitting import did_you_mean, fit
from questionnaires.messages import Saying
from questionnaires.model import (
    WITH_OPTIONS,
    Battery,
    Page,
    Question,
    Questionnaire,
    Scale,
    Section,
)
from questionnaires.structure import PlacedPage, check_structure
from questionnaires.yaml_source import Route, Source, read_source

_STAND_IN = Page(id="stand_in", heading="Stands where pages could not be built")
_STAND_IN_SECTION = Section(id="stand_in", title="Stand-in", pages=(_STAND_IN,))

_SHARED = frozenset({"scale", "when", "non_answers"})
"""What the questions of a battery have in common, so is written once."""


@dataclass(frozen=True)
class VersionFile:
    """One version as read. Unusable while its source holds any fault."""

    source: Source
    questionnaire: Questionnaire | None
    pages: tuple[PlacedPage, ...] = ()


def read_version(file: Path, audience: str, scales: Mapping[str, Scale | None]) -> VersionFile:
    """Read and check one version. Faults are noted on its source; nothing is raised."""
    source = read_source(file)
    if source.value is None:
        return VersionFile(source, None)
    reader = _Reader(source, scales)
    sections = reader.sections()
    check_structure(reader.pages, reader.written_ids)
    questionnaire = _head(source, sections)
    if questionnaire and questionnaire.audience != audience:
        _note_audience(source, questionnaire.audience)
    return VersionFile(source, questionnaire, tuple(reader.pages))


def _head(source: Source, sections: tuple[Section, ...]) -> Questionnaire | None:
    values = dict(source.mapping)
    if "questionnaire" in values:
        values["id"] = values.pop("questionnaire")
    if "sections" in values:
        values["sections"] = sections or (_STAND_IN_SECTION,)
    return fit(
        Questionnaire, source, (), values, element="questionnaire", renamed={"id": "questionnaire"}
    )


def _note_audience(source: Source, audience: str) -> None:
    source.faults.append(
        source.fault(
            ("audience",),
            "audience",
            messages.WRONG_AUDIENCE,
            audience=audience,
            file=source.file.name,
        )
    )


class _Reader:
    """Builds the sections of one file, and collects the pages with their places."""

    def __init__(self, source: Source, scales: Mapping[str, Scale | None]) -> None:
        self._source = source
        self._scales = scales
        self.pages: list[PlacedPage] = []
        self.written_ids: list[str] = []

    def sections(self) -> tuple[Section, ...]:
        """Every section that could be built."""
        written = self._source.mapping.get("sections", [])
        built = [
            self._section(values, ("sections", place))
            for place, values in enumerate(self._list(written, ("sections",), "sections"))
        ]
        self._check_reuse()
        return tuple(section for section in built if section is not None)

    def _list(self, value: object, route: Route, field: str) -> Iterable[object]:
        if isinstance(value, list) and value:
            return value
        saying = messages.EMPTY if value in (None, []) else messages.NOT_A_LIST
        self._note(route, field, saying, field=field, plain=value, help="Write it as a list.")
        return ()

    def _note(self, route: Route, element: str, saying: Saying, **values: object) -> None:
        self._source.faults.append(self._source.fault(route, element, saying, **values))

    def _check_reuse(self) -> None:
        first: dict[str, int] = {}
        written = self._source.mapping.get("sections")
        for place, values in enumerate(written if isinstance(written, list) else ()):
            name = str(values.get("id")) if isinstance(values, dict) else ""
            line = self._source.line_of(("sections", place))
            if name in first:
                element = f"section {name}"
                saying = messages.REUSED_SECTION
                self._note(("sections", place), element, saying, section=name, line=first[name])
            first.setdefault(name, line)

    def _section(self, values: object, route: Route) -> Section | None:
        if not isinstance(values, dict):
            saying = messages.NOT_NAMES_AND_VALUES
            self._note(route, "section", saying, field="sections", help="Begin with `- id: name`.")
            return None
        element = f"section {values.get('id', route[-1])}"
        pages: list[Page] = []
        if values.get("pages") == []:
            self._note((*route, "pages"), element, messages.NO_PAGES)
        elif "pages" in values:
            written = self._list(values["pages"], (*route, "pages"), element)
            for place, page_values in enumerate(written):
                pages += self._pages(page_values, (*route, "pages", place))
        if "pages" in values:
            values = {**values, "pages": pages or (_STAND_IN,)}
        return fit(Section, self._source, route, values, element=element)

    def _pages(self, values: object, route: Route) -> list[Page]:
        """The page that is written here, or the pages of a battery."""
        if not isinstance(values, dict) or "battery" not in values:
            page = self._page(values, route)
            return [page] if page else []
        members = values.get("questions")
        if not isinstance(members, list) or not {"text", "scale"} <= values.keys():
            self._note(route, "battery", messages.BATTERY_IS_WHAT)
            return []
        return self._battery(values, members, route)

    def _battery(
        self, values: Mapping[str, object], members: list[object], route: Route
    ) -> list[Page]:
        element = f"battery {values['battery']}"
        named = {"id" if key == "battery" else key: values[key] for key in values}
        shared = {key: named.pop(key) for key in _SHARED if key in named}
        named.pop("questions")
        battery = fit(
            Battery, self._source, route, named, element=element, renamed={"id": "battery"}
        )
        pages: list[Page] = []
        for place, member in enumerate(members):
            here = (*route, "questions", place)
            if not isinstance(member, dict):
                self._note(here, element, messages.PAGE_IS_WHAT)
                continue
            for field in _SHARED & member.keys():
                self._note((*here, field), element, messages.BATTERY_HAS_IT, field=field)
            page = self._page({"type": "choice", **shared, **member}, here)
            if page:
                page = page.model_copy(update={"battery": battery})
                self.pages[-1] = PlacedPage(page, self._source, here)
                pages.append(page)
        return pages

    def _page(self, values: object, route: Route) -> Page | None:
        if not isinstance(values, dict) or ("question" in values) == ("information" in values):
            self._note(route, "page", messages.PAGE_IS_WHAT)
            return None
        kind = "question" if "question" in values else "information"
        name = values[kind]
        self.written_ids.append(str(name))
        page = (
            self._question_page(values, route, f"question {name}")
            if kind == "question"
            else self._information_page(values, route, f"information {name}")
        )
        if page:
            self.pages.append(PlacedPage(page, self._source, route))
        return page

    def _information_page(
        self, values: Mapping[str, object], route: Route, element: str
    ) -> Page | None:
        named = {"id" if key == "information" else key: value for key, value in values.items()}
        return fit(Page, self._source, route, named, element=element, renamed={"id": "information"})

    def _question_page(
        self, values: Mapping[str, object], route: Route, element: str
    ) -> Page | None:
        asked = {
            "id" if key == "question" else key: value
            for key, value in values.items()
            if key != "when"
        }
        question = fit(
            Question, self._source, route, asked, element=element, renamed={"id": "question"}
        )
        when = {"when": values["when"]} if "when" in values else {}
        shell = {"id": "stand_in", **when}
        page = fit(Page, self._source, route, shell, element=element)
        if question is None or page is None:
            return None
        question = self._resolved(question, route, element)
        return page.model_copy(update={"id": question.id, "question": question})

    def _resolved(self, question: Question, route: Route, element: str) -> Question:
        """The question with the options, non-answers and pictures of its scale filled in."""
        if question.scale is None or question.type not in WITH_OPTIONS:
            return question
        scale = self._scales.get(question.scale)
        if scale is None and question.scale not in self._scales:
            help_ = did_you_mean(question.scale, self._scales)
            self._note(
                (*route, "scale"), element, messages.UNKNOWN_SCALE, scale=question.scale, help=help_
            )
        if scale is None:
            return question
        if question.options:
            self._note((*route, "options"), element, messages.SCALE_AND_OPTIONS)
        return question.model_copy(update=_from_scale(question, scale))


def _from_scale(question: Question, scale: Scale) -> dict[str, object]:
    """What a scale gives. The question's own non-answers and pictures go before the scale's."""
    written = question.model_fields_set
    return {
        "options": scale.options,
        "non_answers": {**scale.non_answers, **question.non_answers},
        "pictures": question.pictures if "pictures" in written else scale.pictures,
    }
