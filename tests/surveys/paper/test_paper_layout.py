"""What stands on paper: a literal form, the codebook's numbers and letters, and routing in words."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questionnaire_strategies import answered_questionnaires

from questionnaires.codebook import codebook
from questionnaires.conditions import holds, questions_in, was_answered
from questionnaires.model import Condition, QuestionType
from questionnaires.responses import Chosen, Number
from questionnaires.routing import on_path, path
from surveys.paper.gates import Ask, Asking, Asks, Joined
from surveys.paper.layout import END, Gate, Grid, Item, Told, items, layout


def in_short(line):
    """A line as a reader would note it down."""
    match line:
        case Gate(rule, opens, first, last, go_to):
            return ("gate", rule, opens, (first, last), go_to)
        case Told(heading, body, help):
            return ("told", heading, body, help)
        case Grid(text, hint, rows):
            return ("grid", text, hint, [in_short(row) for row in rows])
        case Item():
            marks = [f"{mark.letter} {mark.label}{leads(mark)}" for mark in line.marks]
            others = [f"{mark.letter} {mark.label}{leads(mark)}" for mark in line.non_answers]
            return (line.number, line.text, marks, others)


def leads(mark):
    return f" -> {mark.go_to}" if mark.go_to is not None else ""


def ticked(number, *labels):
    return Ask(Asks.TICKED, number, labels)


EITHER = Joined("any", (Ask(Asks.AT_MOST, 3, value=4), ticked(2, "No reason")))
YES_NO = ["A Yes", "B No"]
UNSURE = ["W I don't know"]


def test_every_type_of_question_on_paper(every_type):
    (part,) = layout(every_type.questionnaires[0])
    assert part.title == "Questions"
    assert [in_short(line) for line in part.lines] == [
        (1, "Have you moved?", ["A Yes", "B No -> 3"], ["W I don't know -> 3"]),
        ("gate", ticked(1, "Yes"), True, (2, 2), 3),
        (2, "Why did you move?", ["A School", "B Family", "C No reason"],
         ["Y I'd rather not say", "Z Does not apply"]),
        ("told", "Half way", ("A few more.",), False),
        (3, "How happy are you with your life?",
         ["0 0", "1 1", "2 2", "3 3", "4 4", "5 5", "6 6", "7 7", "8 8", "9 9", "10 10"], UNSURE),
        ("gate", EITHER, True, (4, 4), 5),
        (4, "What is your one wish?", [], []),
        ("gate", Ask(Asks.ANSWERED, 4), True, (5, 5), 6),
        (5, "Did it come true?", YES_NO, UNSURE),
        (6, "Do you have friends there?", YES_NO, UNSURE),
        (7, "How many times have you moved?", ["A Once", "B 2 to 4 times", "C 5 times or more"],
         UNSURE),
        (8, "Which two matter most?", ["A School", "B Family", "C Friends"], []),
        (9, "When did you last move?", [], []),
        ("grid", "Think of your last move.", "All of these are about that day.",
         [(10, "Were you told in time?", YES_NO, UNSURE), (11, "Were you asked?", YES_NO, UNSURE)]),
        (12, "You said: you moved. Was that right for you?", YES_NO, UNSURE),
    ]  # fmt: skip


def test_what_else_is_printed_at_a_question(every_type):
    found = {item.number: item for item in items(layout(every_type.questionnaires[0]))}
    [variant] = found[12].variants
    assert (variant.rule, variant.opens) == (ticked(1, "No"), True)
    assert variant.text == "Would you like to move?"
    assert found[3].ends == ("Not at all", "Completely")
    assert found[4].ruled_lines == 2
    assert [mark.option.exclusive for mark in found[2].marks] == [False, False, True]


def test_texts_are_translated_and_letters_are_not(every_type):
    welsh = {"Yes": "Ie", "Have you moved?": "Wyt ti wedi symud?", "you moved": "symud"}
    parts = layout(every_type.questionnaires[0], lambda text: welsh.get(text, text))
    first, *_, last = items(parts)
    assert (first.text, first.marks[0].letter, first.marks[0].label) == (
        "Wyt ti wedi symud?", "A", "Ie",
    )  # fmt: skip
    assert last.text == "You said: symud. Was that right for you?"
    assert parts[0].lines[1].rule == ticked(1, "Ie")


def test_children_get_a_battery_one_question_at_a_time(every_type):
    childlike = every_type.questionnaires[0].model_copy(update={"look": "child"})
    found = {item.number: item for item in items(layout(childlike))}
    assert found[10].battery == found[11].battery == "Think of your last move."
    assert not any(isinstance(line, Grid) for part in layout(childlike) for line in part.lines)


def test_nobody_is_asked_to_press_anything_on_paper(shipped):
    """Sentences written for a screen must not reach paper; layout.py has what paper says."""
    for survey in shipped.values():
        for version in survey.questionnaires:
            said = [version.title, *version.welcome]
            for part in layout(version):
                for line in part.lines:
                    if isinstance(line, Told):
                        said += [line.heading, *line.body]
            for item in items(layout(version)):
                said += [item.text, item.hint, *(variant.text for variant in item.variants)]
                said += [mark.label for mark in (*item.marks, *item.non_answers)]
            words = {word.strip(".,?“”").lower() for text in said for word in text.split()}
            assert not words & {"press", "tap", "click", "button", "screen", "swipe"}, version.id


def test_all_that_we_ship_has_each_question_and_answer_once_as_the_codebook_numbers_it(shipped):
    for survey in shipped.values():
        rows = codebook(survey)
        for version in survey.questionnaires:
            expected = {
                (row.number, row.concept, *printed(row))
                for row in rows
                if row.version == version.audience
            }
            on_paper = Counter(
                (item.number, item.question.id, *marks(item)) for item in items(layout(version))
            )
            assert set(on_paper) == expected and set(on_paper.values()) == {1}
            assert [number for number, *_ in on_paper] == list(range(1, len(expected) + 1))


def printed(row):
    rungs = tuple(f"{rung} {rung}" for rung in range(11))
    return (*(rungs if row.type is QuestionType.LADDER else ()), *row.printed)


def marks(item):
    every = (*item.marks, *item.non_answers)
    return tuple(f"{mark.letter} {mark.value.removeprefix('x:')}" for mark in every)


def test_an_arrow_leaves_out_only_what_is_not_asked(shipped, every_type):
    """Whoever follows an arrow misses no question of their path: after each answer that has one."""
    arrows = 0
    for survey in (*shipped.values(), every_type):
        for version in survey.questionnaires:
            every = list(items(layout(version)))
            for item in every:
                for mark in (*item.marks, *item.non_answers):
                    if mark.go_to is None:
                        continue
                    arrows += 1
                    last = mark.go_to if mark.go_to != END else len(every) + 1
                    assert last > item.number + 1
                    left_out = {other.question.id for other in every[item.number : last - 1]}
                    answer = {item.question.id: answer_of(mark)}
                    assert not left_out & {page.id for page in path(version, answer)}
    assert arrows > 50


def answer_of(mark):
    from questionnaires.model import NonAnswer

    if mark.value.startswith("x:"):
        return NonAnswer(mark.value.removeprefix("x:"))
    return Chosen((mark.value,))


def says_yes(rule, answers, ids):
    """What a reader with these answers on their paper answers to a rule."""
    if isinstance(rule, Joined):
        said = [says_yes(part, answers, ids) for part in rule.parts]
        return all(said) if rule.how == "all" else any(said)
    answer = answers.get(ids[rule.number])
    codes = set(answer.codes) if isinstance(answer, Chosen) else set()
    codes |= {str(answer.value)} if isinstance(answer, Number) else set()
    match rule.asks:
        case Asks.TICKED:
            return bool(codes & set(rule.labels))
        case Asks.UNTICKED:
            return not codes & set(rule.labels)
        case Asks.ANSWERED:
            return was_answered(answer)
        case Asks.EMPTY:
            return not was_answered(answer)
        case Asks.AT_LEAST:
            return isinstance(answer, Number) and answer.value >= rule.value
        case Asks.AT_MOST:
            return isinstance(answer, Number) and answer.value <= rule.value


@given(answered_questionnaires())
def test_a_gate_asks_exactly_what_the_condition_says(answered):
    version, answers = answered
    asking = Asking(version, str)
    ids = {number: question.id for number, question in enumerate(version.questions, start=1)}
    for page in version.pages:
        if page.when is not None:
            rule, opens = asking.rule(page.when)
            assert (says_yes(rule, answers, ids) == opens) == holds(page.when, answers)


@given(answered_questionnaires(), st.data())
def test_so_does_a_condition_within_conditions(answered, data):
    version, answers = answered
    found = [page.when for page in version.pages if page.when]
    if not found:
        return
    inner = data.draw(st.sampled_from(found))
    ids = {number: question.id for number, question in enumerate(version.questions, start=1)}
    for nested in (
        Condition(all_=(Condition(not_=inner), *found)),
        Condition(any_=(Condition(not_=Condition(all_=tuple(found))), inner)),
        Condition(not_=Condition(any_=(Condition(not_=inner),))),
    ):
        rule, opens = Asking(version, str).rule(nested)
        assert (says_yes(rule, answers, ids) == opens) == holds(nested, answers)


@given(answered_questionnaires())
def test_whoever_follows_gates_answers_just_the_path(answered):
    """A reader with a pen, who obeys every gate, fills in exactly what a screen would have asked."""
    version, answers = answered
    ids = {number: question.id for number, question in enumerate(version.questions, start=1)}
    mine, next_number = {}, 1
    for part in layout(version):
        for line in part.lines:
            reached = isinstance(line, Gate) and (line.first or 0) >= next_number
            if reached and says_yes(line.rule, mine, ids) != line.opens:
                next_number = line.go_to or len(ids) + 1
            rows = line.rows if isinstance(line, Grid) else [line]
            for item in rows:
                if isinstance(item, Item) and item.number >= next_number:
                    mine[item.question.id] = answers.get(item.question.id)
    assert set(mine) == set(on_path(version, answers))


@pytest.mark.parametrize(
    ("condition", "rule", "opens"),
    [
        ({"question": "moved", "is": ["yes"]}, ticked(1, "Yes"), True),
        ({"question": "moved", "is_not": ["yes"]}, ticked(1, "No"), True),
        ({"not": {"question": "moved", "is": ["yes"]}}, ticked(1, "Yes"), False),
        ({"question": "reasons", "is_not": ["school"]},
         Joined("all", (ticked(2, "Family", "No reason"), Ask(Asks.UNTICKED, 2, ("School",)))),
         True),
        ({"question": "happy_with_life", "answered": False},
         Ask(Asks.ANSWERED, 3, ("I don't know",)), False),
        ({"question": "happy_with_life", "at_least": 7}, Ask(Asks.AT_LEAST, 3, value=7), True),
        ({"all": [{"question": "one_wish", "answered": True},
                  {"not": {"question": "happy_with_life", "at_least": 9}}]},
         Joined("all", (Ask(Asks.ANSWERED, 4), Ask(Asks.UNTICKED, 3, ("9", "10")))), True),
    ],
)  # fmt: skip
def test_conditions_as_questions_to_the_reader(every_type, condition, rule, opens):
    asked = Asking(every_type.questionnaires[0], str).rule(Condition.model_validate(condition))
    assert asked == (rule, opens)
    assert questions_in(Condition.model_validate(condition))
