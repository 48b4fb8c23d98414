"""Conditions as XPath: known pairs, what is refused, the same form back, and the same meaning."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interchange_strategies import nested_conditions
from questionnaire_strategies import answered_questionnaires, questionnaires

from questionnaires.conditions import holds
from questionnaires.interchange import constraints
from questionnaires.interchange.expressions import read_condition, write_condition
from questionnaires.interchange.vocabulary import (
    Asked,
    Kind,
    has_nothing_in_list,
    nothing_code,
    vocabulary_of,
)
from questionnaires.interchange.xpath import (
    Call,
    Comparison,
    ExpressionRefused,
    Joined,
    Literal,
    Reference,
    parse,
)
from questionnaires.model import Condition, NonAnswer
from questionnaires.responses import Chosen, Month, Number, Ranked, Written

KNOWN = {
    "moved": Asked(Kind.ONE),
    "safe": Asked(Kind.ONE, ("_dont_know", "_rather_not_say")),
    "reasons": Asked(Kind.SEVERAL),
    "helped_by": Asked(Kind.SEVERAL, ("_dont_know",)),
    "life": Asked(Kind.NUMBER),
    "wish": Asked(Kind.OTHER),
}
YES = {"question": "moved", "is": ["yes"]}
LOW = {"question": "life", "at_most": 3}

BOTH_WAYS = [
    (YES, "${moved} = 'yes'"),
    ({"question": "moved", "is": ["yes", "no"]}, "${moved} = 'yes' or ${moved} = 'no'"),
    ({"question": "moved", "is_not": ["yes"]}, "${moved} != '' and ${moved} != 'yes'"),
    (
        {"question": "safe", "is_not": ["yes"]},
        "${safe} != '' and ${safe} != 'yes' and ${safe} != '_dont_know'"
        " and ${safe} != '_rather_not_say'",
    ),
    ({"question": "wish", "answered": True}, "${wish} != ''"),
    (
        {"question": "safe", "answered": False},
        "${safe} = '' or ${safe} = '_dont_know' or ${safe} = '_rather_not_say'",
    ),
    (
        {"question": "reasons", "is": ["school", "family"]},
        "selected(${reasons}, 'school') or selected(${reasons}, 'family')",
    ),
    (
        {"question": "helped_by", "is_not": ["carer"]},
        "${helped_by} != '' and not(selected(${helped_by}, 'carer'))"
        " and not(selected(${helped_by}, '_dont_know'))",
    ),
    (LOW, "${life} <= 3"),
    ({"question": "life", "at_least": 8}, "${life} >= 8"),
    ({"not": YES}, "not(${moved} = 'yes')"),
    ({"all": [YES, LOW]}, "${moved} = 'yes' and ${life} <= 3"),
    (
        {"any": [YES, {"all": [LOW, YES]}]},
        "${moved} = 'yes' or (${life} <= 3 and ${moved} = 'yes')",
    ),
    ({"all": [{"any": [YES, LOW]}]}, "(${moved} = 'yes' or ${life} <= 3) and true()"),
    ({"any": [YES, YES]}, "${moved} = 'yes' or ${moved} = 'yes' or false()"),
]


@pytest.mark.parametrize(("written", "text"), BOTH_WAYS, ids=lambda value: str(value)[:60])
def test_condition_and_expression_are_one(written, text):
    condition = Condition.model_validate(written)
    assert write_condition(condition, KNOWN) == text
    assert read_condition(text, KNOWN) == condition


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("${moved}='yes'", "${moved} = 'yes'"),
        ('${moved} = "yes"', "${moved} = 'yes'"),
        ("${ moved } = ‘yes’", "${moved} = 'yes'"),
        ("((${moved} = 'yes'))", "${moved} = 'yes'"),
        ("selected(${moved}, 'yes')", "${moved} = 'yes'"),
        ("${moved} != 'yes'", "not(${moved} = 'yes')"),
        ("not(selected(${reasons}, 'school'))", "not(selected(${reasons}, 'school'))"),
        ("${life} >= 3 and ${wish} != '' or ${moved} = 'no'", None),
        ("${safe} = '_rather_not_say' or ${safe} = '' or ${safe} = '_dont_know'", None),
    ],
)
def test_other_spellings_are_understood(text, same):
    condition = read_condition(text, KNOWN)
    assert same is None or condition == read_condition(same, KNOWN)
    assert read_condition(write_condition(condition, KNOWN), KNOWN) == condition


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${moved} = 'yes' and", "from “the end” on"),
        ("${moved} = 'yes' xor ${life} >= 3", "from “xor"),
        ("${moved} = 'yes", "is not understood from"),
        ("${life} > 3", "cannot be said here"),
        ("${life} >= ${life}", "cannot be said here"),
        ("${life} + 1 >= 3", "is not understood"),
        ("count-selected(${reasons}) > 2", "cannot be said here"),
        ("if(${moved} = 'yes', 1, 0)", "cannot be said here"),
        ("regex(${wish}, '[a-z]+')", "cannot be said here"),
        ("true()", "cannot be said here"),
        ("${moved}", "cannot be said here"),
        (". = 'yes'", "cannot be said here"),
        ("'yes'", "cannot be said here"),
        ("${removed} = 'yes'", "There is no question “removed”"),
        ("${moved} = 'Yes!'", "“Yes!” cannot be used as a name"),
        ("${reasons} = 'school'", "can have several answers"),
        ("${wish} = 'peace'", "cannot be compared"),
        ("${life} = 3", "cannot be compared"),
        ("${moved} >= 3", "cannot be compared"),
        ("${life} != '' and ${life} != '3'", "cannot be compared"),
        ("${safe} = ''", "this names one of them"),
        ("${safe} != ''", "this names one of them"),
        ("${safe} = '_dont_know'", "this names one of them"),
        ("${safe} != '' and ${safe} != 'yes'", "this names one of them"),
        ("(" * 200 + "${moved} = 'yes'" + ")" * 200, "too many brackets"),
        ("not(" * 200 + "${moved} = 'yes'" + ")" * 200, "too many brackets"),
        ("", "is not understood"),
    ],
)
def test_anything_else_is_refused(text, said):
    with pytest.raises(ExpressionRefused) as caught:
        read_condition(text, KNOWN)
    refusal = caught.value
    assert said in refusal.saying.message.format(**refusal.values)
    assert refusal.saying.advice.format(**refusal.values)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_condition_comes_back_in_the_same_form(data):
    questionnaire = data.draw(questionnaires().filter(lambda one: one.questions))
    vocabulary = vocabulary_of(questionnaire)
    condition = data.draw(nested_conditions(list(questionnaire.questions)))
    assert read_condition(write_condition(condition, vocabulary), vocabulary) == condition


def value_in(question, answer):
    """What another tool stores for an answer: codes with spaces between, a number, or nothing."""
    match answer:
        case None | NonAnswer.SKIPPED:
            return ""
        case NonAnswer():
            return nothing_code(answer) if has_nothing_in_list(question.type) else ""
        case Chosen(codes) | Ranked(codes):
            return " ".join(codes)
        case Number(number):
            return str(number)
        case Month(year, month):
            return f"{year}-{month:02}-01"
        case Written(text):
            return text


COMPARE = {
    "=": lambda value, text: value == text,
    "!=": lambda value, text: value != text,
    # an empty value is no number, and no number is more or less than that
    ">=": lambda value, text: value != "" and int(value) >= int(text),
    "<=": lambda value, text: value != "" and int(value) <= int(text),
}


def is_true(node, values):
    """XPath as other tools evaluate it, for the part that is used here."""
    match node:
        case Joined("and", parts):
            return all(is_true(part, values) for part in parts)
        case Joined("or", parts):
            return any(is_true(part, values) for part in parts)
        case Call("not", (part,)):
            return not is_true(part, values)
        case Call("selected", (Reference(name), Literal(code))):
            return code in values[name].split()
        case Call("true" | "false" as name, ()):
            return name == "true"
        case Comparison(operator, Reference(name), Literal(text)):
            return COMPARE[operator](values[name], text)
    raise AssertionError(node)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_an_expression_is_true_when_the_condition_holds(data):
    questionnaire, answers = data.draw(
        answered_questionnaires().filter(lambda both: both[0].questions)
    )
    condition = data.draw(nested_conditions(list(questionnaire.questions)))
    tree = parse(write_condition(condition, vocabulary_of(questionnaire)))
    values = {one.id: value_in(one, answers.get(one.id)) for one in questionnaire.questions}
    assert is_true(tree, values) == holds(condition, answers)


@pytest.mark.parametrize(
    ("read", "text", "limits"),
    [
        (constraints.read_length, "string-length(.) <= 500", 500),
        (constraints.read_length, "string-length(.)<100", 99),
        (
            constraints.read_years,
            ". >= date('2015-01-01') and . <= date('2030-12-31')",
            (2015, 2030),
        ),
        (constraints.read_alone, "not(selected(., 'none') and count-selected(.)>1)", ("none",)),
        (
            constraints.read_alone,
            "not(selected(., 'a') and count-selected(.) > 1)"
            " and not(selected(., 'b') and count-selected(.) > 1)",
            ("a", "b"),
        ),
    ],
)
def test_constraint_is_understood(read, text, limits):
    assert read(text) == limits


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (constraints.read_length, ". != ''"),
        (constraints.read_length, "regex(., '[a-z]*')"),
        (constraints.read_length, "string-length(.) >= 5"),
        (constraints.read_years, ". <= today()"),
        (constraints.read_years, ". >= date('2015-03-01') and . <= date('2030-12-31')"),
        (constraints.read_alone, "count-selected(.) <= 3"),
        (constraints.read_alone, "not(selected(., 'none') and count-selected(.) > 2)"),
    ],
)
def test_other_constraint_is_refused(read, text):
    with pytest.raises(ExpressionRefused):
        read(text)


def test_constraints_are_read_as_written():
    assert constraints.read_length(constraints.write_length(40)) == 40
    assert constraints.read_years(constraints.write_years(1999, 2030)) == (1999, 2030)
    assert constraints.read_alone(constraints.write_alone(["a", "_b"])) == ("a", "_b")
