"""Sizes of groups are answers: nobody who knows how many took part can read one off the bases."""

from collections import defaultdict
from functools import cache
from itertools import permutations, product

import pytest
from small_survey import KEY, POLICY, small_survey

from analysis.bases import Bases
from analysis.frames import build_frame
from analysis.plan import plan_tables
from analysis.protection import protect
from analysis.record_sets import Census, Family, RecordSet
from analysis.tables import tabulate
from analysis.targets import Targets
from questionnaires.model import NonAnswer
from questionnaires.responses import Chosen, Response

EVERYBODY = RecordSet(("v",), (), "all", "all")


def level(name, audiences=("v",)):
    return RecordSet(audiences, (), "role", name)


def census(sizes, audiences=("v",)):
    """One group with as many people at each level as said."""
    parts = {level(name, audiences): size for name, size in zip("abcd", sizes, strict=False)}
    whole = level("all", audiences)._replace(group="all")
    return Census(
        {whole: sum(sizes), **parts}, (Family(whole, (whole,)), Family(whole, tuple(parts)))
    )


class Wishing(Targets):
    """Targets that wish as they are told instead of by the key, to go through all there are."""

    def __init__(self, ups):
        super().__init__(KEY, "small", POLICY)
        object.__setattr__(self, "ups", ups)

    def _draw(self, cell, count):
        return 0.0 if cell[-1] in self.ups else 0.999


def published(sizes, targets):
    """What a reader sees: the total, and each level's base, or why there is none."""
    counted = census(sizes)
    bases = Bases(counted, targets, POLICY)
    levels = [
        (bases.multiple(level(name)) * 5, size < 20) if size >= 10 else None
        for name, size in zip("abcd", sizes, strict=False)
    ]
    return bases.multiple(EVERYBODY) * 5, *levels


def every_outcome(sizes):
    """All that could be published of these levels, over all keys."""
    movable = [n for n, size in zip("abcd", sizes, strict=False) if size >= 10 and size % 5]
    wishes = product((False, True), repeat=len(movable))
    return {
        published(sizes, Wishing({n for n, up in zip(movable, ups, strict=True) if up}))
        for ups in wishes
    }


@cache
def sources(people):
    """For all that could be published of so many people at three levels: from which sizes."""
    found = defaultdict(set)
    for most in range(people + 1):
        for middle in range(min(most, people - most) + 1):
            least = people - most - middle
            sizes = (most, middle, least)
            for total, *said in every_outcome(sizes) if least <= middle else ():
                for order in permutations(range(3)):
                    outcome = (total, *(said[place] for place in order))
                    found[outcome].add(tuple(sizes[place] for place in order))
    return found


KNOWN_TOTALS = [
    (18, 23, 1), (38, 0, 0), (37, 1, 0), (36, 2, 0), (36, 1, 1), (33, 5, 0), (34, 4, 0),
    (53, 0, 0), (52, 1, 0), (51, 1, 0), (51, 1, 1), (20, 20, 2), (23, 19, 1), (13, 25, 0),
]  # fmt: skip


@pytest.mark.parametrize("sizes", KNOWN_TOTALS)
def test_no_base_tells_who_is_in_a_group_even_when_the_total_is_known(sizes):
    for outcome in every_outcome(sizes):
        possible = sources(sum(sizes))[outcome]
        assert sizes in possible
        for place in range(3):
            assert len({one[place] for one in possible}) > 1, (outcome, possible)
        hidden = {
            sum(size for size, said in zip(one, outcome[1:], strict=True) if said is None)
            for one in possible
        }
        assert len(hidden) > 1 or None not in outcome


@pytest.mark.parametrize(
    ("sizes", "bases"),
    [((18, 23, 1), {15, 20}), ((33, 5), {30, 35}), ((53, 62), {50, 55}), ((51, 69), {50, 55})],
)
def test_over_keys_a_group_goes_to_either_multiple(sizes, bases):
    keys = [number.to_bytes(32) for number in range(200)]
    found = {published(sizes, Targets(key, "small", POLICY))[1][0] for key in keys}
    assert found == bases


