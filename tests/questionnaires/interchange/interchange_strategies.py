"""Random questionnaires that use everything a workbook has to carry, with texts of every kind."""

from hypothesis import strategies as st
from questionnaire_strategies import conditions, questions

from questionnaires.model import (
    ONE_OPTION,
    Battery,
    Condition,
    NonAnswer,
    Option,
    Page,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    Survey,
    Variant,
)

LETTERS = "ab é=+-@\"“’'\\#:$%&<>|>*!`,[]?~\t😀👩\u200d\u200f\u2028\u00a0ሀ0"
SURVEY = {"id": "moving", "title": "On moving", "respondents": "people who moved"}


def texts(letters=LETTERS, longest=30):
    """Words of any kind that leave a trace on paper."""
    return st.text(st.sampled_from(letters), min_size=1, max_size=longest).filter(
        lambda text: text.strip() and text.strip() != "…"
    )


LINES = texts(LETTERS + "\n").filter(lambda text: "\n\n" not in f"\n{text}\n")


def nested_conditions(earlier):
    """Conditions within conditions."""
    return st.recursive(
        conditions(earlier),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda some: Condition(all_=tuple(some))),
            st.lists(inner, min_size=1, max_size=3).map(lambda some: Condition(any_=tuple(some))),
            inner.map(lambda one: Condition(not_=one)),
        ),
        max_leaves=5,
    )


SCALE = tuple(
    Option(code=code, label=label, valence=valence, symbol=symbol)
    for code, label, valence, symbol in (
        ("often", "Often", "positive", "sun"),
        ("never", "=Never", "negative", None),
    )
)


@st.composite
def rich_questions(draw, name, earlier):
    """A question with words, marks and wordings of its own."""
    question = draw(questions(name))
    if question.type in ONE_OPTION and draw(st.booleans()):
        question = question.model_copy(update={"scale": "how_often", "options": SCALE})
    said = {
        "text": draw(LINES),
        "short": draw(texts()),
        "hint": draw(st.none() | LINES),
        "topic": draw(st.none() | st.just("C01")),
        "themes": draw(st.sampled_from([(), ("L1",), ("L1", "X2")])),
        "group": draw(st.none() | st.just("gender")),
        "sensitive": draw(st.booleans()),
        "symbol": draw(st.none() | st.just("kite-2")),
        "clip": draw(st.none() | st.just("kite.mp3")),
        "pictures": draw(st.sampled_from(["none", "faces"])),
        "allow": draw(st.sampled_from([(), ("negative", "two_in_one")])),
        "non_answers": {code: draw(LINES) for code in question.non_answers},
    }
    if question.type is QuestionType.LADDER:
        said |= {"low_label": draw(texts()), "high_label": draw(texts())}
        said["good_end"] = draw(st.sampled_from(["high", "low"]))
    question = question.model_copy(update=said)
    return draw(worded(question, earlier)) if earlier and draw(st.booleans()) else question


@st.composite
def worded(draw, question, earlier):
    """The question with variants, and with an earlier answer named in its text."""
    when = st.lists(nested_conditions(earlier), max_size=3)
    variants = tuple(Variant(when=one, text=draw(LINES)) for one in draw(when))
    update = {"variants": variants}
    chosen = [asked for asked in earlier if asked.type in ONE_OPTION]
    if chosen:
        other = draw(st.sampled_from(chosen)).id
        update["piped"] = {other: draw(LINES)}
        update["text"] = f"{question.text}{{{other}}}"
    return question.model_copy(update=update)


@st.composite
def rich_questionnaires(draw):
    """Sections, information, batteries and questions, every page on a condition or on none."""
    asked: list[Question] = []
    sections = []
    for number in range(draw(st.integers(1, 3))):
        pages: list[Page] = []
        for place in range(draw(st.integers(1, 4))):
            name = f"q{number}{place}"
            when = draw(st.none() | nested_conditions(asked)) if asked else None
            kind = draw(st.integers(0, 5))
            if kind == 0:
                body = tuple(draw(st.lists(LINES, max_size=2)))
                heading = draw(LINES) if not body else draw(st.none() | LINES)
                pages.append(Page(id=name, heading=heading, body=body, when=when))
            elif kind == 1:
                pages += (new := draw(batteries(name, when, asked)))
                asked += [page.question for page in new]
            else:
                question = draw(rich_questions(name, asked))
                pages.append(Page(id=name, question=question, when=when))
                asked.append(question)
        # a section may be called like a question
        section = draw(st.sampled_from([f"part{number}", f"q{number}0"]))
        sections.append(Section(id=section, title=draw(LINES), pages=tuple(pages)))
    return Questionnaire(
        id=draw(st.sampled_from(["moving-adult", "8-moving"])),
        audience="16+",
        audience_label=draw(texts()),
        title=draw(LINES),
        look="young",
        minutes=draw(st.integers(1, 60)),
        reading="16+",
        welcome=tuple(draw(st.lists(LINES, min_size=1, max_size=3))),
        not_shown_to=draw(st.none() | LINES),
        sections=tuple(sections),
    )


@st.composite
def batteries(draw, name, when, earlier):
    """Like questions on one scale, all on one condition."""
    battery = Battery(
        id=draw(st.sampled_from([name, "a_battery"])),
        text=draw(LINES),
        hint=draw(st.none() | LINES),
    )
    nothing = draw(st.sampled_from([{}, {NonAnswer.DONT_KNOW: "No idea"}]))
    pages = []
    for number in range(draw(st.integers(1, 3))):
        question = Question(
            id=f"{name}_{number}",
            type=draw(st.sampled_from([QuestionType.CHOICE, QuestionType.BAND, "choices"])),
            text=draw(LINES),
            short="Short",
            scale="how_often",
            options=SCALE,
            non_answers=nothing,
        )
        if earlier and draw(st.integers(0, 3)) == 0:
            question = draw(worded(question, earlier))
        pages.append(Page(id=question.id, question=question, battery=battery, when=when))
    return pages


def survey_of(questionnaire):
    """A survey with this one version."""
    return Survey(**SURVEY, questionnaires=(questionnaire,))
