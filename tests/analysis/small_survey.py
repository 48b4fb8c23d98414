"""A survey small enough to count by hand, in two versions, and releases made of plain counts."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy
import pandas

from analysis.cells import Category, FrequencyTable, Row
from analysis.items import NON_ANSWER, OPTION, ItemDefinition
from analysis.plan import EVERYONE, NOT_STATED, RESPONDENTS, Group, Plan, PlannedTable
from analysis.policy import load_policies
from questionnaires.model import QuestionType, Survey

ROOT = Path(__file__).parents[2]
POLICY = load_policies(ROOT / "config" / "disclosure.yaml")["children-default"]
KEY = bytes(range(32))

A3 = [
    {"code": "yes", "label": "Yes, mostly", "valence": "positive"},
    {"code": "sometimes", "label": "Sometimes", "valence": "neutral"},
    {"code": "no", "label": "No", "valence": "negative"},
]
F4 = [
    {"code": "all", "label": "All of the time", "valence": "positive"},
    {"code": "most", "label": "Most of the time", "valence": "positive"},
    {"code": "some", "label": "Some of the time", "valence": "negative"},
    {"code": "never", "label": "Never", "valence": "negative"},
]
YES_NO = [
    {"code": "yes", "label": "Yes", "valence": "none"},
    {"code": "no", "label": "No", "valence": "none"},
]
UNSURE = {"dont_know": "I'm not sure"}


def question(name, kind="choice", **more):
    base = {"id": name, "type": kind, "text": f"{name}?", "short": name.capitalize()}
    return {"id": name, "when": more.pop("when", None), "question": base | more}


def version(audience, pages, **more):
    return {
        "id": f"small-{audience}",
        "audience": audience,
        "audience_label": f"Aged {audience}",
        "title": "Small",
        "look": "child",
        "minutes": 3,
        "reading": "8-10",
        "welcome": ["Hello."],
        "sections": [{"id": "one", "title": "One", "pages": pages}],
    } | more


def small_survey():
    gender = [
        {"code": "girl", "label": "Girl"},
        {"code": "boy", "label": "Boy"},
    ]
    told = {"when": {"question": "moved", "is": ["yes"]}}
    younger = [
        question("safe", options=A3, scale="a3", non_answers=UNSURE, themes=["L6"], topic="C01"),
        question("moved", options=YES_NO),
        question("gender", options=gender, group="gender"),
    ]
    older = [
        question("safe", options=F4, scale="f4", non_answers=UNSURE, themes=["L6", "L1"]),
        question("moved", options=YES_NO),
        question("told", options=A3, scale="a3", **told),
        question("happy", "ladder"),
        question("fun", "choices", options=[{"code": "sport", "label": "Sport"},
                                            {"code": "music", "label": "Music"}]),
        question("wish", "text", max_length=100),
        question("gender", options=gender, group="gender"),
    ]  # fmt: skip
    return Survey(
        id="small",
        title="Small survey",
        respondents="children",
        questionnaires=(version("8-10", younger), version("11-15", older)),
    )


@dataclass
class Grid:
    """People in rows of plain answers, to be made a plan and a frame of."""

    answers: pandas.DataFrame
    groups: tuple[str, ...]
    valences: dict[str, str]

    def definition(self, name):
        offered = set() if name in self.groups else {*self.valences}
        codes = sorted(offered | {*self.answers[name]})
        categories = tuple(self._category(name, code) for code in codes)
        return ItemDefinition(
            id=name, question=name, scale=None, option=None, type=QuestionType.CHOICE, short=name,
            texts=(("v", name),), topic=None, themes=(), pictures="none",
            group=name if name in self.groups else None, asked_of=("v",), route=("",),
            categories=(
                *(c for c in categories if c.kind == OPTION),
                *(c for c in categories if c.kind == NON_ANSWER),
            ),
        )  # fmt: skip

    def _category(self, name, code):
        if code in ("skipped", "dont_know", "not_asked"):
            return Category(code, code, NON_ANSWER)
        valence = "none" if name in self.groups else self.valences.get(code, "none")
        return Category(code, code, OPTION, valence)

    def plan(self):
        items = tuple(self.definition(name) for name in self.answers.columns)
        groups = tuple(self._group(name) for name in self.groups)
        tables = [PlannedTable(RESPONDENTS, EVERYONE)]
        for item in items:
            tables.append(PlannedTable(item.id, EVERYONE))
            if item.group is None:
                tables += [PlannedTable(item.id, group) for group in self.groups]
        return Plan("grid", POLICY.name, (("v", "V"),), items, groups, tuple(tables))

    def _group(self, name):
        levels = tuple((level, level) for level in sorted(self.answers[name].unique()))
        return Group(name, name, (*levels, (NOT_STATED, "Not stated")), ("v",), (name,))

    def frame(self):
        columns = {"audience": pandas.Categorical(["v"] * len(self.answers), ["v"])}
        for name in self.answers.columns:
            codes = [category.code for category in self.definition(name).categories]
            columns[name] = pandas.Categorical(self.answers[name], codes)
        return pandas.DataFrame(columns)


SYNTHETIC_VALENCES = {
    3: {"c0": "positive", "c1": "neutral", "c2": "negative"},
    6: {
        "c0": "positive",
        "c1": "positive",
        "c2": "neutral",
        "c3": "negative",
        "c4": "negative",
        "c5": "none",
    },
}


def synthetic(categories):
    """The 300 invented children, as a Grid."""
    path = ROOT / "tests" / "data" / "disclosure" / f"synthetic_micro_300_{categories}.csv"
    answers = pandas.read_csv(path)
    return Grid(answers, tuple(answers.columns[:8]), SYNTHETIC_VALENCES[categories])


def random_grid(seed, people, questions=4, categories=3, groups=(3, 4)):
    """Invented people whose answers hang on their first group a little."""
    dice = numpy.random.default_rng(seed)
    columns = {f"g{n}": dice.integers(0, size, people) for n, size in enumerate(groups)}
    for number in range(questions):
        shares = dice.dirichlet(numpy.full(categories, 0.8), size=groups[0])
        columns[f"q{number}"] = [
            dice.choice(categories, p=shares[level]) for level in columns["g0"]
        ]
    text = {
        name: [f"{'c' if name[0] == 'q' else name}{value}" for value in values]
        for name, values in columns.items()
    }
    names = tuple(f"g{n}" for n in range(len(groups)))
    return Grid(pandas.DataFrame(text), names, SYNTHETIC_VALENCES[3])


def table_of(plan, item, group, counts):
    """A raw table of a plan with these counts by level."""
    definition = plan.item_by_id[item]
    rows = plan.rows(PlannedTable(item, group))
    return FrequencyTable(
        item,
        group,
        definition.categories,
        tuple(Row(level, label, tuple(counts[level])) for level, label in rows),
    )


def with_policy(**changes):
    """The standard policy with other numbers."""
    return replace_policy(POLICY, **changes)


def replace_policy(policy, **changes):
    return type(policy).model_validate(policy.model_dump() | changes)


def renamed_items(plan, **changes):
    """A plan whose items all have these fields changed."""
    return replace(plan, items=tuple(replace(item, **changes) for item in plan.items))


def cells_by_code(table, level):
    """A protected row's base and cells, by code."""
    row = next(row for row in table.rows if row.level == level)
    return row, {c.code: cell for c, cell in zip(table.categories, row.cells, strict=True)}
