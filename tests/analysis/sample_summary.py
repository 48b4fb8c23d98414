"""A believable release to look at and to test with. Every count is a multiple of five; nobody is real.

Care4Me in three versions, four themes with questions and one without, two scales for most
questions, a small group shown in nets, a withheld group, a rounded nothing and a nearly-all.
"""

from __future__ import annotations

from analysis.cells import (
    Category,
    CellStatus,
    ProtectedRow,
    ProtectedTable,
    published,
    withheld,
)
from analysis.summary import CoverageRow, Item, Policy, Summary, Theme

AGES = {"8-10": "Aged 8 to 10", "11-15": "Aged 11 to 15", "16-17": "Aged 16 to 17"}
AGE_BASES = {"8-10": 40, "11-15": 65, "16-17": 35}
HOMES = {
    "foster": ("With foster carers", 85),
    "family": ("With family or friends", 30),
    "home": ("In a children's home", 15),
    "own": ("On my own, with support", None),
}
POLICY = Policy(
    name="children-default",
    minimum_publishable_base=10,
    minimum_group_base_for_full_scale=20,
    minimum_category_count=10,
    rounding_base=5,
)
THEMES = (
    Theme(id="L6", label="Safeguarding"),
    Theme(id="L4", label="Care planning, review and support"),
    Theme(id="L5", label="Placement stability"),
    Theme(id="L7", label="Access to and attendance at school"),
    Theme(id="L9", label="Corporate parenting"),
)

YES_NO = (
    ("yes_mostly", "Yes, mostly", "positive"),
    ("sometimes", "Sometimes", "neutral"),
    ("no", "No", "negative"),
)
HOW_OFTEN = (
    ("all", "All of the time", "positive"),
    ("most", "Most of the time", "positive"),
    ("some", "Some of the time", "negative"),
    ("hardly", "Hardly ever", "negative"),
)
HOW_OFTEN_MERGED = (*HOW_OFTEN[:2], ("some+hardly", "Some of the time / Hardly ever", "negative"))
PLAIN_YES = (("yes", "Yes", "positive"), ("no", "No", "negative"))
WORKERS = (("one", "One", "none"), ("two", "Two", "none"), ("three", "Three or more", "none"))
NOT_CHOSEN = ("not_chosen", "Not chosen", "none")
NON_ANSWERS = (("dont_know", "I'm not sure"), ("skipped", "Left out"))

MERGED_NON_ANSWERS = {"knows_plan": (("dont_know+skipped", "I'm not sure / Left out"),)}

YOUNGER, OLDER = ("8-10",), ("11-15", "16-17")
EVERYBODY = ("8-10", "11-15", "16-17")