@pytest.mark.parametrize("sizes", [(38,), (18, 23, 1), (11, 12), (60, 70, 1), (29, 14, 9, 8)])
def test_groups_are_never_published_above_the_total(sizes):
    total, *levels = published(sizes, Targets(KEY, "small", POLICY))
    assert sum(said[0] for said in levels if said) <= total


def test_group_is_never_published_above_the_true_total():
    # 40 of 38 could only be all of them
    for size in range(10, 120):
        for outcome in every_outcome((size,)):
            assert outcome[1][0] <= size


def test_levels_add_up_to_everyone_where_they_can():
    assert {sum(said[0] for said in one[1:]) for one in every_outcome((43, 38, 29))} == {110}


def two_populations(younger, all_ages):
    """A group asked in two versions, and by some questions in one of them alone."""
    one, both = census(younger), census(all_ages, ("v", "w"))
    alone = RecordSet(("w",), (), "all", "all")
    sizes = {**one.sizes, **both.sizes, alone: sum(all_ages) - sum(younger)}
    return Census(sizes, (*one.families, *both.families))


def test_larger_population_never_has_fewer_of_a_group():
    for number in range(60):
        targets = Targets(number.to_bytes(32), "small", POLICY)
        bases = Bases(two_populations((23, 32), (24, 46)), targets, POLICY)
        for name in "ab":
            assert bases.multiple(level(name)) <= bases.multiple(level(name, ("v", "w")))


def test_same_people_have_the_same_base_under_either_name():
    for number in range(60):
        targets = Targets(number.to_bytes(32), "small", POLICY)
        bases = Bases(two_populations((23, 33), (23, 33)), targets, POLICY)
        for name in "ab":
            assert bases.multiple(level(name)) == bases.multiple(level(name, ("v", "w")))


def routed(asked, everyone):
    """So many asked, of everyone there."""
    some = EVERYBODY._replace(route=("when",))
    families = (Family(EVERYBODY, (EVERYBODY,)), Family(some, (some,)))
    return Census({EVERYBODY: everyone, some: asked}, families), some


@pytest.mark.parametrize("everyone", range(13, 60))
def test_published_asked_never_means_that_all_were(everyone):
    found = defaultdict(set)
    for asked in range(10, everyone + 1):
        for ups in (set(), {"all"}):
            counted, some = routed(asked, everyone)
            bases = Bases(counted, Wishing(ups), POLICY)
            found[bases.multiple(some)].add(asked)
    assert all(len(possible) > 1 for possible in found.values())
    assert all(min(possible) <= everyone - 2 for possible in found.values())


def genders_published(girls, boys, silent, key):
    """Everything that a release says about how many girls and boys there are."""
    survey = small_survey()
    version = next(one for one in survey.questionnaires if one.audience == "8-10")
    left_out = {one.id: NonAnswer.SKIPPED for one in version.questions}
    answers = [Chosen(("girl",))] * girls + [Chosen(("boy",))] * boys
    answers += [NonAnswer.SKIPPED] * silent
    people = [Response(version.id, left_out | {"gender": answer}) for answer in answers]
    plan = plan_tables(survey, [], POLICY)
    release = protect(tabulate(build_frame(people, survey), plan), plan, POLICY, key)
    return tuple(
        (table.item, row.level, row.base.count, *(cell.count for cell in row.cells))
        for table in release.tables
        if table.item == "gender" or table.group == "gender"
        for row in table.rows
    ), release.report.ties_dropped


@pytest.mark.parametrize(
    ("nobody_else", "somebody"),
    [
        ((38, 0, 0), [(37, 1, 0), (36, 2, 0)]),
        ((11, 12, 0), [(11, 11, 1), (10, 11, 2)]),
        ((53, 0, 0), [(52, 1, 0), (51, 2, 0)]),
    ],
)
def test_question_of_the_group_does_not_tell_that_nobody_is_in_another(nobody_else, somebody):
    keys = [number.to_bytes(32) for number in range(12)]
    none = {genders_published(*nobody_else, key) for key in keys}
    some = {genders_published(*sizes, key) for sizes in somebody for key in keys}
    assert none <= some
    assert {dropped for _, dropped in none} == {0}
