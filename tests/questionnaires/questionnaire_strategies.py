"""Random questionnaires, answers and responses for tests of what should hold of all of them."""

from hypothesis import strategies as st

from questionnaires.model import (
    ONE_OPTION,
    WITH_OPTIONS,
    Condition,
    NonAnswer,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionType,
    Section,
)
from questionnaires.responses import Answer, Chosen, Month, Number, Ranked, Written
from questionnaires.structure import OFFERABLE

CODES = ("yes", "no", "at_times", "a_rather_long_code_of_some_length")


@st.composite
def questions(draw, name: str) -> Question:
    kind = draw(st.sampled_from(QuestionType))
    offered = draw(st.sets(st.sampled_from(OFFERABLE)))
    parts: dict = {"non_answers": {code: code.value for code in offered}}
    if kind in WITH_OPTIONS:
        alone = draw(st.booleans()) and kind is QuestionType.CHOICES
        size = 2 if kind is QuestionType.YES_NO else draw(st.integers(2, len(CODES)))
        parts["options"] = tuple(
            Option(code=code, label=code, exclusive=alone and code == CODES[size - 1])
            for code in CODES[:size]
        )
    if kind is QuestionType.TEXT:
        parts["max_length"] = draw(st.integers(1, 60))
    if kind is QuestionType.RANKING:
        parts["places"] = draw(st.integers(1, size - 1))
    if kind is QuestionType.MONTH:
        parts |= {"earliest_year": 1999, "latest_year": 2030}
    if kind is QuestionType.LADDER:
        parts |= {"low_label": "Low", "high_label": "High"}
    return Question(id=name, type=kind, text="What?", short="What", **parts)


def tests_of(question: Question) -> st.SearchStrategy[Condition]:
    """Conditions that can be put on one question."""
    answered = st.booleans().map(lambda said: Condition(question=question.id, answered=said))
    if question.type is QuestionType.LADDER:
        rungs = st.integers(0, 10)
        return st.one_of(
            answered,
            rungs.map(lambda rung: Condition(question=question.id, at_least=rung)),
            rungs.map(lambda rung: Condition(question=question.id, at_most=rung)),
        )
    if question.type not in ONE_OPTION | {QuestionType.CHOICES}:
        return answered
    codes = st.lists(
        st.sampled_from([option.code for option in question.options]), min_size=1, unique=True
    ).map(tuple)
    return st.one_of(
        answered,
        codes.map(lambda chosen: Condition(question=question.id, is_=chosen)),
        codes.map(lambda chosen: Condition(question=question.id, is_not=chosen)),
    )


def conditions(earlier: list[Question]) -> st.SearchStrategy[Condition]:
    simple = st.sampled_from(earlier).flatmap(tests_of)
    parts = st.lists(simple, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        simple,
        parts.map(lambda some: Condition(all_=some)),
        parts.map(lambda some: Condition(any_=some)),
        simple.map(lambda one: Condition(not_=one)),
    )


@st.composite
def questionnaires(draw) -> Questionnaire:
    pages: list[Page] = []
    asked: list[Question] = []
    for number in range(draw(st.integers(1, 7))):
        name = f"q{number}"
        when = draw(st.none() | conditions(asked)) if asked else None
        if draw(st.integers(0, 5)) == 0:
            pages.append(Page(id=name, heading="Half way", when=when))
            continue
        question = draw(questions(name))
        asked.append(question)
        pages.append(Page(id=name, question=question, when=when))
    section = Section(id="only", title="Questions", pages=tuple(pages))
    return Questionnaire(
        id="moving-adult",
        audience="adult",
        audience_label="Everybody",
        title="Moving",
        look="desk",
        minutes=1,
        reading="adult",
        welcome=("Hello.",),
        sections=(section,),
    )


TEXT = st.text(st.sampled_from('ab é\t\u200f"\\\n\u2028😀👩\u200d'), min_size=1, max_size=80)


def answers_to(question: Question) -> st.SearchStrategy[Answer]:
    """Every answer that the question accepts."""
    nothing = st.sampled_from([NonAnswer.SKIPPED, *question.non_answers])
    match question.type:
        case QuestionType.LADDER:
            return nothing | st.integers(0, 10).map(Number)
        case QuestionType.TEXT:
            short = TEXT.map(lambda text: text[: question.max_length])
            return nothing | short.filter(str.strip).map(Written)
        case QuestionType.RANKING:
            codes = [option.code for option in question.options]
            some = st.lists(
                st.sampled_from(codes), min_size=1, max_size=question.places, unique=True
            )
            return nothing | some.map(lambda chosen: Ranked(tuple(chosen)))
        case QuestionType.MONTH:
            return nothing | st.builds(Month, st.integers(1999, 2030), st.integers(1, 12))
        case QuestionType.CHOICE | QuestionType.YES_NO | QuestionType.BAND:
            return nothing | st.sampled_from(question.options).map(lambda o: Chosen((o.code,)))
    together = [option.code for option in question.options if not option.exclusive]
    alone = [(option.code,) for option in question.options if option.exclusive]
    sets = st.sets(st.sampled_from(together), min_size=1).map(
        lambda chosen: tuple(code for code in together if code in chosen)
    )
    return nothing | (sets | st.sampled_from(alone) if alone else sets).map(Chosen)


@st.composite
def answered_questionnaires(draw) -> tuple[Questionnaire, dict[str, Answer]]:
    """A questionnaire, and an answer or none to each question, on the path or off it."""
    questionnaire = draw(questionnaires())
    answers = {
        question.id: draw(answers_to(question))
        for question in questionnaire.questions
        if draw(st.integers(0, 4))
    }
    return questionnaire, answers