# question, short, themes, scale id, scale, asked of, counts by age: options, not sure, left out
# and, where some were routed past, not asked
SPECIFICATIONS = (
    ("safe_home", "Feels safe where they live", ("L6",), "a3", YES_NO, YOUNGER, {"8-10": (35, 5, 0, 0, 0)}),
    ("safe_home", "Feels safe where they live", ("L6",), "f4", HOW_OFTEN, OLDER,
     {"11-15": (35, 20, 5, 5, 0, 0), "16-17": (15, 10, 5, 5, 0, 0)}),
    ("safe_school", "Feels safe at school or college", ("L6", "L7"), "a3", YES_NO, YOUNGER,
     {"8-10": (25, 10, 5, 0, 0)}),
    ("safe_school", "Feels safe at school or college", ("L6", "L7"), "f4", HOW_OFTEN, OLDER,
     {"11-15": (20, 25, 10, 5, 5, 0), "16-17": (10, 15, 5, 0, 0, 5)}),
    ("trusted_adult", "Has an adult they trust with a worry", ("L6",), "yes", PLAIN_YES, EVERYBODY,
     {"8-10": (40, 0, 0, 0), "11-15": (50, 10, 5, 0), "16-17": (25, 5, 0, 5)}),
    ("complain", "Knows how to make a complaint", ("L6", "L9"), "yes", PLAIN_YES, EVERYBODY,
     {"8-10": (15, 10, 10, 5), "11-15": (25, 20, 15, 5), "16-17": (20, 10, 5, 0)}),
    ("worker_promises", "Social worker does what they say they will do", ("L4",), "a3", YES_NO, YOUNGER,
     {"8-10": (20, 10, 5, 5, 0)}),
    ("worker_promises", "Social worker does what they say they will do", ("L4",), "f4", HOW_OFTEN, OLDER,
     {"11-15": (15, 20, 20, 10, 0, 0), "16-17": (5, 10, 10, 10, 0, 0)}),
    ("views_count", "Their views count at reviews", ("L4",), "f4", HOW_OFTEN, OLDER,
     {"11-15": (10, 25, 15, 5, 5, 5), "16-17": (10, 10, 10, 5, 0, 0)}),
    ("knows_plan", "Knows what is in their care plan", ("L4",), "yes", PLAIN_YES, EVERYBODY,
     {"8-10": (15, 15, 10), "11-15": (35, 20, 10), "16-17": (20, 10, 5)}),
    ("settled", "Feels settled where they live", ("L5",), "f4", HOW_OFTEN_MERGED, OLDER,
     {"11-15": (30, 20, 15, 0, 0), "16-17": (10, 10, 15, 0, 0)}),
    ("say_in_move", "Had a say in where they moved", ("L5",), "yes", PLAIN_YES, OLDER,
     {"11-15": (10, 25, 5, 5, 20), "16-17": (5, 15, 0, 5, 10)}),
    ("workers", "Social workers in the last year", ("L5",), "band", WORKERS, OLDER,
     {"11-15": (25, 20, 15, 5, 0), "16-17": (15, 10, 10, 0, 0)}),
    ("likes_school", "Likes school", ("L7",), "a3", YES_NO, YOUNGER, {"8-10": (20, 15, 5, 0, 0)}),
    *(
        (f"missed_why.{code}", "Why they missed lessons", ("L7",), "several", ((code, label, "none"), NOT_CHOSEN),
         OLDER, {"11-15": (young, 50 - young, 0, 15), "16-17": (old, 25 - old, 0, 10)})
        for code, label, young, old in (("ill", "I was ill", 30, 15), ("moved", "I moved home", 10, 0),
                                        ("worried", "I was worried", 15, 10))
    ),
)  # fmt: skip


def sample_summary(**changes: object) -> Summary:
    """The release, with whatever a test wants different."""
    fields: dict[str, object] = {
        "release": 1,
        "survey": "care4me",
        "survey_title": "Care4Me",
        "respondents": "children in care",
        "audiences": AGES,
        "wave": 1,
        "authority": "Exampleshire",
        "inspection": "Inspection of services for children in care, November 2026",
        "framework": "2009",
        "framework_title": "Inspection of safeguarding and looked-after children services",
        "day_1": "2026-11-02",
        "opened_on": "2026-11-04",
        "closed_on": "2026-11-13",
        "themes": THEMES,
        "policy": POLICY,
        "single_custodian": True,
        "invented_data": True,
        "coverage": _coverage(),
        "items": tuple(_item(*specification) for specification in SPECIFICATIONS),
    }
    return Summary(**(fields | changes))


def _coverage() -> tuple[CoverageRow, ...]:
    invited = {"8-10": 55, "11-15": 90, "16-17": 75}
    whole = CoverageRow(
        level="all", label="Everyone", invited=published(220), responded=published(140)
    )
    return (
        whole,
        *(
            CoverageRow(
                level=age,
                label=label,
                invited=published(invited[age]),
                responded=published(AGE_BASES[age]),
            )
            for age, label in AGES.items()
        ),
    )


def _item(name, short, themes, scale, options, asked_of, counts) -> Item:
    question, _, option = name.partition(".")
    silent = MERGED_NON_ANSWERS.get(question, NON_ANSWERS)
    routed = len(next(iter(counts.values()))) > len(options) + len(silent)
    categories = _categories(options, silent, routed)
    item = name if option else f"{question}:{scale}"
    tables = [_one_way(item, categories, counts)]
    if len(asked_of) > 1:
        tables.append(_by_age(item, categories, asked_of, counts))
    tables.append(_by_home(item, categories, counts))
    return Item(
        id=item,
        question=question,
        scale=None if option else scale,
        type="choices" if option else "choice",
        short=short,
        texts={age: f"{short}? (the words for {age})" for age in asked_of},
        topic=None,
        themes=themes,
        pictures="none",
        asked_of=asked_of,
        categories=tuple(c for c in categories if c.kind != "net"),
        tables=tuple(tables),
    )


def _categories(options, silent, routed) -> tuple[Category, ...]:
    """Options, kinds of no answer, "not asked", and the nets that a small group shows instead."""
    chosen = [_category(code, label, "option", valence) for code, label, valence in options]
    quiet = [_category(code, label, "non_answer", "none") for code, label in silent]
    past = [Category("not_asked", "Not asked", "non_answer")] if routed else []
    return (*chosen, *quiet, *past, *_option_nets(chosen), *_silent_net(quiet))


def _category(code, label, kind, valence) -> Category:
    return Category(code, label, kind, valence, tuple(code.split("+")) if "+" in code else ())


def _option_nets(chosen) -> list[Category]:
    """None for two options, or for one option of each kind: these are coarse enough."""
    by_valence = {
        v: [c for c in chosen if c.valence == v]
        for v in ("positive", "neutral", "negative", "none")
    }
    if len(chosen) <= 2 or max(map(len, by_valence.values())) <= 1:
        return []
    return [
        Category(f"net_{valence}", f"{valence.capitalize()} answers", "net", valence, _codes(same))
        for valence, same in by_valence.items()
        if same
    ]


def _silent_net(quiet) -> list[Category]:
    if len(quiet) < 2:
        return []
    return [Category("net_no_answer", "No answer", "net", "none", _codes(quiet))]


def _codes(categories) -> tuple[str, ...]:
    return tuple(code for c in categories for code in c.members or (c.code,))


def _one_way(item, categories, counts) -> ProtectedTable:
    added = [sum(column) for column in zip(*counts.values(), strict=True)]
    row = _full_row("all", "Everyone", sum(added), added, categories)
    return ProtectedTable(item, "all", "Everyone", categories, (row,))


def _by_age(item, categories, asked_of, counts) -> ProtectedTable:
    rows = tuple(
        _full_row(age, AGES[age], AGE_BASES[age], counts[age], categories) for age in asked_of
    )
    return ProtectedTable(item, "age_version", "Age", categories, rows)


def _by_home(item, categories, counts) -> ProtectedTable:
    """By where they live: a full row, one with a held-back cell, one in nets, one withheld."""
    added = [sum(column) for column in zip(*counts.values(), strict=True)]
    rows = []
    for level, (label, base) in HOMES.items():
        if base is None:
            gone = tuple(withheld() for _ in categories)
            rows.append(ProtectedRow(level, label, withheld(), gone))
            continue
        row = _full_row(level, label, base, _apportion(added, base), categories)
        rows.append(_netted(row, categories) if level == "home" else _held_back(row, categories))
    return ProtectedTable(item, "where_i_live", "Where they live", categories, tuple(rows))


def _full_row(level, label, base, counts, categories) -> ProtectedRow:
    plain = [c for c in categories if c.kind != "net"]
    by_code = {c.code: count for c, count in zip(plain, counts, strict=True)}
    whole = {c.members or (c.code,): by_code[c.code] for c in plain}
    nets = {
        net.code: sum(count for codes, count in whole.items() if set(codes) <= set(net.members))
        for net in categories
        if net.kind == "net"
    }
    cells = tuple(published((by_code | nets)[c.code]) for c in categories)
    return ProtectedRow(level, label, published(base), cells)


def _netted(row, categories) -> ProtectedRow:
    """A small group: whatever a net covers stands only in the net."""
    covered = {code for net in categories if net.kind == "net" for code in net.members}
    cells = tuple(
        withheld(CellStatus.NETTED)
        if category.kind != "net" and set(category.members or (category.code,)) <= covered
        else cell
        for category, cell in zip(categories, row.cells, strict=True)
    )
    return ProtectedRow(row.level, row.label, row.base, cells, small_group=True)


def _held_back(row, categories) -> ProtectedRow:
    """Another rule set may hold a cell back, and one more so that it cannot be worked out."""
    cells = tuple(
        withheld(CellStatus.COMPLEMENTARY_SUPPRESSED)
        if row.level == "family" and category.code in ("some", "hardly")
        else cell
        for category, cell in zip(categories, row.cells, strict=True)
    )
    return ProtectedRow(row.level, row.label, row.base, cells)


def _apportion(counts, base) -> list[int]:
    """The same mix at another size, in fives, by largest remainder."""
    exact = [count * base / (5 * sum(counts)) for count in counts]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for index in order[: base // 5 - sum(parts)]:
        parts[index] += 1
    return [5 * part for part in parts]
